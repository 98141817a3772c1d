using System.Collections;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Module.Databases;
using DataTools.Module.Records;
using DataTools.Query;

namespace DataTools.Module;

/// <summary>Runs SQL over files, the pipeline and PowerShell's objects, on an embedded DuckDB, or the SQL of a database on a connection.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DataQuery", DefaultParameterSetName = "Query", SupportsShouldProcess = true)]
[OutputType(typeof(DataRecord))]
public sealed class InvokeDataQueryCommand : DataInputCmdlet
{
    /// <summary>What SQL calls the pipeline.</summary>
    private const string Pipeline = "input";

    private QueryOptions? _options;
    private QueryFiles? _files;
    private QueryPump? _pump;
    private BatchOutput? _output;

    /// <summary>
    /// One or more statements. A table's name may be a file in quotes ('orders.csv', 'data/*.parquet', a folder), <c>input</c> for the pipeline, a name
    /// of -InputTable, or a table of -Database. On -Connection, the database's own language: a command of MongoDB is JSON or a hashtable.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Query")]
    [QueryTextTransformation]
    [ValidateNotNullOrEmpty]
    public string Query { get; set; } = "";

    /// <summary>A file with the statements, in UTF-8.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "QueryPath")]
    [ValidateNotNullOrEmpty]
    public string QueryPath { get; set; } = "";

    /// <summary>Objects as tables: @{ customers = $c }. Each value is what the pipeline may be.</summary>
    [Parameter]
    public Hashtable InputTable { get; set; } = [];

    /// <summary>Values for the query's parameters: @{ year = 2026 } for $year, or an array for ? and $1. Put the SQL in single quotes, as PowerShell replaces $year in double ones.</summary>
    [Parameter]
    public object? Parameters { get; set; }

    /// <summary>A DuckDB file whose tables the query sees and which keeps those that it makes. Without it they live in memory.</summary>
    [Parameter]
    public string? Database { get; set; }

    /// <summary>The memory for the engine's data, such as 2GB; 80 % of the machine's by default. What goes beyond is spilled to -TempPath.</summary>
    [Parameter]
    public string? MemoryLimit { get; set; }

    /// <summary>The folder for spilled data; the system's temporary folder by default.</summary>
    [Parameter]
    public string? TempPath { get; set; }

    /// <summary>The threads of the engine; one per processor by default.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int? Threads { get; set; }

    /// <summary>A connection, the name of one, or a URL: the statements are run there, in that database's SQL.</summary>
    [Parameter(ParameterSetName = "Query")]
    [Parameter(ParameterSetName = "QueryPath")]
    [Parameter(Mandatory = true, ParameterSetName = "Transaction")]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Connection { get; set; }

    /// <summary>With -Connection: give the number of rows that the statements changed, in place of rows.</summary>
    [Parameter(ParameterSetName = "Query")]
    [Parameter(ParameterSetName = "QueryPath")]
    public SwitchParameter NonQuery { get; set; }

    /// <summary>A script whose commands on -Connection (an open connection) are one transaction: committed at its end, undone by its first error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Transaction")]
    public ScriptBlock? Transaction { get; set; }

    /// <summary>SQL may name a file more than once, and the engine scan it as often.</summary>
    private protected override bool ReadsAgain => true;

    private string Sql => ParameterSetName == "QueryPath" ? File.ReadAllText(FullPath(QueryPath)) : Query;

    /// <inheritdoc/>
    protected override void Begin()
    {
        _output = new BatchOutput(this, Cancellation);
        if (Connection is not null)
        {
            Log.Target = Connection.ToString();
            return;
        }

        _files = new QueryFiles(SessionState.Path.CurrentFileSystemLocation.ProviderPath, new ReadContext(ReadOptions.Default, Rejects, Warn));
        _options = new QueryOptions
        {
            Files = _files,
            Inputs = Arguments.ToPairs(InputTable).ToDictionary(t => t.Key, t => ToTable(t.Key, t.Value), StringComparer.OrdinalIgnoreCase),
            Parameters = Arguments.ToParameters(Parameters),
            Database = Database is null ? null : FullPath(Database),
            MemoryLimit = MemoryLimit,
            TempPath = TempPath is null ? null : FullPath(TempPath),
            Threads = Threads,
            Warn = Warn,
        };
        Log.Target = _options.Database;
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        if (Connection is not null)
        {
            throw DataErrors.InvalidOption("A query on -Connection cannot see the pipeline. Write the rows to a table with Export-DataTable first.");
        }

        Rejects.CountRows(batch.Length);
        _pump ??= Start(batch.Schema);
        _pump?.Push(batch, Write);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (Connection is not null)
        {
            RunOnConnection(Connection);
            return;
        }

        _pump ??= Start(null);
        _pump?.Finish(Write, Cancellation);
        Log.Source = string.Join(", ", _files!.Opened);
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _pump?.Dispose();
        base.CloseResources();
    }

    private void RunOnConnection(ConnectionArgument connection)
    {
        if (!ShouldProcess(connection.ToString(), "Invoke-DataQuery"))
        {
            return;
        }

        if (Transaction is not null)
        {
            DatabaseQuery.InTransaction(this, connection.Find(), Transaction);
            return;
        }

        using var lease = connection.Open(FullPath, Cancellation);
        var context = new DatabaseContext(Rejects, Warn, Cancellation);
        var affected = DatabaseQuery.Run(lease.Session, Sql, Arguments.ToParameters(Parameters), context, NonQuery ? _ => { } : Write);
        if (NonQuery)
        {
            WriteObject(affected);
        }
    }

    private QueryPump? Start(Schema? input) =>
        Database is null || ShouldProcess(_options!.Database, "Invoke-DataQuery") ? new QueryPump(Sql, _options!, input is null ? null : Pipeline, input, Cancellation) : null;

    private void Write(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        _output!.Write(batch);
        ShowProgress("Query", Log.Rows, null);
    }

    private QueryInput ToTable(string name, object? value)
    {
        var batches = new List<RecordBatch>();
        var input = new BatchInput(Rejects, Widen, batches.Add);
        input.AddAll(value);
        input.Complete();
        return batches.Count > 0 ? QueryInput.Of(batches[0].Schema, batches) : throw DataErrors.InvalidOption($"-InputTable '{name}' has no rows, and so no columns.");
    }
}
