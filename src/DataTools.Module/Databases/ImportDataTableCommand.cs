using System.Collections;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Module.Databases;

/// <summary>Reads a table of a database, or what a query gives, as typed rows.</summary>
[Cmdlet(VerbsData.Import, "DataTable", DefaultParameterSetName = "Table")]
[OutputType(typeof(DataRecord))]
public sealed class ImportDataTableCommand : ConnectionCmdlet
{
    private RejectLog? _rejects;
    private ReadAhead? _reader;

    /// <summary>The table or view: orders, sales.orders, or "odd schema"."odd table".</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Table")]
    [ValidateNotNullOrEmpty]
    public string Table { get; set; } = "";

    /// <summary>A query in the database's own SQL; of MongoDB a find or aggregate as JSON or hashtable. Put values into -Parameters, not into the text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Query")]
    [QueryTextTransformation]
    [ValidateNotNullOrEmpty]
    public string Query { get; set; } = "";

    /// <summary>Values for the query's parameters: @{ year = 2026 } for @year, or an array for $1, $2 or ?. Put the query in single quotes.</summary>
    [Parameter]
    public object? Parameters { get; set; }

    /// <summary>The columns to read, in that order; wildcards are taken.</summary>
    [Parameter(ParameterSetName = "Table")]
    [SupportsWildcards]
    public string[] Column { get; set; } = [];

    /// <summary>A condition in the database's own SQL: "amount > 100"; of MongoDB a filter as JSON or hashtable. Values may be parameters: 'region = @region'.</summary>
    [Parameter(ParameterSetName = "Table")]
    [QueryTextTransformation]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>The rows that show the columns and types of a database whose tables have none of their own, such as MongoDB; 10,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int SampleRows { get; set; } = ReadOptions.Default.SampleRows;

    /// <summary>Look at all rows for the columns and types, of such a database. They are read twice.</summary>
    [Parameter]
    public SwitchParameter FullScan { get; set; }

    /// <summary>How many rows to read at most.</summary>
    [Parameter(ParameterSetName = "Table")]
    [ValidateRange(0, long.MaxValue)]
    public long? First { get; set; }

    /// <summary>Read so many ranges of -PartitionColumn at once, over connections of their own; the rows come in no order.</summary>
    [Parameter(ParameterSetName = "Table")]
    [ValidateRange(1, 64)]
    public int Partitions { get; set; } = 1;

    /// <summary>The columns by which -Partitions cuts; the primary key by default, or the place of the rows where the database has one.</summary>
    [Parameter(ParameterSetName = "Table")]
    [ValidateNotNullOrEmpty]
    public string[] PartitionColumn { get; set; } = [];

    /// <summary>Types in place of those that Get-DataTypeMap lists: @{ 'numeric when precision > 38' = 'text'; interval = 'text' }.</summary>
    [Parameter]
    public Hashtable TypeMap { get; set; } = [];

    /// <summary>What becomes of values that no type holds, such as infinite dates: Stop (the default), or Warn or Allow for null.</summary>
    [Parameter]
    public LossPolicy OnLoss { get; set; }

    /// <summary>How many bad rows are let pass: a number, or a share such as 1%. The default is none.</summary>
    [Parameter]
    public string? MaxErrors { get; set; }

    /// <summary>A file for the bad rows, one JSON object a line.</summary>
    [Parameter]
    public string? RejectPath { get; set; }

    /// <summary>A query may write, or need no database at all.</summary>
    private protected override ConnectionUse Use => ParameterSetName == "Query" ? ConnectionUse.Write : ConnectionUse.Read;

    private protected override RejectLog Rejects => _rejects ??= RejectArguments.MakeLog(MaxErrors, RejectPath is null ? null : FullPath(RejectPath));

    /// <inheritdoc/>
    protected override void End()
    {
        var query = MakeQuery();
        Log.Source = $"{Session.Address} {query.Table?.ToString() ?? "query"}";
        _reader = new ReadAhead(Partitions > 1 ? PartitionedReader.Open(Session, query, Partitions, PartitionColumn, Context) : Session.Read(query, Context));
        var output = new BatchOutput(this, Cancellation);
        var isEmpty = true;
        while (_reader.ReadBatch(Cancellation) is { } batch)
        {
            isEmpty = false;
            Write(output, batch);
        }

        if (isEmpty && _reader.Schema.FieldsList.Count > 0)
        {
            Write(output, new BatchBuilder(_reader.Schema).Finish());
        }

        EndRejects(Rejects);
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _reader?.Dispose();
        _rejects?.Dispose();
        base.CloseResources();
    }

    private TableQuery MakeQuery()
    {
        if (Partitions > 1 && First is not null)
        {
            throw DataErrors.InvalidOption("-First and -Partitions do not go together: which rows are first is open where several are read at once.");
        }

        return new TableQuery
        {
            Table = ParameterSetName == "Table" ? TableName.Parse(Table) : null, Columns = Column, Where = Where, First = First,
            Text = ParameterSetName == "Query" ? Query : null, Parameters = Arguments.ToParameters(Parameters),
            TypeRules = Arguments.ToTypeRules(TypeMap), OnLoss = OnLoss, Sample = new SampleSize { Rows = SampleRows, FullScan = FullScan },
        };
    }

    private void Write(BatchOutput output, RecordBatch batch)
    {
        Log.Rows += batch.Length;
        Rejects.CountRows(batch.Length);
        output.Write(batch);
        ShowProgress(Log.Source!, Log.Rows, _reader!.Progress);
    }
}
