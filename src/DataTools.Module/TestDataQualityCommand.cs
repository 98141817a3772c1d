using System.Collections;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Module.Databases;
using DataTools.Module.Quality;
using DataTools.Schemas;
using DataTools.Validation.Quality;

namespace DataTools.Module;

/// <summary>Tests files, a table or the rows of a pipeline against rules: not null, unique, range, pattern, set, reference, expression.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DataQuality")]
[OutputType(typeof(QualityResult), typeof(bool))]
public sealed class TestDataQualityCommand : DataSourceCmdlet
{
    private readonly List<QualityResult> _results = [];
    private QualityRules? _rules;
    private StreamedTests? _tests;

    /// <summary>
    /// The rules: @{ id = 'notnull', 'unique'; qty = @{ min = 1; max = 100 }; email = @{ pattern = '@' }; region = @{ set = 'EU', 'US' }; customer = @{ reference = 'customers.csv' };
    /// 'paid or open' = { $_.paid -or $_.qty -gt 0 } }.
    /// </summary>
    [Parameter]
    public Hashtable Rule { get; set; } = [];

    /// <summary>A JSON file with rules in the same form; expressions stand there as { "expression": "$_.qty -gt 0" }.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RulePath { get; set; }

    /// <summary>A connection, the name of one, or a URL, whose -Table is tested.</summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Connection { get; set; }

    /// <summary>The table or view of -Connection: orders, sales.orders, or "odd schema"."odd table".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Table { get; set; }

    /// <summary>With -Table: a condition in the database's own SQL on the rows that are tested.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>How many values that break a rule are shown; 5 by default.</summary>
    [Parameter]
    [ValidateRange(0, 10_000)]
    public int MaxExamples { get; set; } = 5;

    /// <summary>Gives true where every rule holds and false where not, in place of the results, and no error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        base.Begin();
        _rules = QualityRules.Parse(Rule, RulePath is null ? null : FullPath(RulePath));
        if (Connection is null != Table is null || (Where is not null && Table is null))
        {
            throw DataErrors.InvalidOption("-Connection and -Table go together, and -Where goes with them.");
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (Connection is null)
        {
            base.End();
        }
        else
        {
            TestTable();
        }

        Report();
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        _tests ??= new StreamedTests(_rules!, batch.Schema, Log.Source is { Length: > 0 } files ? files : "The pipeline", MaxExamples, OpenFile, this, Cancellation);
        _tests.Add(batch);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_tests is not null)
        {
            _results.AddRange(_tests.Complete());
        }
    }

    private void TestTable()
    {
        using var lease = Connection!.Open(FullPath, Cancellation, ConnectionUse.Read);
        var session = lease.Session;
        var name = TableName.Parse(Table!);
        var context = new DatabaseContext(Rejects, Warn, Cancellation);
        var source = Log.Source = $"{session.Address} {name}";
        var table = session.FindTable(name, Cancellation);
        if (table is null && session is SqlSession)
        {
            throw DataErrors.TableNotFound(name.ToString(), session.Address.ToString());
        }

        var sql = session is SqlSession relational ? new QualitySql(relational, table!, Where, context) : null;
        var (there, here) = (_rules!.Rules.Where(r => sql?.CanTest(r) == true).ToList(), _rules.Rules.Where(r => sql?.CanTest(r) != true).ToList());
        _results.AddRange(there.Count == 0 ? [] : sql!.Test(there, source, MaxExamples));
        if (here.Count > 0 || _rules.Expressions.Count > 0)
        {
            TestRows(session, name, _rules with { Rules = here }, source, context);
        }
    }

    /// <summary>Tests what the database's SQL cannot, on the rows themselves.</summary>
    private void TestRows(IDatabaseSession session, TableName name, QualityRules rules, string source, DatabaseContext context)
    {
        WriteVerbose($"Read from the database, as its SQL cannot test them: {string.Join(", ", rules.Rules.Select(r => $"{r.ColumnText} {r.Describe()}").Concat(rules.Expressions.Select(e => e.Name)))}");
        var columns = rules.Expressions.Count > 0 ? [] : rules.Rules.SelectMany(r => r.Columns).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        using var reader = new ReadAhead(session.Read(new TableQuery { Table = name, Columns = columns, Where = Where, Remedy = QualitySql.Remedy }, context));
        var tests = new StreamedTests(rules, reader.Schema, source, MaxExamples, OpenFile, this, Cancellation);
        while (reader.ReadBatch(Cancellation) is { } batch)
        {
            Log.Rows += batch.Length;
            tests.Add(batch);
            ShowProgress(source, Log.Rows, reader.Progress);
        }

        _results.AddRange(tests.Complete());
    }

    private IBatchReader OpenFile(string path, string column) =>
        MultiFileReader.Open([.. FileFinder.Find([FullPath(path)], null, includeSource: false)], Context with { Options = ReadOptions.Default with { Columns = [column] } });

    private void Report()
    {
        var failed = _results.Where(r => !r.Passed).ToList();
        if (Quiet)
        {
            WriteObject(failed.Count == 0);
            return;
        }

        WriteObject(_results, enumerateCollection: true);
        if (failed.Count > 0)
        {
            ReportError(DataErrors.QualityInsufficient(failed[0].Source, failed.Count, _results.Count, failed.Max(f => f.Failed)));
        }
    }
}
