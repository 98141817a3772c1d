using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>Tables as PostgreSQL makes them.</summary>
internal sealed partial class PostgresDialect
{
    public override bool HasEnumTypes => true;

    public override bool HasComputedTables => true;

    public override bool HasEmptyTables => true;

    /// <summary>https://www.postgresql.org/docs/current/limits.html.</summary>
    public override int MaxColumns => 1600;

    public override bool HasDeferredKeys => true;

    public override bool HasIncludes => true;

    public override bool HasPartialIndexes => true;

    public override bool HasExpressionIndexes => true;

    protected override IReadOnlyDictionary<string, string> Functions { get; } = new Dictionary<string, string>(Standard) { ["uuid"] = "gen_random_uuid()", ["current_time"] = "LOCALTIME" };

    /// <summary>Numbers are compared with numbers, texts with texts, and points in time with each other.</summary>
    public override bool CanPoint(ColumnSchema column, ColumnSchema other) =>
        column.NativeType == other.NativeType || (IsNumber(column.Type) && IsNumber(other.Type))
        || (column.Type.Equals(other.Type) && column.Values.Count + other.Values.Count == 0) || (IsMoment(column.Type) && IsMoment(other.Type));

    private static bool IsMoment(Data.DataType type) => type is Data.DateType or Data.TimestampType;

    public override string BytesLiteral(string digits) => $"'\\x{digits}'";

    /// <summary>Only whole numbers number rows, and no key changes a column that is computed.</summary>
    public override TableSchema Fit(TableSchema table, Action<string, string> lose)
    {
        return table with { Columns = [.. table.Columns.Select(Fitted)], ForeignKeys = [.. table.ForeignKeys.Select(k => KeyRules.Fit(k, (rule, isUpdate) => WhyNot(k, rule, isUpdate), lose))] };

        string? WhyNot(ForeignKeySchema key, string rule, bool isUpdate) =>
            KeyRules.Changes(rule, isUpdate) && KeyRules.Generated(table, key) is { } computed ? $"{computed.Name} is computed" : null;

        ColumnSchema Fitted(ColumnSchema column)
        {
            if (!column.IsIdentity || column.NativeType is "smallint" or "integer" or "bigint")
            {
                return column;
            }

            lose(column.Name, $"PostgreSQL does not number rows by {column.NativeType}");
            return column with { Identity = null, IsIdentity = false };
        }
    }

    protected override string TypeText(ColumnSchema column) => column.Identity?.Kind != IdentityKind.Serial ? column.NativeType : column.NativeType switch
    {
        "smallint" => "smallserial",
        "integer" => "serial",
        _ => "bigserial",
    };

    protected override string IdentityText(ColumnSchema column) => column.Identity?.Kind == IdentityKind.Serial ? "" : base.IdentityText(column);
}
