using DataTools.Migrations;

namespace DataTools.Databases.Sqlite;

/// <summary>SQL as SQLite has it.</summary>
internal sealed partial class SqliteDialect : SqlDialect
{
    public static readonly SqliteDialect Instance = new();

    public override int MaxNameBytes => int.MaxValue;

    public override SplitRules Splitting { get; } = new() { Backticks = true, Brackets = true, Blocks = BlockKinds.Triggers };

    public override MigrationDialect Migrations { get; } = new SqliteMigrations();
    public override bool HasFixedTypes => false;

    public override System.Data.IsolationLevel Snapshot => System.Data.IsolationLevel.Serializable;

    /// <summary>A number that is not quoted would be a float before it gets into a column of text, which decimals have.</summary>
    public override string Literal(Data.DataType type, string text) => type is Data.DecimalType || type.Equals(Data.DataTypes.UInt64) ? Literal(text) : base.Literal(type, text);

    protected override string DurationLiteral(string text, long microseconds) => Literal(text);

    public override string? StoredLiteral(string expression) => $"quote({expression})";

    /// <summary>The Z of a text without parts of a second comes after the point of one that has them.</summary>
    public override string InOrder(Data.DataType type, string expression) =>
        type is Data.TimestampType ? $"CASE WHEN typeof({expression}) = 'text' THEN rtrim({expression}, 'Zz') ELSE {expression} END" : expression;

    /// <summary>Numbers and texts, a space and a T before the time, and zones have no order together.</summary>
    public override string? IsUnordered(Data.DataType type, string name) => type is not (Data.TimestampType or Data.DateType) ? null
        : $"count(DISTINCT nullif(typeof({name}), 'null')) > 1 OR count(DISTINCT CASE typeof({name}) WHEN 'text' THEN nullif(substr({name}, 11, 1), '') END) > 1 "
            + $"OR count(DISTINCT CASE typeof({name}) WHEN 'text' THEN rtrim(ltrim(substr({name}, 20), '.0123456789'), 'Zz') END) > 1";

    /// <summary>What CURRENT_TIMESTAMP gives says no zone.</summary>
    public override string UtcNow => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

    public override string IsSame(string left, string right) => $"{left} IS {right}";

    /// <summary>Without a WHERE the parser takes ON for that of a join.</summary>
    protected override string? BeforeOnConflict => " WHERE true";

    public override string RemoveDuplicates(MergePlan plan) =>
        $"DELETE FROM {Quote(plan.Staging)} WHERE {Quote(MergePlan.Ordinal)} IN (SELECT {Quote(MergePlan.Ordinal)} FROM (SELECT {Quote(MergePlan.Ordinal)}, "
        + $"row_number() OVER (PARTITION BY {List(plan.Key)} ORDER BY {Quote(MergePlan.Ordinal)} {(plan.Updates ? "DESC" : "ASC")}) AS n FROM {Quote(plan.Staging)} "
        + $"WHERE {string.Join(" AND ", plan.Key.Select(k => $"{Quote(k)} IS NOT NULL"))}) WHERE n > 1)";
}
