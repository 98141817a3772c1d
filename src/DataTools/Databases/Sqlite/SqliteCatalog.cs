using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.Sqlite;

/// <summary>What a SQLite database tells of its tables, by the table-valued forms of its pragmas.</summary>
internal static class SqliteCatalog
{
    public static IReadOnlyList<TableListing> List(SqliteSession session, CancellationToken cancellation)
    {
        var sizes = Sizes(session, cancellation);
        return session.Query(
            "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND type IN ('table', 'view', 'virtual') ORDER BY name",
            r => new TableListing(null, r.GetString(0), r.GetString(1) == "view" ? TableKind.View : TableKind.Table, null, sizes.TryGetValue(r.GetString(0), out var size) ? size : null),
            cancellation);
    }

    public static TableSchema? Find(SqliteSession session, TableName name, CancellationToken cancellation)
    {
        var schema = name.Schema ?? "main";
        var found = session.Query("SELECT schema, name, type FROM pragma_table_list WHERE schema = @1 COLLATE NOCASE OR (@2 AND schema = 'temp')", r => (Schema: r.GetString(0), Name: r.GetString(1), Type: r.GetString(2)), cancellation, schema, name.Schema is null ? 1L : 0L);
        var (inSchema, table, type) = found.OrderByDescending(f => f.Name == name.Name).FirstOrDefault(f => string.Equals(f.Name, name.Name, StringComparison.OrdinalIgnoreCase));
        if (table is null)
        {
            return null;
        }

        var sql = session.Query($"SELECT sql FROM {session.Dialect.Quote(inSchema)}.sqlite_master WHERE name = @1 COLLATE NOCASE AND type IN ('table', 'view')", r => r.IsDBNull(0) ? "" : r.GetString(0), cancellation, table).FirstOrDefault() ?? "";
        var key = new SortedDictionary<long, string>();
        var columns = Columns(session, inSchema, table, sql, key, cancellation);
        return new TableSchema(name with { Name = table }, type == "view" ? TableKind.View : TableKind.Table, columns)
        {
            PrimaryKey = key.Count == 0 ? null : new KeySchema(null, [.. key.Values]),
            Indexes = Indexes(session, inSchema, table, cancellation),
            ForeignKeys = ForeignKeys(session, inSchema, table, cancellation),
        };
    }

    private static List<ColumnSchema> Columns(SqliteSession session, string schema, string table, string sql, SortedDictionary<long, string> key, CancellationToken cancellation)
    {
        var columns = session.Query(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(@1, @2) WHERE hidden <> 1",
            r =>
            {
                if (r.GetInt64(4) > 0)
                {
                    key.Add(r.GetInt64(4), r.GetString(0));
                }

                var native = r.GetString(1);
                return new ColumnSchema(r.GetString(0), native, native.Length == 0 ? Data.DataTypes.Text : session.Database.Types.ToDataType(native), r.GetInt64(2) == 0)
                {
                    Default = r.IsDBNull(3) ? null : r.GetString(3),
                    Generated = r.GetInt64(5) is 2 or 3 ? GeneratedAs(sql, r.GetString(0)) : null,
                };
            },
            cancellation,
            table,
            schema);
        if (key.Count == 1 && !sql.Contains("WITHOUT ROWID", StringComparison.OrdinalIgnoreCase))
        {
            // An INTEGER PRIMARY KEY is the row's own number, which SQLite gives.
            columns = [.. columns.Select(c => c.Name == key.Values.Single() && c.NativeType.Equals("INTEGER", StringComparison.OrdinalIgnoreCase) ? c with { IsIdentity = true, Nullable = false } : c)];
        }

        return columns;
    }

    /// <summary>SQLite keeps the expression only within the statement that made the table.</summary>
    private static string GeneratedAs(string sql, string column)
    {
        var at = sql.IndexOf(column, StringComparison.OrdinalIgnoreCase);
        var start = at < 0 ? -1 : sql.IndexOf(" AS ", at, StringComparison.OrdinalIgnoreCase);
        var open = start < 0 ? -1 : sql.IndexOf('(', start);
        var depth = 0;
        for (var i = open; i >= 0 && i < sql.Length; i++)
        {
            depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return sql[(open + 1)..i];
            }
        }

        return "?";
    }

    private static List<IndexSchema> Indexes(SqliteSession session, string schema, string table, CancellationToken cancellation)
    {
        var indexes = session.Query(
            $"SELECT l.name, l.\"unique\", l.origin, m.sql FROM pragma_index_list(@1, @2) l LEFT JOIN {session.Dialect.Quote(schema)}.sqlite_master m ON m.name = l.name AND m.type = 'index' WHERE l.origin <> 'pk' ORDER BY l.seq DESC",
            r => (Name: r.GetString(0), Unique: r.GetInt64(1) != 0, Origin: r.GetString(2), Sql: r.IsDBNull(3) ? null : r.GetString(3)),
            cancellation,
            table,
            schema);
        return [.. indexes.Select(i => new IndexSchema(
            i.Name,
            session.Query("SELECT name FROM pragma_index_info(@1, @2) ORDER BY seqno", r => r.IsDBNull(0) ? "(expression)" : r.GetString(0), cancellation, i.Name, schema),
            i.Unique)
        {
            Definition = i.Sql,
            IsConstraint = i.Origin == "u",
            Where = i.Sql?.IndexOf(" WHERE ", StringComparison.OrdinalIgnoreCase) is { } where and > 0 ? i.Sql[(where + 7)..] : null,
        })];
    }

    private static List<ForeignKeySchema> ForeignKeys(SqliteSession session, string schema, string table, CancellationToken cancellation)
    {
        var rows = session.Query(
            "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(@1, @2) ORDER BY id, seq",
            r => (Id: r.GetInt64(0), Table: r.GetString(1), From: r.GetString(2), To: r.IsDBNull(3) ? null : r.GetString(3), OnDelete: r.GetString(4), OnUpdate: r.GetString(5)),
            cancellation,
            table,
            schema);
        return [.. rows.GroupBy(r => r.Id).Select(g => new ForeignKeySchema(null, [.. g.Select(r => r.From)], new TableName(null, g.First().Table), [.. g.Select(r => r.To).OfType<string>()])
        {
            OnDelete = g.First().OnDelete,
            OnUpdate = g.First().OnUpdate,
        })];
    }

    private static Dictionary<string, long> Sizes(SqliteSession session, CancellationToken cancellation)
    {
        try
        {
            return session.Query("SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name", r => (r.GetString(0), r.GetInt64(1)), cancellation).ToDictionary();
        }
        catch (DataException)
        {
            // Not every library is built with this table.
            return [];
        }
    }
}
