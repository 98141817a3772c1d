using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>Checks and keys to other tables.</summary>
internal static class MySqlConstraints
{
    private const string Keys =
        """
        SELECT k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
        FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
            ON r.CONSTRAINT_SCHEMA = @1 AND r.TABLE_NAME = @2 AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
        WHERE k.TABLE_SCHEMA = @1 AND k.TABLE_NAME = @2 AND k.REFERENCED_TABLE_NAME IS NOT NULL ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION
        """;

    /// <summary>The keys that point to other tables.</summary>
    public static IReadOnlyList<ForeignKeySchema> ForeignKeys(MySqlSession session, TableName name, CancellationToken cancellation) =>
    [
        .. session.Query(
            Keys,
            r => (Name: r.GetString(0), Column: r.GetString(1), Table: new TableName(r.GetString(2), r.GetString(3)), Referenced: r.GetString(4), Delete: Action(r.GetString(5)), Update: Action(r.GetString(6))),
            cancellation,
            name.Schema,
            name.Name)
            .GroupBy(k => k.Name, StringComparer.Ordinal)
            .Select(g => new ForeignKeySchema(g.Key, [.. g.Select(k => k.Column)], g.First().Table, [.. g.Select(k => k.Referenced)]) { OnDelete = g.First().Delete, OnUpdate = g.First().Update }),
    ];

    /// <summary>No check waits for the end of a transaction, so that RESTRICT is NO ACTION here; MariaDB tells the one, MySQL the other.</summary>
    private static string Action(string rule) => rule == "RESTRICT" ? "NO ACTION" : rule;

    /// <summary>The conditions of a table and of its columns; old servers have none.</summary>
    public static IReadOnlyList<CheckSchema> Checks(MySqlSession session, TableName name, CancellationToken cancellation)
    {
        var columns = session.Query("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'CHECK_CONSTRAINTS'", r => r.GetString(0).ToUpperInvariant(), cancellation);
        if (columns.Count == 0)
        {
            return [];
        }

        // MariaDB knows a check of a column by the column's name, and drops it by nothing but a new definition of the column.
        var level = columns.Contains("LEVEL") ? "LEVEL" : "'Table'";
        // MySQL has the table's name in another view, for there a check's name is one of the whole schema.
        var text = columns.Contains("TABLE_NAME")
            ? $"SELECT CONSTRAINT_NAME, CHECK_CLAUSE, {level} FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = @1 AND TABLE_NAME = @2 ORDER BY 1"
            : $"""
              SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE, {level} FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
                  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
              WHERE t.TABLE_SCHEMA = @1 AND t.TABLE_NAME = @2 ORDER BY 1
              """;
        return session.Query(text, r => new CheckSchema(r.GetString(0), r.GetString(1)) { Column = r.GetString(2) == "Column" ? r.GetString(0) : null }, cancellation, name.Schema, name.Name);
    }
}
