using DataTools.Schemas;

namespace DataTools.Databases.DuckDb;

/// <summary>Tables as DuckDB makes them.</summary>
internal sealed partial class DuckDbDialect
{
    private const string NoAction = "NO ACTION";

    /// <summary>Of the constraints, ALTER TABLE adds primary keys only.</summary>
    public override bool KeysStandInTable => true;

    public override bool KeyNamesPerTable => true;

    public override bool HasExpressionIndexes => true;

    public override string DefaultIndexMethod => "art";

    public override (bool Stored, bool Virtual) Generates => (false, true);

    public override string? EnumType(IReadOnlyList<string> values) => $"ENUM ({string.Join(", ", values.Select(Literal))})";

    public override string BytesLiteral(string digits) => $"from_hex('{digits}')";

    public override bool NumbersRows => false;

    public override bool PointsToIndexes => false;

    public override bool CanPoint(ColumnSchema column, ColumnSchema other) => string.Equals(column.NativeType, other.NativeType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sequences number rows only by a default, and keys do nothing to the rows that point elsewhere.</summary>
    public override TableSchema Fit(TableSchema table, Action<string, string> lose)
    {
        return table with { Columns = [.. table.Columns.Select(Fitted)], ForeignKeys = [.. table.ForeignKeys.Select(FittedKey)] };

        ColumnSchema Fitted(ColumnSchema column)
        {
            if (!column.IsIdentity)
            {
                return column;
            }

            lose(column.Name, "DuckDB numbers no rows by itself");
            return column with { Identity = null, IsIdentity = false };
        }

        ForeignKeySchema FittedKey(ForeignKeySchema key)
        {
            if (key is { OnDelete: NoAction or "RESTRICT", OnUpdate: NoAction or "RESTRICT" })
            {
                return key;
            }

            lose(string.Join(", ", key.Columns), $"DuckDB has no ON DELETE {key.OnDelete} and no ON UPDATE {key.OnUpdate}");
            return key with { OnDelete = NoAction, OnUpdate = NoAction };
        }
    }

    protected override string IdentityText(ColumnSchema column) => column.Default is null ? "" : $" DEFAULT {column.Default}";
}
