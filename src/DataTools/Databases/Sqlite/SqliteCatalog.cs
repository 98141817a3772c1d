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
        var text = new SqliteTableText(type == "table" ? sql : "");
        var key = new SortedDictionary<long, string>();
        var columns = Columns(session, inSchema, table, text, key, cancellation);
        return new TableSchema(name with { Name = table }, type == "view" ? TableKind.View : TableKind.Table, columns)
        {
            PrimaryKey = key.Count == 0 ? null : new KeySchema(text.PrimaryKeyName, [.. key.Values]),
            Indexes = Indexes(session, inSchema, table, text, cancellation),
            ForeignKeys = ForeignKeys(session, inSchema, table, text, cancellation),
            Checks = text.Checks,
            Options = text.Options.Length == 0 ? null : text.Options,
        };
    }

    private static List<ColumnSchema> Columns(SqliteSession session, string schema, string table, SqliteTableText text, SortedDictionary<long, string> key, CancellationToken cancellation)
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
                    Generated = text.Generated.GetValueOrDefault(r.GetString(0)),
                    IsVirtual = r.GetInt64(5) == 2,
                    Collation = text.Collations.GetValueOrDefault(r.GetString(0)),
                };
            },
            cancellation,
            table,
            schema);
        if (key.Count == 1 && !text.Options.Contains("WITHOUT ROWID", StringComparison.Ordinal))
        {
            // An INTEGER PRIMARY KEY is the row's own number, which SQLite gives.
            var identity = new IdentitySchema(text.HasAutoIncrement ? IdentityKind.AutoIncrement : IdentityKind.RowId);
            columns = [.. columns.Select(c => c.Name == key.Values.Single() && c.NativeType.Equals("INTEGER", StringComparison.OrdinalIgnoreCase) ? c with { Identity = identity, Nullable = false } : c)];
        }

        return columns;
    }

    private static List<IndexSchema> Indexes(SqliteSession session, string schema, string table, SqliteTableText text, CancellationToken cancellation)
    {
        var indexes = session.Query(
            $"SELECT l.name, l.\"unique\", l.origin, m.sql FROM pragma_index_list(@1, @2) l LEFT JOIN {session.Dialect.Quote(schema)}.sqlite_master m ON m.name = l.name AND m.type = 'index' WHERE l.origin <> 'pk' ORDER BY l.seq DESC",
            r => (Name: r.GetString(0), Unique: r.GetInt64(1) != 0, Origin: r.GetString(2), Sql: r.IsDBNull(3) ? null : r.GetString(3)),
            cancellation,
            table,
            schema);
        return [.. indexes.Select(i =>
        {
            var parts = Parts(session, schema, i.Name, i.Sql, text, cancellation);
            var given = i.Origin == "u" ? text.UniqueName([.. parts.Select(p => p.Text)]) : i.Name;
            return new IndexSchema(given ?? i.Name, [.. parts.Select(p => p.ToString())], i.Unique)
            {
                Parts = parts,
                Definition = i.Sql,
                IsConstraint = i.Origin == "u",
                IsNameGenerated = given is null,
                Where = i.Sql is null ? null : SqliteTableText.IndexCondition(i.Sql),
            };
        })];
    }

    private static List<IndexPart> Parts(SqliteSession session, string schema, string index, string? sql, SqliteTableText text, CancellationToken cancellation)
    {
        var columns = session.Query(
            "SELECT name, \"desc\", coll FROM pragma_index_xinfo(@1, @2) WHERE \"key\" = 1 ORDER BY seqno",
            r => (Name: r.IsDBNull(0) ? null : r.GetString(0), Descending: r.GetInt64(1) != 0, Collation: r.GetString(2)),
            cancellation,
            index,
            schema);
        var written = sql is not null && columns.Exists(c => c.Name is null) ? SqliteTableText.IndexItems(sql) : [];
        return [.. columns.Select((c, i) => new IndexPart(c.Name ?? SqliteTableText.WithoutOrder(written[i]), c.Name is null)
        {
            Descending = c.Descending,
            Collation = c.Name is null || c.Collation.Equals(text.Collations.GetValueOrDefault(c.Name, "BINARY"), StringComparison.OrdinalIgnoreCase) ? null : c.Collation,
        })];
    }

    private static List<ForeignKeySchema> ForeignKeys(SqliteSession session, string schema, string table, SqliteTableText text, CancellationToken cancellation)
    {
        var rows = session.Query(
            "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(@1, @2) ORDER BY id DESC, seq",
            r => (Id: r.GetInt64(0), Table: r.GetString(1), From: r.GetString(2), To: r.IsDBNull(3) ? null : r.GetString(3), OnDelete: r.GetString(4), OnUpdate: r.GetString(5)),
            cancellation,
            table,
            schema);
        return [.. rows.GroupBy(r => r.Id).Select(g =>
        {
            List<string> columns = [.. g.Select(r => r.From)];
            var first = g.First();
            // A key that names no columns points to the primary key.
            var to = first.To is null
                ? session.Query("SELECT name FROM pragma_table_info(@1, @2) WHERE pk > 0 ORDER BY pk", r => r.GetString(0), cancellation, first.Table, schema)
                : [.. g.Select(r => r.To!)];
            var (name, deferral) = text.ForeignKey(columns);
            return new ForeignKeySchema(name, columns, new TableName(null, first.Table), to) { OnDelete = first.OnDelete, OnUpdate = first.OnUpdate, Deferral = deferral };
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
