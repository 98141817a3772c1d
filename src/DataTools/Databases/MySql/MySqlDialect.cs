using DataTools.Data;
using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>SQL as MySQL and MariaDB have it.</summary>
/// <param name="server">The server, whose version decides what it takes.</param>
internal sealed partial class MySqlDialect(MySqlServer server) : SqlDialect
{
    /// <summary>In utf8mb4 within the 767 bytes that keys of the oldest servers may have.</summary>
    private const string KeyText = "varchar(191)";

    public override int MaxNameBytes => 64;

    /// <summary>InnoDB's (https://mariadb.com/kb/en/innodb-limitations/).</summary>
    public override int MaxColumns => 1017;

    public override int MaxParameters => 65_535;

    public override bool HasTransactionalDdl => false;

    protected override (char Open, char Close) NameQuotes => ('`', '`');

    public override string IsSame(string left, string right) => $"{left} <=> {right}";

    /// <summary>Even binary collations may leave spaces at the end aside.</summary>
    public override bool ComparesLetters(ColumnSchema column) => false;

    /// <summary>A float of 32 bits equals a literal that has been rounded to one, and texts are compared without a collation.</summary>
    public override string Holds(ColumnSchema column, string literal)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Type switch
        {
            FloatType<float> => $"{Quote(column.Name)} = CAST({literal} AS FLOAT)",
            TextType => $"{base.Holds(column, literal)} AND CAST(CONVERT({Quote(column.Name)} USING utf8mb4) AS BINARY) = {literal}",
            _ => base.Holds(column, literal),
        };
    }

    /// <summary>A point in time that says its zone is refused; the session's zone is UTC.</summary>
    public override string Literal(DataType type, string text) => base.Literal(type, type is TimestampType ? text.TrimEnd('Z') : text);

    protected override string DurationLiteral(string text, long microseconds) => microseconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public override string CreateTable(TableName table, IEnumerable<NewColumn> columns, IReadOnlyCollection<string> primaryKey, bool temporary) =>
        base.CreateTable(table, columns.Select(c => primaryKey.Contains(c.Name) ? c with { NativeType = KeyType(c.NativeType) } : c), primaryKey, temporary)
        + (server.DatabaseIsUtf8 ? "" : " CHARACTER SET utf8mb4");

    /// <summary>Dropping a temporary table by that name does not commit.</summary>
    public override string Drop(TableName table, bool temporary = false) => $"DROP {(temporary ? "TEMPORARY " : "")}TABLE IF EXISTS {Quote(table)}";

    public override string Rename(TableName table, string name) => $"RENAME TABLE {Quote(table)} TO {Quote(table with { Name = name })}";

    public override IEnumerable<string> Merge(MergePlan plan)
    {
        var others = plan.Others.ToList();
        var target = Quote(plan.Target);
        if (plan.IsOnlyKey)
        {
            // What changes nothing where rows stay as they are: the key to itself.
            var set = plan.Updates && others.Count > 0
                ? string.Join(", ", others.Select(c => $"{Quote(c)} = VALUES({Quote(c)})"))
                : $"{target}.{Quote(plan.Key[0])} = {target}.{Quote(plan.Key[0])}";
            return [InsertFrom(plan.Target, plan.Columns, plan.Staging, $" ON DUPLICATE KEY UPDATE {set}")];
        }

        var match = string.Join(" AND ", plan.Key.Select(k => $"t.{Quote(k)} = s.{Quote(k)}"));
        var insert = InsertFrom(plan.Target, plan.Columns, plan.Staging, $" WHERE NOT EXISTS (SELECT 1 FROM {target} AS t WHERE {match})");
        return plan.Updates && others.Count > 0
            ? [$"UPDATE {target} AS t JOIN {Quote(plan.Staging)} AS s ON {match} SET {string.Join(", ", others.Select(c => $"t.{Quote(c)} = s.{Quote(c)}"))}", insert]
            : [insert];
    }

    /// <summary>
    /// Deletes by a second table, of the rows to keep, for a temporary table cannot be opened twice in one statement. See <see cref="KeepOfDuplicates"/>.
    /// </summary>
    public override string RemoveDuplicates(MergePlan plan)
    {
        var row = Quote(MergePlan.Ordinal);
        return $"DELETE s FROM {Quote(plan.Staging)} AS s LEFT JOIN {Quote(KeepTable(plan))} AS k ON k.{row} = s.{row} WHERE k.{row} IS NULL"
            + string.Concat(plan.Key.Select(k => $" AND s.{Quote(k)} IS NOT NULL"));
    }

    /// <summary>The statement that lists the rows to keep in <see cref="KeepTable"/>.</summary>
    public string KeepOfDuplicates(MergePlan plan)
    {
        var row = Quote(MergePlan.Ordinal);
        return $"CREATE TEMPORARY TABLE {Quote(KeepTable(plan))} (PRIMARY KEY ({row})) ENGINE = InnoDB SELECT {(plan.Updates ? "max" : "min")}({row}) AS {row} FROM {Quote(plan.Staging)} "
            + $"WHERE {string.Join(" AND ", plan.Key.Select(k => $"{Quote(k)} IS NOT NULL"))} GROUP BY {List(plan.Key)}";
    }

    /// <summary>The table of the rows to keep.</summary>
    public static TableName KeepTable(MergePlan plan) => plan.Staging with { Name = $"{plan.Staging.Name}_keep" };

    /// <summary>A key's columns have a length that fits into an index.</summary>
    private static string KeyType(string native) => native switch
    {
        "longtext" => KeyText,
        "longblob" => "varbinary(767)",
        _ => native,
    };
}
