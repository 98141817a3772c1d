using System.Collections;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Module.Databases;

/// <summary>Writes rows to a table of a database.</summary>
[Cmdlet(VerbsData.Export, "DataTable", SupportsShouldProcess = true)]
[OutputType(typeof(TransferResult))]
public sealed class ExportDataTableCommand : DataInputCmdlet
{
    private SessionLease? _lease;
    private ITableWriter? _table;
    private WriteBehind? _writer;
    private TableName? _name;
    private bool _writes;

    /// <summary>A connection, the name of one, or a URL, which is opened for this command.</summary>
    [Parameter(Mandatory = true)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Connection { get; set; } = null!;

    /// <summary>The table: orders, sales.orders, or "odd schema"."odd table".</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Table { get; set; } = "";

    /// <summary>What becomes of the rows that are there: Append (the default), Fail, Truncate, Replace, Upsert or Ignore.</summary>
    [Parameter]
    public WriteMode Mode { get; set; }

    /// <summary>The columns by which Upsert and Ignore find rows that are there; the primary key by default.</summary>
    [Parameter]
    public string[] Key { get; set; } = [];

    /// <summary>Make the table where there is none, with the columns and types of the rows. With -Mode Replace it is made anew.</summary>
    [Parameter]
    public SwitchParameter CreateTable { get; set; }

    /// <summary>Types of columns of a table that is made: @{ code = 'varchar(8)'; price = 'decimal(12,2)' }, ours or the database's.</summary>
    [Parameter]
    public Hashtable Type { get; set; } = [];

    /// <summary>The primary key of a table that is made; -Key by default.</summary>
    [Parameter]
    public string[] PrimaryKey { get; set; } = [];

    /// <summary>Add columns that the table lacks.</summary>
    [Parameter]
    public SwitchParameter AddColumn { get; set; }

    /// <summary>Columns that have another name in the table: @{ 'Order No' = 'order_no' }; $null for one that is not written.</summary>
    [Parameter]
    public Hashtable ColumnMap { get; set; } = [];

    /// <summary>Commit after so many rows. Without it all rows are written or none.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? BatchCommit { get; set; }

    /// <summary>What becomes of values that the table cannot hold: Stop (the default), Warn or Allow.</summary>
    [Parameter]
    public LossPolicy OnLoss { get; set; }

    /// <summary>Types of new columns in place of those that Get-DataTypeMap lists: @{ text = 'varchar(200)' }.</summary>
    [Parameter]
    public Hashtable TypeMap { get; set; } = [];

    /// <summary>Give a result at the end: Rows, Rejected, Elapsed, RowsPerSecond, Target.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private TableWriteOptions Options => new()
    {
        Mode = Mode, Key = Key, CreateTable = CreateTable, Types = Arguments.ToTexts(Type), PrimaryKey = PrimaryKey, AddColumns = AddColumn,
        ColumnMap = Arguments.ToPairs(ColumnMap).ToDictionary(p => p.Key, p => p.Value is null ? null : LanguagePrimitives.ConvertTo<string>(p.Value)),
        BatchCommit = BatchCommit, OnLoss = OnLoss, TypeRules = Arguments.ToTypeRules(TypeMap), AllowsRejects = MaxErrors is not (null or "0"),
    };

    /// <inheritdoc/>
    protected override void Begin()
    {
        _name = TableName.Parse(Table);
        Log.Target = $"{Connection} {_name}";
        // What deletes rows or a table is asked for as such things are everywhere; adding some is not.
        _writes = Mode is WriteMode.Truncate or WriteMode.Replace
            ? ShouldProcess($"Delete the rows of {_name}, {Connection}", $"Delete the rows of {_name}, {Connection}?", MyInvocation.MyCommand.Name)
            : ShouldProcess(Log.Target, MyInvocation.MyCommand.Name);
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        if (!_writes)
        {
            return;
        }

        _writer ??= Open(batch.Schema);
        Rejects.CountRows(batch.Length);
        _writer.WriteBatch(batch, Cancellation);
        ShowProgress(Log.Target!, Log.Rows, null);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_writer is null)
        {
            if (_writes)
            {
                Warn($"There was nothing to write; '{_name}' is as it was.");
            }

            return;
        }

        _writer.Complete(Cancellation);
        if (PassThru)
        {
            var (rows, elapsed) = (_table!.Counts.Loaded, Log.Elapsed);
            WriteObject(new TransferResult($"{_lease!.Session.Address} {_name}", rows, Rejects.Count, elapsed, rows / Math.Max(elapsed.TotalSeconds, 1e-6)));
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _writer?.Dispose();
        _lease?.Dispose();
        base.CloseResources();
    }

    private WriteBehind Open(Schema schema)
    {
        _lease = Connection.Open(FullPath, Cancellation);
        _table = _lease.Session.OpenWriter(_name!, schema, Options, new DatabaseContext(Rejects, Warn, Cancellation));
        return new WriteBehind(_table);
    }
}
