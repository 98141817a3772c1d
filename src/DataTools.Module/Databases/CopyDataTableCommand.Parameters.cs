using System.Collections;
using System.Management.Automation;
using DataTools.Databases.Writing;
using DataTools.Formats;
using DataTools.Transfer;

namespace DataTools.Module.Databases;

/// <content>The parameters.</content>
public sealed partial class CopyDataTableCommand
{
    /// <summary>Where the tables are: a connection, the name of one, or a URL. It is only read. May be left out with -Via, whose folder is read then.</summary>
    [Parameter(Position = 0)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Source { get; set; }

    /// <summary>Where they go: a connection, the name of one, or a URL. May be left out with -Via, whose folder is written then.</summary>
    [Parameter(Position = 1)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Destination { get; set; }

    /// <summary>The tables: names with their schema before a dot or without; wildcards are taken, but not in quotes: '"odd [table]"'.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Table { get; set; } = [];

    /// <summary>Of these tables only those of these names; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    /// <summary>Tables that are not copied; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>A condition on rows in the source's own SQL, for all tables, or by table: @{ orders = "year >= 2025" }.</summary>
    [Parameter]
    public object? Where { get; set; }

    /// <summary>New names of columns, $null for one that is left out: @{ 'Order No' = 'order_no' } for all tables, or by table: @{ orders = @{ note = $null } }.</summary>
    [Parameter]
    public Hashtable ColumnMap { get; set; } = [];

    /// <summary>Types in place of those that Get-DataTypeMap lists: @{ text = 'varchar(200)' }.</summary>
    [Parameter]
    public Hashtable TypeMap { get; set; } = [];

    /// <summary>New names of tables: @{ Track = 'tracks' }.</summary>
    [Parameter]
    public Hashtable RenameTable { get; set; } = [];

    /// <summary>The schema (of MySQL the database) that gets the tables; the connection's own by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TargetSchema { get; set; }

    /// <summary>Make the tables, and copy no rows.</summary>
    [Parameter]
    public SwitchParameter SchemaOnly { get; set; }

    /// <summary>Copy rows into tables that are there.</summary>
    [Parameter]
    public SwitchParameter DataOnly { get; set; }

    /// <summary>What becomes of a table that is there: Fail (the default), Append, Truncate, Replace, Upsert or Ignore.</summary>
    [Parameter]
    public WriteMode Mode { get; set; } = WriteMode.Fail;

    /// <summary>The columns by which Upsert, Ignore and -DeleteMissing find rows that are there; the primary key by default.</summary>
    [Parameter]
    public string[] Key { get; set; } = [];

    /// <summary>Commands through which the rows pass: { Convert-Data -Where { $_.year -ge 2025 } }.</summary>
    [Parameter]
    public ScriptBlock? Transform { get; set; }

    /// <summary>Tables whose rows become an array within the documents of another, to which they point by a foreign key: orders.lines. Only where documents are written.</summary>
    [Parameter]
    public string[] Embed { get; set; } = [];

    /// <summary>Makes tables of their own out of arrays: orders_lines with the key of the order, the place within the array, and what an element holds.</summary>
    [Parameter]
    public SwitchParameter Unnest { get; set; }

    /// <summary>A folder between the two: Parquet files and a manifest. With -Source it is written, with -Destination it is read, so that the two need never meet.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Via { get; set; }

    /// <summary>Into how many ranges each table is cut: by its key, or by the place of its rows. With -Ledger each range is loaded by itself.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int? Partitions { get; set; }

    /// <summary>A name for the copy, under which the table datatools_ledger of the destination keeps what is done. Every process with the same arguments helps.</summary>
    [Parameter]
    [ValidateLength(1, 150)]
    public string? Ledger { get; set; }

    /// <summary>Go on with a copy that ended early, and try again what failed in it.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>What this process calls itself in the ledger; without it the variable SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX, or machine and process.</summary>
    [Parameter]
    [ValidateLength(1, 140)]
    public string? Worker { get; set; }

    /// <summary>After how many seconds without a sign of life the work of another process is taken over.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>How many ranges this process loads at once, each over connections of its own, with -Ledger.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 1;

    /// <summary>A column whose values only grow: with -Ledger, each further run copies the rows beyond the greatest value of the run before.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Since { get; set; }

    /// <summary>Rows of a table that was there and whose key the source has no more: Keep (the default), Soft marks them in the column datatools_deleted_at, Hard deletes them.</summary>
    [Parameter]
    public MissingRows DeleteMissing { get; set; }

    /// <summary>The most rows a second, of all tables together.</summary>
    [Parameter]
    [ValidateRange(0.001, double.MaxValue)]
    public double? MaxRowsPerSecond { get; set; }

    /// <summary>How many seconds replicas of a PostgreSQL destination may be behind before the copy waits for them.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double? MaxReplicaLag { get; set; }

    /// <summary>What becomes of values that the destination cannot hold: Stop (the default), Warn or Allow.</summary>
    [Parameter]
    public LossPolicy OnLoss { get; set; }

    /// <summary>How many bad rows are let pass: a number, or a share such as 1%. The default is none.</summary>
    [Parameter]
    public string? MaxErrors { get; set; }

    /// <summary>A file for the bad rows, one JSON object a line.</summary>
    [Parameter]
    public string? RejectPath { get; set; }

    /// <summary>Give the plan (tables, statements, types, losses, estimates) and change nothing.</summary>
    [Parameter]
    public SwitchParameter PlanOnly { get; set; }

    /// <summary>Give a result for each table: Source, Destination, Table, DestinationTable, Rows, Removed, Elapsed, RowsPerSecond.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }
}
