using DataTools.Schemas;

namespace DataTools.Databases.DuckDb;

/// <summary>SQL as DuckDB has it. A schema is named together with its database: alone it may be taken for a database of the same name.</summary>
internal sealed partial class DuckDbDialect(string? database) : SqlDialect
{
    /// <summary>The dialect for a database of any name.</summary>
    public static readonly DuckDbDialect Instance = new(null);

    /// <summary>The database that a schema is named together with; null for that of the connection.</summary>
    public string? Database => database;

    public override int MaxNameBytes => int.MaxValue;

    public override System.Data.IsolationLevel Snapshot => System.Data.IsolationLevel.Snapshot;

    public override string Quote(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return database is null || table.Schema is null ? base.Quote(table) : $"{Quote(database)}.{base.Quote(table)}";
    }

    /// <summary>An @ before a number is DuckDB's sign for its absolute value.</summary>
    protected override char ParameterMark => '$';

    protected override string? BeforeOnConflict => "";

    /// <summary>Keys know no collations.</summary>
    public override string StagedType(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.NativeType;
    }

    public override string RemoveDuplicates(MergePlan plan)
    {
        var row = Quote(MergePlan.Ordinal);
        return $"DELETE FROM {Quote(plan.Staging)} WHERE {row} IN (SELECT {row} FROM (SELECT {row}, row_number() OVER (PARTITION BY {List(plan.Key)} ORDER BY {row} {(plan.Updates ? "DESC" : "ASC")}) AS n "
            + $"FROM {Quote(plan.Staging)} WHERE {string.Join(" AND ", plan.Key.Select(k => $"{Quote(k)} IS NOT NULL"))}) WHERE n > 1)";
    }
}
