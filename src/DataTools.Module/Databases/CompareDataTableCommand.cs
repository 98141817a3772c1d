using System.Management.Automation;
using DataTools.Errors;
using DataTools.Validation;

namespace DataTools.Module.Databases;

/// <summary>Compares two tables, queries or files: their rows, keys and indexes, whatever databases hold them.</summary>
[Cmdlet(VerbsData.Compare, "DataTable")]
[OutputType(typeof(ComparisonCheck), typeof(bool))]
public sealed class CompareDataTableCommand : DataCmdlet
{
    private readonly List<ComparisonCheck> _failed = [];
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

    /// <summary>The columns that tell rows apart; the primary key by default. Without either, whole rows are counted.</summary>
    [Parameter]
    public string[] Key { get; set; } = [];

    /// <summary>Columns that are left out; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] IgnoreColumn { get; set; } = [];

    /// <summary>A condition in the databases' own SQL on the rows that are compared, the same for both sides: "year >= 2026".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>How far two floats (float, double) may be apart and still be equal; 0 by default. It needs a key.</summary>
    [Parameter]
    [ValidateRange(0, double.MaxValue)]
    public double Tolerance { get; set; }

    /// <summary>How many rows that differ are listed at most, 1,000 by default; with them the search ends.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxDifferences { get; set; } = CompareOptions.Default.MaxDifferences;

    /// <summary>Seconds to wait before rows that differ are looked at once more, for tables that are being written to: only what still differs then is reported.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    public double? Recheck { get; set; }

    /// <summary>Text is compared in Unicode's composed form (NFC), so that an accent may be part of its letter or stand behind it.</summary>
    [Parameter]
    public SwitchParameter NormalizeText { get; set; }

    /// <summary>Gives true where everything is equal and false where not, in place of the checks, and no error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private CompareOptions Options => new()
    {
        Key = Key, Tolerance = Tolerance, IgnoreColumns = IgnoreColumn, MaxDifferences = MaxDifferences, NormalizeText = NormalizeText,
        Recheck = Recheck is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <inheritdoc/>
    protected override void Process()
    {
        Log.Source = Source.ToString();
        Log.Target = Destination.ToString();
        using var sides = _sides = new ComparedSides(Source, Destination, Where, this);
        foreach (var pair in sides.Find(Table, DestinationTable, Query, DestinationQuery))
        {
            Compare(sides, pair);
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (Quiet)
        {
            WriteObject(_failed.Count == 0);
        }
        else if (_failed.Count > 0)
        {
            // One error for all, at the end, so that the other tables are compared where an error stops the script.
            ReportError(DataErrors.TablesDiffer(_failed.Select(f => f.Table).Distinct(StringComparer.Ordinal).ToList(), _tables, _failed.Select(f => f.Check).Distinct().ToList()));
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources() => _sides?.Dispose();

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
        foreach (var check in sides.Compare(pair, Options, context))
        {
            if (!check.Passed)
            {
                _failed.Add(check);
            }

            if (!Quiet)
            {
                WriteObject(check);
            }
        }
    }
}
