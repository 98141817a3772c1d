using System.Data.Common;
using System.Globalization;
using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>
/// What the information schema tells of tables. Its views have other columns in other versions, so they are read whole, and what a server does not tell is null.
/// </summary>
internal static class MySqlCatalog
{
    private const string System = "('information_schema', 'mysql', 'performance_schema', 'sys')";

    public static IReadOnlyList<TableListing> List(MySqlSession session, CancellationToken cancellation) => session.Query(
        $"SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN {System} "
        + "AND (DATABASE() IS NULL OR TABLE_SCHEMA = DATABASE()) AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') ORDER BY 1, 2",
        r => new TableListing(r.GetString(0), r.GetString(1), Kind(r.GetString(2)), Number(r, 3), Number(r, 4)),
        cancellation);

    /// <summary>Views, triggers and routines, without the name of the database in what they say; how routines are made is not told.</summary>
    public static IReadOnlyList<DatabaseObject> ListOthers(MySqlSession session, CancellationToken cancellation) => session.Query(
        """
        SELECT 'View' AS kind, TABLE_NAME AS name, NULL AS tab, CONCAT('CREATE VIEW `', REPLACE(TABLE_NAME, '`', '``'), '` AS ', REPLACE(VIEW_DEFINITION, CONCAT('`', DATABASE(), '`.'), '')) AS text
            FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
        UNION ALL SELECT 'Trigger', TRIGGER_NAME, EVENT_OBJECT_TABLE,
            CONCAT('CREATE TRIGGER `', REPLACE(TRIGGER_NAME, '`', '``'), '` ', ACTION_TIMING, ' ', EVENT_MANIPULATION, ' ON `', REPLACE(EVENT_OBJECT_TABLE, '`', '``'), '` FOR EACH ROW ', ACTION_STATEMENT)
            FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
        UNION ALL SELECT IF(ROUTINE_TYPE = 'FUNCTION', 'Function', 'Procedure'), ROUTINE_NAME, NULL, NULL FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
        ORDER BY 1, 2
        """,
        r => new DatabaseObject(r.GetString(0), new TableName(null, r.GetString(1)), Text(r, 2) is { } table ? new TableName(null, table) : null, Text(r, 3)),
        cancellation);

    public static TableSchema? Find(MySqlSession session, TableName name, CancellationToken cancellation)
    {
        var found = session.Query(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COMMENT, CREATE_OPTIONS, TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(@1, DATABASE()) AND TABLE_NAME = @2",
            r => (Name: new TableName(r.GetString(0), r.GetString(1)), Kind: Kind(r.GetString(2)), Engine: Text(r, 3), Comment: r.GetString(2) != "VIEW" && Text(r, 4) is { Length: > 0 } comment ? comment : null, IsPartitioned: Text(r, 5)?.Contains("partitioned", StringComparison.Ordinal) == true, Options: Options(r)),
            cancellation,
            name.Schema,
            name.Name);
        // The information schema compares names without case, whatever they are in the system of files.
        var at = found.FindIndex(f => session.Server.IgnoresCase || (f.Name.Name == name.Name && (name.Schema ?? f.Name.Schema) == f.Name.Schema));
        if (at < 0)
        {
            return null;
        }

        var table = found[at];
        var checks = MySqlConstraints.Checks(session, table.Name, cancellation);
        var columns = MySqlColumns.Of(session, table.Name, checks, cancellation);
        var indexes = Indexes(session, table.Name, cancellation);
        var foreignKeys = MySqlConstraints.ForeignKeys(session, table.Name, cancellation);
        return new TableSchema(table.Name, table.Kind, columns)
        {
            PrimaryKey = indexes.Find(i => i.Name == "PRIMARY") is { } primary ? new KeySchema("PRIMARY", primary.Columns) : null,
            Indexes = [.. indexes.Where(i => i.Name != "PRIMARY").Select(i => i with { IsForForeignKey = foreignKeys.Any(k => IsMadeFor(k, i)) })],
            ForeignKeys = foreignKeys,
            // What makes a longtext MariaDB's json is its type.
            Checks = [.. checks.Where(c => !columns.Any(column => MySqlColumns.IsJsonCheck(c, column.Name)))],
            Engine = table.Engine,
            Options = table.Options,
            Comment = table.Comment,
            PartitionBy = table.IsPartitioned ? PartitionBy(session, table.Name, cancellation) : null,
        };
    }

