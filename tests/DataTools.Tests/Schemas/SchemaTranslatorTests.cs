using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Tests.Schemas;

/// <summary>Tables made in another kind of database from what the catalogue of the first says.</summary>
public sealed class SchemaTranslatorTests
{
    private static readonly IDatabase Sqlite = KnownDatabases.Find("Sqlite");
    private static readonly IDatabase Postgres = KnownDatabases.Find("PostgreSql");

    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("PostgreSql", "Sqlite")]
    [InlineData("Sqlite", "PostgreSql")]
    [InlineData("PostgreSql", "MariaDb", "Sqlite")]
    public void Chinook_is_the_same_in_every_database(params string[] chain)
    {
        using var chinook = TestSession.Open($"sqlite:{TestPlaces.Data("chinook.sqlite")}?mode=ro");
        var source = DatabaseSchema.Read(chinook, null, CancellationToken.None);
        var (schema, kind) = (source, Sqlite);
        foreach (var next in chain)
        {
            using var target = new TestSession(next);
            Assert.DoesNotContain(target.Make(schema, kind), l => !l.Reason.Contains("NUL", StringComparison.Ordinal) && !l.Reason.Contains("has no place", StringComparison.Ordinal));
            (schema, kind) = (target.Read(), target.Sql.Database);
        }

        Assert.Equal(source.Tables.SelectMany(Lines).Order(StringComparer.Ordinal), schema.Tables.SelectMany(Lines).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sqlite_is_carried_with_defaults_checks_and_indexes()
    {
        using var source = new TestSession("Sqlite");
        using var target = new TestSession("PostgreSql");
        source.Run(
            "CREATE TABLE p (a TEXT, b TEXT, CONSTRAINT two PRIMARY KEY (a, b))",
            "CREATE TABLE q (a TEXT NOT NULL, CONSTRAINT two PRIMARY KEY (a))",
            """
            CREATE TABLE "odd ""t" (id INTEGER PRIMARY KEY AUTOINCREMENT, "n ]x" VARCHAR(20) NOT NULL DEFAULT 'it''s' CHECK (length("n ]x") > 2), [made at] TIMESTAMP DEFAULT CURRENT_TIMESTAMP, ok BOOLEAN DEFAULT 1,
              price NUMERIC(10,2) DEFAULT -1.50, a TEXT, b TEXT, raw BLOB DEFAULT x'00ff', twice INTEGER AS (id * 2) STORED, label TEXT GENERATED ALWAYS AS (a || 'x') VIRTUAL,
              CONSTRAINT positive CHECK (price > -2 AND (ok = 1 OR price BETWEEN 1 AND 5 OR a IN ('x', 'y'))), CONSTRAINT ab UNIQUE (a, b),
              CONSTRAINT to_p FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)
            """,
            "CREATE INDEX by_lower ON \"odd \"\"t\" (lower(a) DESC, price)",
            "CREATE UNIQUE INDEX some ON \"odd \"\"t\" (price) WHERE ok = 1 AND a IS NOT NULL");

        var losses = target.Make(source.Read(), Sqlite);
        var table = target.Table("\"odd \"\"t\"");

        Assert.Equal(["a column of the primary key takes no nulls here", "a column of the primary key takes no nulls here"], losses.Where(l => l.Table.Name == "p" && !l.Reason.Contains("NUL ", StringComparison.Ordinal)).Select(l => l.Reason));
        Assert.Equal(["id bigint", "n ]x character varying(20)", "made at timestamp without time zone", "ok boolean", "price numeric(10,2)", "a text", "b text", "raw bytea", "twice bigint", "label text"], table.Columns.Select(c => $"{c.Name} {c.NativeType}"));
        Assert.Equal(["", "'it''s'::character varying", "CURRENT_TIMESTAMP", "true", "'-1.50'::numeric", "", "", "'\\x00ff'::bytea", "", ""], table.Columns.Select(c => c.Default ?? ""));
        Assert.Equal([IdentityKind.ByDefault], table.Columns.Where(c => c.IsIdentity).Select(c => c.Identity!.Kind));
        Assert.Equal(["(id * 2)", "(a || 'x'::text)"], table.Columns.Select(c => c.Generated).OfType<string>());
        Assert.Equal(["", "positive"], table.Checks.Select(c => c.Name == "positive" ? c.Name : "").Order(StringComparer.Ordinal));
        Assert.Contains("ok = true", table.Checks.Single(c => c.Name == "positive").Expression, StringComparison.Ordinal);
        var key = Assert.Single(table.ForeignKeys);
        Assert.Equal(("to_p", "CASCADE", "SET NULL", Deferral.Deferred), (key.Name, key.OnDelete, key.OnUpdate, key.Deferral));
        Assert.Equal(["by_lower (lower(a)) DESC,price ", "odd \"t_ab a,b constraint", "some price ((ok = true) AND (a IS NOT NULL))"], table.Indexes.Select(i => $"{i.Name} {string.Join(',', i.Parts.Select(p => p + (p.Descending ? " DESC" : "")))} {(i.IsConstraint ? "constraint" : i.Where)}"));
    }

    [Fact]
    public void PostgreSql_is_carried_and_what_cannot_be_is_named()
    {
        using var source = new TestSession("PostgreSql");
        using var target = new TestSession("Sqlite");
        source.Run(
            "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
            """
            CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, s varchar(20) DEFAULT 'a' CHECK (s IN ('a', 'b')), price numeric(8,2) DEFAULT 0 CHECK (price > 0.5), made timestamptz DEFAULT now(), day date DEFAULT CURRENT_DATE,
              m mood DEFAULT 'sad', tags text[], r int4range, c text COLLATE "C", x text CHECK (x ~ '^a'), u uuid DEFAULT gen_random_uuid(), seq bigint DEFAULT floor(random()), e text, EXCLUDE USING gist (r WITH &&), UNIQUE (e))
            """,
            "CREATE INDEX part ON t (s DESC) WHERE price > 10",
            "CREATE INDEX expr ON t (lower(s))",
            "CREATE INDEX many ON t USING gin (tags)",
            "CREATE INDEX inc ON t (s) INCLUDE (day)",
            "COMMENT ON COLUMN t.s IS 'the s'");

        var losses = target.Make(source.Read(), Postgres).Select(l => $"{l.Object}: {l.Reason}").ToList();
        var table = target.Table("t");

        Assert.Equal(["id INTEGER", "n INTEGER", "s VARCHAR(20)", "price DECIMAL_TEXT(8,2)", "made TIMESTAMPTZ", "day DATE", "m TEXT"], table.Columns.Take(7).Select(c => $"{c.Name} {c.NativeType}"));
        Assert.Equal(["", "", "'a'", "0", "CURRENT_TIMESTAMP", "CURRENT_DATE", "'sad'"], table.Columns.Take(7).Select(c => c.Default ?? ""));
        Assert.Equal(["\"s\" IN ('a', 'b')", "\"m\" IN ('sad', 'it''s ok')", "CAST(\"price\" AS NUMERIC) > 0.5"], table.Checks.Select(c => c.Expression).OrderBy(c => c.Length));
        Assert.Equal(["expr (lower(\"s\"))", "inc s", "part s", "t_e_key e"], table.Indexes.Select(i => $"{i.Name} {string.Join(',', i.Columns)}").Order(StringComparer.Ordinal));
        Assert.Equal("(CAST(\"price\" AS NUMERIC) > 10)", table.Indexes.Single(i => i.Name == "part").Where);

        string[] expected =
        [
            "n: SQLite numbers only", "m: the enumeration becomes TEXT with a check", "r: int4range becomes TEXT: it is carried as the text", "c: the collation C has no counterpart", "t_x_check: the check (x ~ '^a'::text) is not carried",
            "u: the default gen_random_uuid() is not carried", "seq: the default floor(random()) is not carried", "t_r_excl: the index is not carried: Sqlite has no exclusion constraints", "many: the index is not carried: Sqlite has no index of the kind gin",
            "inc: the index does not carry day besides", "s: Sqlite keeps no comments: the s", "tags: text[] becomes JSON_TEXT: a list becomes JSON",
        ];
        Assert.DoesNotContain(expected, e => !losses.Exists(l => l.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, losses.Count);
    }

    /// <summary>Unique keys of MariaDB pass over case and spaces at the end, unless the collation is another; keys hold no endless texts.</summary>
    [Fact]
    public void MariaDb_tells_apart_what_the_source_did_and_keys_fit()
    {
        using var source = new TestSession("PostgreSql");
        using var target = new TestSession("MariaDb");
        source.Run(
            "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
            "CREATE TABLE t (id serial PRIMARY KEY, code text UNIQUE, long text, a varchar(900), b varchar(900), m mood DEFAULT 'sad', ok bool DEFAULT true, made timestamptz DEFAULT now(), d numeric(8,2) DEFAULT 1.5 CHECK (d > 0.5), back varchar(9) DEFAULT 'a\\''b')",
            "CREATE INDEX by_long ON t (long)", "CREATE INDEX by_two ON t (a, b)", "CREATE INDEX part ON t (a) WHERE id > 5", "COMMENT ON COLUMN t.a IS 'it''s a'");
        var losses = target.Make(source.Read(), Postgres).Select(l => $"{l.Object}: {l.Reason}").ToList();
        target.Run("INSERT INTO t (code) VALUES ('a'), ('a '), ('A'), ('á')");
        var table = target.Table("t");

        Assert.Equal("utf8mb4_nopad_bin", table.Find("code")!.Collation);
        Assert.Equal(["", "384,384", "768"], table.Indexes.Select(i => string.Join(',', i.Parts.Select(p => p.Prefix))).Order(StringComparer.Ordinal));
        Assert.Equal(["sad", "it's ok"], table.Find("m")!.Values);
        Assert.Equal("it's a", table.Find("a")!.Comment);
        Assert.Equal(["sad 1 1.50 a\\'b"], target.Sql.Query("SELECT concat_ws(' ', m, ok, d, back) FROM t WHERE id = 1", r => r.GetString(0), CancellationToken.None));
        Assert.Contains(losses, l => l.StartsWith("code: longtext cannot stand in a key", StringComparison.Ordinal));
        Assert.Contains(losses, l => l.StartsWith("by_long: an index has at most 3072 bytes", StringComparison.Ordinal));
        Assert.Contains(losses, l => l.StartsWith("part: the index is not carried: MariaDb has no indexes over a part of the rows", StringComparison.Ordinal));
        Assert.ThrowsAny<Exception>(() => target.Run("INSERT INTO t (d) VALUES (0.4)"));
    }

    [Fact]
    public void Names_too_long_are_refused_or_shortened()
    {
        using var source = new TestSession("Sqlite");
        using var target = new TestSession("PostgreSql");
        var twin = new string('é', 35);
        source.Run($"CREATE TABLE t (a INTEGER, b INTEGER)", $"CREATE INDEX \"{twin}1\" ON t (a)", $"CREATE INDEX \"{twin}2\" ON t (b)", $"CREATE TABLE u (\"{twin}\" INTEGER)");

        var t = SchemaTranslator.Translate(source.Table("t"), Sqlite, Postgres);
        target.Run([.. target.Sql.Dialect.Create(t.Table)]);
        Assert.Equal(2, target.Table("t").Indexes.Count);
        Assert.All(t.Losses, l => Assert.Contains("the name is longer than the 63 bytes", l.Reason, StringComparison.Ordinal));
        Assert.Equal(nameof(DataErrors.NameTooLong), Assert.Throws<DataException>(() => SchemaTranslator.Translate(source.Table("u"), Sqlite, Postgres)).Id);
        Assert.Equal("short", SchemaTranslator.Translate(source.Table("u"), Sqlite, Postgres, new TranslationOptions { Columns = new Dictionary<string, string?> { [twin] = "short" } }).Table.Columns[0].Name);
    }

    [Fact]
    public void Columns_are_renamed_left_out_and_typed()
    {
        using var source = new TestSession("Sqlite");
        source.Run("CREATE TABLE o (id INTEGER PRIMARY KEY)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''), b TEXT, o INTEGER REFERENCES o, n TEXT)", "CREATE INDEX i ON t (a, b)", "CREATE INDEX j ON t (b)");
        var options = new TranslationOptions
        {
            Name = new TableName("s", "t2"),
            Columns = new Dictionary<string, string?> { ["a"] = "A2", ["b"] = null },
            Types = new Dictionary<string, string> { ["n"] = "decimal(12,3)" },
            TypeRules = [new TypeRule("integer", "int32")],
            References = n => n.Name == "o" ? new TableName("s", "orders") : null,
        };
        var (table, losses) = SchemaTranslator.Translate(source.Table("t"), Sqlite, Postgres, options);

        Assert.Equal("s.t2 id integer, A2 text, o integer, n numeric(12,3)", $"{table} {string.Join(", ", table.Columns.Select(c => $"{c.Name} {c.NativeType}"))}");
        Assert.Equal("(\"A2\" <> '')", Assert.Single(table.Checks).Expression);
        Assert.Equal("s.orders", Assert.Single(table.ForeignKeys).References.ToString());
        Assert.Empty(table.Indexes);
        Assert.Equal(["i", "j"], losses.Where(l => l.Reason.StartsWith("the index", StringComparison.Ordinal)).Select(l => l.Object).Order());
    }

    [Fact]
    public void Tables_are_ordered_by_their_keys_and_circles_are_named()
    {
        TableSchema[] tables = [Table("d", "c"), Table("c", "b", "a"), Table("a", "a"), Table("b", "x", "e"), Table("e", "b"), Table("f")];
        var order = TableOrder.Of(tables);

        Assert.Equal(["a f", "b", "c e", "d"], order.Levels.Select(l => string.Join(' ', l.Select(t => t.Name.Name).Order())));
        Assert.Equal("b to e", Assert.Single(order.Cycles.Select(c => $"{c.Table} to {c.Key.References}")));

        static TableSchema Table(string name, params string[] to) => new(new TableName(null, name), TableKind.Table, [new ColumnSchema("i", "integer", DataTypes.Int32, true)])
        {
            ForeignKeys = [.. to.Select(t => new ForeignKeySchema(null, ["i"], new TableName(null, t), ["i"]))],
        };
    }

    /// <summary>A table but for its constraints' names and its dialect.</summary>
    private static IEnumerable<string> Lines(TableSchema table)
    {
        foreach (var column in table.Columns)
        {
            yield return $"{table.Name.Name}.{column.Name} {column.Type} {(column.Type is TextType ? NativeType.Parse(column.NativeType).Length : null)} {column.Nullable} {column.IsIdentity} {column.Default}";
        }

        yield return $"{table.Name.Name} key {string.Join(',', table.PrimaryKey!.Columns)}";
        foreach (var index in table.Indexes)
        {
            yield return $"{table.Name.Name} index {index.Name} {index.IsUnique} {string.Join(',', index.Columns)}";
        }

        foreach (var key in table.ForeignKeys)
        {
            yield return $"{table.Name.Name} foreign {string.Join(',', key.Columns)} {key.References.Name} {string.Join(',', key.ReferencedColumns)} {key.OnDelete} {key.OnUpdate}";
        }
    }
}
