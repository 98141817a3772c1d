using DataTools.Migrations;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>SQL as PostgreSQL has it.</summary>
internal sealed partial class PostgresDialect : SqlDialect
{
    public static readonly PostgresDialect Instance = new();

    public override SplitRules Splitting { get; } =
        new() { DollarQuotes = true, EscapeStrings = true, NestedComments = true, Parentheses = true, ClientCommands = true, Blocks = BlockKinds.Atomic };

    public override MigrationDialect Migrations { get; } = new PostgresMigrations();

    public override string SkipLocked => " FOR UPDATE SKIP LOCKED";

    protected override char ParameterMark => '$';

    public override string CreateTable(TableName table, IEnumerable<NewColumn> columns, IReadOnlyCollection<string> primaryKey, bool temporary) =>
        base.CreateTable(table, columns, primaryKey, temporary) + (temporary ? " ON COMMIT DELETE ROWS" : "");

    public override string InsertFrom(TableName target, IReadOnlyCollection<string> columns, TableName source, string condition = "") =>
        $"INSERT INTO {Quote(target)} ({List(columns)}) OVERRIDING SYSTEM VALUE SELECT {List(columns, "s.")} FROM {Quote(source)} AS s{condition}";

    public override string InsertRow(TableName table, IReadOnlyCollection<string> columns, IEnumerable<string> values) =>
        $"INSERT INTO {Quote(table)} ({List(columns)}) OVERRIDING SYSTEM VALUE VALUES ({string.Join(", ", values)})";

    public override string ListLiteral(string json, string nativeType) => $"ARRAY(SELECT jsonb_array_elements_text({Literal(json)}::jsonb))::{nativeType}";

    /// <summary>json and xml have no equality.</summary>
    public override string Holds(ColumnSchema column, string literal)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.NativeType is "json" or "xml" ? $"{Quote(column.Name)}::text = {literal}" : base.Holds(column, literal);
    }

    protected override string? BeforeOnConflict => "";

    public override string RemoveDuplicates(MergePlan plan)
    {
        var row = Quote(MergePlan.Ordinal);
        return $"DELETE FROM {Quote(plan.Staging)} AS s USING (SELECT {row}, row_number() OVER (PARTITION BY {List(plan.Key)} ORDER BY {row} {(plan.Updates ? "DESC" : "ASC")}) AS n FROM {Quote(plan.Staging)} "
            + $"WHERE {string.Join(" AND ", plan.Key.Select(k => $"{Quote(k)} IS NOT NULL"))}) AS d WHERE d.{row} = s.{row} AND d.n > 1";
    }
}