    /// <summary>
    /// Whether another table can take the place of one: views and grants hang on its name, but triggers and keys on the table itself.
    /// </summary>
    public static bool IsFree(MySqlSession session, TableSchema table, CancellationToken cancellation) =>
        table is { Kind: TableKind.Table, ForeignKeys.Count: 0 }
        && session.Query(
            """
            SELECT 1 FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = @1 AND EVENT_OBJECT_TABLE = @2
            UNION ALL SELECT 1 FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = @1 AND REFERENCED_TABLE_NAME = @2
            UNION ALL SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = @1 AND TABLE_NAME = @2 AND TABLE_TYPE <> 'BASE TABLE'
            """,
            r => 1,
            cancellation,
            table.Name.Schema,
            table.Name.Name).Count == 0;

    /// <summary>Whether a table's engine undoes what a transaction did; a table of the session, which no catalogue lists, is made so.</summary>
    public static bool IsTransactional(MySqlSession session, TableName name) => session.Query(
        "SELECT 1 FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE WHERE t.TABLE_SCHEMA = COALESCE(@1, DATABASE()) AND t.TABLE_NAME = @2 AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES'",
        r => 1,
        CancellationToken.None,
        name.Schema,
        name.Name).Count == 0;

    /// <summary>A column of a row, by name; null where it is null or the server has no such column.</summary>
    public static string? Text(DbDataReader row, string column)
    {
        for (var i = 0; i < row.FieldCount; i++)
        {
            if (string.Equals(row.GetName(i), column, StringComparison.OrdinalIgnoreCase))
            {
                return Text(row, i);
            }
        }

        return null;
    }

    /// <summary>The server makes an index for a key that finds none, by the name of the key, or of its first column where the key has none; another name of the kind gets a number.</summary>
    private static bool IsMadeFor(ForeignKeySchema key, IndexSchema index) =>
        !index.IsUnique && index.Columns.SequenceEqual(key.Columns)
        && (index.Name == key.Name || index.Name == key.Columns[0] || (index.Name.StartsWith($"{key.Columns[0]}_", StringComparison.Ordinal) && index.Name[(key.Columns[0].Length + 1)..].All(char.IsAsciiDigit)));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture);

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    /// <summary>What columns are made of that say no character set of their own; views have none.</summary>
    private static string? Options(DbDataReader table) => Text(table, "TABLE_COLLATION") is { } collation ? MySqlDialect.CharacterSet(collation) : null;

    private static TableKind Kind(string type) => type == "VIEW" ? TableKind.View : TableKind.Table;

    private static List<IndexSchema> Indexes(MySqlSession session, TableName name, CancellationToken cancellation) =>
    [
        .. session.Query(
            "SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = @1 AND TABLE_NAME = @2 ORDER BY INDEX_NAME, SEQ_IN_INDEX",
            r => (Index: Text(r, "INDEX_NAME")!, Unique: Text(r, "NON_UNIQUE") == "0", Method: Text(r, "INDEX_TYPE")!, Part: Part(r)),
            cancellation,
            name.Schema,
            name.Name)
            .GroupBy(p => p.Index, StringComparer.Ordinal)
            .Select(g => new IndexSchema(g.Key, [.. g.Select(p => p.Part.Prefix is { } prefix ? string.Create(CultureInfo.InvariantCulture, $"{p.Part}({prefix})") : p.Part.ToString())], g.First().Unique)
            {
                Parts = [.. g.Select(p => p.Part)],
                Method = g.First().Method.ToLowerInvariant(),
                IsConstraint = g.First().Unique && g.Key != "PRIMARY",
            }),
    ];

    /// <summary>A column, or its first characters, or an expression.</summary>
    private static IndexPart Part(DbDataReader row)
    {
        var column = Text(row, "COLUMN_NAME");
        var length = Text(row, "INDEX_TYPE") == "SPATIAL" ? null : Text(row, "SUB_PART");
        return new IndexPart(column ?? Text(row, "EXPRESSION") ?? "", column is null)
        {
            Prefix = length is null ? null : int.Parse(length, CultureInfo.InvariantCulture),
            Descending = Text(row, "COLLATION") == "D",
        };
    }

    private static string? PartitionBy(MySqlSession session, TableName name, CancellationToken cancellation) => session.Query(
        "SELECT PARTITION_METHOD, PARTITION_EXPRESSION FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = @1 AND TABLE_NAME = @2 AND PARTITION_METHOD IS NOT NULL LIMIT 1",
        r => $"{r.GetString(0)} ({Text(r, 1)})",
        cancellation,
        name.Schema,
        name.Name).FirstOrDefault();
}
