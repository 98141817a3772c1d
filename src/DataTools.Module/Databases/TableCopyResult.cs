using System.Collections;

namespace DataTools.Module.Databases;

/// <summary>What Copy-DataTable reports of a table with <c>-PassThru</c>; Compare-DataTable takes it from the pipeline.</summary>
/// <param name="Source">The connection or folder that was read; it shows no secret.</param>
/// <param name="Destination">The connection or folder that was written.</param>
/// <param name="Table">The table in the source.</param>
/// <param name="DestinationTable">The table in the destination.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="Removed">Rows that -DeleteMissing deleted or marked.</param>
/// <param name="Elapsed">The time that the rows took, of all workers together.</param>
/// <param name="RowsPerSecond">Rows written per second of it.</param>
public sealed record TableCopyResult(object Source, object Destination, string Table, string DestinationTable, long Rows, long Removed, TimeSpan Elapsed, double RowsPerSecond)
{
    /// <summary>The names of columns that -ColumnMap gave, of this table and of those to which it points.</summary>
    public Hashtable ColumnMap { get; init; } = [];

    /// <summary>The tables' names in the destination.</summary>
    public Hashtable RenameTable { get; init; } = [];

    /// <summary>The condition of -Where for the table; null for all rows.</summary>
    public string? SourceWhere { get; init; }
}
