using System.Collections;
using System.Management.Automation;
using DataTools.Errors;
using DataTools.Validation;

namespace DataTools.Module.Databases;

/// <summary>Compares two tables, queries or files: their rows, keys and indexes, whatever databases hold them.</summary>
[Cmdlet(VerbsData.Compare, "DataTable")]
[OutputType(typeof(ComparisonCheck), typeof(bool), typeof(string))]
public sealed class CompareDataTableCommand : DataCmdlet
{
    private readonly List<ComparisonCheck> _checks = [];
    private int _tables;
    private ComparedSides? _sides;

    /// <summary>What is expected: a connection, the name of one, the URL of a database, or a file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [DataPlaceTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public DataPlaceArgument Source { get; set; } = null!;

    /// <summary>What is checked: a connection, the name of one, the URL of a database, or a file.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [DataPlaceTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public DataPlaceArgument Destination { get; set; } = null!;

    /// <summary>The tables to compare, by their names at the source; wildcards are taken. Where only one side is a database, the table there.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Table { get; set; } = [];

    /// <summary>The table at the destination, where its name is another one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? DestinationTable { get; set; }

    /// <summary>A query in place of -Table, in the SQL of the database, for both sides that are databases unless -DestinationTable or -DestinationQuery names something else.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Query { get; set; }

    /// <summary>A query for the destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationQuery { get; set; }

    /// <summary>The format of files whose names do not tell it, as that of a pipe (/dev/stdin) does not: Csv, Parquet and the others.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ReadFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>The columns that tell rows apart; the primary key by default. Without either, whole rows are counted.</summary>
    [Parameter]
    public string[] Key { get; set; } = [];

    /// <summary>
    /// How far the comparison goes: Stream reads all rows; Hash lets the databases hash their own rows, so that only sums cross the network; Count counts rows; Sample counts and compares some.
    /// Auto, the default, is Hash for large tables of other machines, else Stream.
    /// </summary>
    [Parameter]
    public CompareMethod Method { get; set; }

    /// <summary>Counts rows and compares a sample only, as -Method Sample does.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>How many rows a sample has, chosen at random; 100 by default. It asks for a sample where -Method says nothing else.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int? Sample { get; set; }

    /// <summary>Columns that are left out; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] IgnoreColumn { get; set; } = [];

    /// <summary>The destination's names of columns, $null for one that is left out, as Copy-DataTable takes them: @{ 'Order No' = 'order_no' } for all tables, or by table: @{ orders = @{ note = $null } }.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public Hashtable? ColumnMap { get; set; }

    /// <summary>The destination's names of tables, to which keys point as well: @{ Track = 'tracks' }.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public Hashtable? RenameTable { get; set; }

    /// <summary>A condition in the databases' own SQL on the rows that are compared, the same for both sides: "year >= 2026".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>A condition in the source's own SQL on its rows alone, where the destination has no others, as after Copy-DataTable -Where.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? SourceWhere { get; set; }

    /// <summary>How far two floats (float, double) may be apart and still be equal; 0 by default. It needs a key.</summary>
    [Parameter]
    [ValidateRange(0, double.MaxValue)]
    public double Tolerance { get; set; }

    /// <summary>How many rows that differ are listed at most, 1,000 by default; with them the search ends.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxDifferences { get; set; } = CompareOptions.Default.MaxDifferences;

    /// <summary>
    /// Where the databases hash (-Method Hash), over how many connections to each side they do so at once, each for ranges of the key, whose first column must be an integer; by default 2 for
    /// MariaDB and MySQL, which hash with one processor for each, and 1 for PostgreSQL, whose workers help.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int? Partitions { get; set; }

    /// <summary>Seconds to wait before rows that differ are looked at once more, for tables that are being written to: only what still differs then is reported.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    public double? Recheck { get; set; }

    /// <summary>Text is compared in Unicode's composed form (NFC), so that an accent may be part of its letter or stand behind it.</summary>
    [Parameter]
    public SwitchParameter NormalizeText { get; set; }

    /// <summary>Gives SQL in place of the checks: statements that make the destination's rows those of the source, as far as they are listed. Nothing is run.</summary>
    [Parameter]
    public SwitchParameter AsRepairScript { get; set; }

    /// <summary>A file for a report of all checks and differences, as a web page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Html { get; set; }

    /// <summary>Gives true where everything is equal and false where not, in place of the checks, and no error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private CompareOptions Options => new()
    {
        Key = Key, Tolerance = Tolerance, IgnoreColumns = IgnoreColumn, MaxDifferences = MaxDifferences, NormalizeText = NormalizeText, Partitions = Partitions,
        SampleRows = Sample ?? CompareOptions.Default.SampleRows,
        Method = Quick || (Sample is not null && Method == CompareMethod.Auto) ? CompareMethod.Sample : Method,
        ColumnMaps = CopyArguments.ToColumnMaps(ColumnMap ?? []), Rename = Arguments.ToPairs(RenameTable ?? []).ToDictionary(p => p.Key, p => $"{p.Value}", StringComparer.Ordinal),
        Recheck = Recheck is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <inheritdoc/>
    protected override void Process()
    {
        Log.Source = Source.ToString();
        Log.Target = Destination.ToString();
        using var sides = _sides = new ComparedSides(Source, Destination, new ComparedRows(Where, SourceWhere), Format, Options, this, Cancellation);
        foreach (var pair in sides.Find(Table, DestinationTable, Query, DestinationQuery))
        {
            Compare(sides, pair);
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (Html is not null)
        {
            HtmlReport.Write(FullPath(Html), _checks, DateTime.UtcNow);
        }

        var failed = _checks.Where(c => !c.Passed).ToList();
        if (Quiet)
        {
            WriteObject(failed.Count == 0);
        }
        else if (failed.Count > 0 && !AsRepairScript)
        {
            // One error for all, at the end, so that the other tables are compared where an error stops the script.
            ReportError(DataErrors.TablesDiffer(failed.Select(f => f.Table).Distinct(StringComparer.Ordinal).ToList(), _tables, failed.Select(f => f.Check).Distinct().ToList()));
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources() => _sides?.Dispose();

    /// <summary>A script repairs rows; what else differs must not be taken for repaired.</summary>
    private void TellOfStructure(IReadOnlyList<ComparisonCheck> checks)
    {
        var others = checks.Where(c => !c.Passed && c.Check is not ("Rows" or "Values" or "Sample")).Select(c => c.Check).ToList();
        if (others.Count > 0)
        {
            Warn($"{checks[0].Table}: the statements do not repair {string.Join(", ", others)}.");
        }

        if (checks.Any(c => c.Differences.Select(d => d.Key).Distinct().Count() >= MaxDifferences))
        {
            Warn($"{checks[0].Table}: the statements repair the first {MaxDifferences} rows; there may be more (-MaxDifferences).");
        }
    }

    private void Compare(ComparedSides sides, ComparedTables pair)
    {
        var before = Log.Rows;
        var context = new CompareContext(
            Warn,
            rows =>
            {
                Log.Rows = before + rows;
                ShowProgress(pair.Name, rows, null);
            },
            Cancellation);
        _tables++;
        var statements = AsRepairScript ? new List<string>() : null;
        var checks = sides.Compare(pair, context, statements);
        _checks.AddRange(checks);
        if (statements is not null)
        {
            TellOfStructure(checks);
            WriteObject(statements, enumerateCollection: true);
        }
        else if (!Quiet)
        {
            WriteObject(checks, enumerateCollection: true);
        }
    }
}
