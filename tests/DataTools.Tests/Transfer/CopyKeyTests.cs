using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Keys and indexes on their way to another database.</summary>
public sealed class CopyKeyTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    /// <summary>What one database lets a key do to rows another refuses, and then the whole key.</summary>
    [Theory]
    [InlineData("Sqlite", "MariaDb")]
    [InlineData("PostgreSql", "MariaDb")]
    [InlineData("Sqlite", "PostgreSql")]
    [InlineData("PostgreSql", "Sqlite")]
    [InlineData("PostgreSql", "DuckDb")]
    public void Rules_of_keys_that_the_target_refuses_are_losses(string from, string to)
    {
        using var source = TestDatabase.Make(from);
        using var target = TestDatabase.Make(to);
        Run(source.Url, "CREATE TABLE p (id integer PRIMARY KEY)");
        Run(source.Url, $$"""
            CREATE TABLE k (id integer PRIMARY KEY, a integer NOT NULL REFERENCES p ON DELETE SET NULL, b integer DEFAULT 1 REFERENCES p ON DELETE SET DEFAULT ON UPDATE SET DEFAULT,
                c integer CHECK (c > 0) REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE, d integer REFERENCES p ON UPDATE SET NULL, e integer GENERATED ALWAYS AS (d + 1) STORED,
                f integer REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE{{(from == "Sqlite" ? ", g integer GENERATED ALWAYS AS (a) STORED REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE" : "")}})
            """);
        Run(source.Url, "INSERT INTO p VALUES (1), (2)");
        Run(source.Url, "INSERT INTO k (id, a, b, c, d, f) VALUES (1, 1, 2, 1, 1, 2)");

        var plan = (string)session.Values("(Copy-DataTable $args[0] $args[1] * -PlanOnly).ToString()", source.Url, target.Url)[0]!;
        session.Run("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url);

        Assert.Equal(["1|1|2|1|1|2|2"], TableContents.Of(target.Url, "k").Select(l => string.Join('|', l.Split('|')[..7])));
        var keys = TableContents.Schema(target.Url, "k").ForeignKeys.OrderBy(k => k.Columns[0], StringComparer.Ordinal).Select(k => $"{k.Columns[0]} {Short(k.OnDelete)} {Short(k.OnUpdate)}");
        Assert.Equal((to, from) switch
        {
            ("MariaDb", "Sqlite") => "a - -, b - -, c cascade -, d - -, f set null cascade, g cascade -",
            ("MariaDb", _) => "a - -, b - -, c cascade -, d - -, f set null cascade",
            ("PostgreSql", _) => "a set null -, b set default set default, c cascade cascade, d - set null, f set null cascade, g cascade -",
            ("Sqlite", _) => "a set null -, b set default set default, c cascade cascade, d - set null, f set null cascade",
            _ => "a - -, b - -, c - -, d - -, f - -",
        }, string.Join(", ", keys));
        Assert.Equal(to is "MariaDb" or "DuckDb" || from == "Sqlite", plan.Contains(" ON UPDATE CASCADE is refused", StringComparison.Ordinal) || plan.Contains("no ON UPDATE", StringComparison.Ordinal));
        Assert.Equal(to == "MariaDb", plan.Contains("ON DELETE SET NULL is refused, for a takes no nulls", StringComparison.Ordinal));
        Assert.Equal(to == "MariaDb", plan.Contains("the check (`c` > 0) looks at what it would change", StringComparison.Ordinal));

        static string Short(string rule) => rule is "NO ACTION" or "RESTRICT" ? "-" : rule.ToLowerInvariant();
    }

    /// <summary>Keys whose columns have other types than those to which they point, or point to what is not unique, are refused by some.</summary>
    [Theory]
    [InlineData("PostgreSql", "MariaDb", "pid is bigint, and id of p int|small is smallint, and id of p int")]
    [InlineData("PostgreSql", "DuckDb", "pid is BIGINT, and id of p INTEGER|small is SMALLINT, and id of p INTEGER")]
    [InlineData("PostgreSql", "PostgreSql", "")]
    [InlineData("PostgreSql", "Sqlite", "")]
    [InlineData("Sqlite", "PostgreSql", "word is text, and id of p bigint|no key of p makes v unique")]
    [InlineData("Sqlite", "MariaDb", "word is varchar(192), and id of p bigint|no index of p begins with v")]
    [InlineData("Sqlite", "DuckDb", "word is VARCHAR, and id of p BIGINT|no key of p makes v unique")]
    [InlineData("MariaDb", "PostgreSql", "no key of p makes v unique")]
    [InlineData("MariaDb", "Sqlite", "no key of p makes v unique")]
    public void Keys_that_the_target_refuses_are_losses(string from, string to, string reasons)
    {
        using var source = TestDatabase.Make(from);
        using var target = TestDatabase.Make(to);
        Run(source.Url, $"CREATE TABLE p (id integer PRIMARY KEY, u varchar(20) UNIQUE, v integer{(from == "MariaDb" ? ", KEY (v)" : "")})");
        Run(source.Url, from switch
        {
            "PostgreSql" => "CREATE TABLE k (id integer PRIMARY KEY, pid bigint REFERENCES p, small smallint REFERENCES p, u text REFERENCES p (u), own integer REFERENCES k)",
            "Sqlite" => "CREATE TABLE k (id integer PRIMARY KEY, word text REFERENCES p, v integer REFERENCES p (v), u varchar(10) REFERENCES p (u), own integer REFERENCES k)",
            _ => "CREATE TABLE k (id integer PRIMARY KEY, v integer REFERENCES p (v), u varchar(20) REFERENCES p (u), own integer REFERENCES k (id))",
        });
        Run(source.Url, "INSERT INTO p VALUES (1, 'a', 7)");
        Run(source.Url + (from == "Sqlite" ? "?foreign_keys=false" : ""), "INSERT INTO k (id, u) VALUES (1, 'a')");

        var plan = (string)session.Values("(Copy-DataTable $args[0] $args[1] * -PlanOnly).ToString()", source.Url, target.Url)[0]!;
        session.Run("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url);

        Assert.Single(TableContents.Of(target.Url, "k"));
        var wanted = reasons.Split('|', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(wanted.Length, plan.Split("the key is not carried").Length - 1);
        Assert.All(wanted, w => Assert.Contains($"the key is not carried: {w}", plan, StringComparison.Ordinal));
        Assert.Equal(TableContents.Schema(source.Url, "k").ForeignKeys.Count - wanted.Length, TableContents.Schema(target.Url, "k").ForeignKeys.Count);
    }

    /// <summary>A key follows the columns to which it points.</summary>
    [Fact]
    public void Keys_point_to_columns_by_their_new_names()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("PostgreSql");
        Run(source.Url, "CREATE TABLE p (id INTEGER PRIMARY KEY)");
        Run(source.Url, "CREATE TABLE k (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id))");
        session.Run("Copy-DataTable $args[0] $args[1] * -ColumnMap @{ p = @{ id = 'number' }; k = @{ p = 'of' } }", source.Url, target.Url);
        var key = Assert.Single(TableContents.Schema(target.Url, "k").ForeignKeys);
        Assert.Equal(["of", "number"], key.Columns.Concat(key.ReferencedColumns));
    }

    /// <summary>PostgreSQL's keys that set some of their columns, and those whose rows have all values or none.</summary>
    [Fact]
    public void Keys_of_PostgreSql_keep_what_only_it_has()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        using var other = TestDatabase.Make("Sqlite");
        Run(source.Url, "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))");
        Run(source.Url, "CREATE TABLE k (a int NOT NULL, \"B b\" int, c int, d int, FOREIGN KEY (a, \"B b\") REFERENCES p ON DELETE SET NULL (\"B b\"), CONSTRAINT whole FOREIGN KEY (c, d) REFERENCES p MATCH FULL ON UPDATE CASCADE)");
        session.Run("Copy-DataTable $args[0] $args[1] *; Copy-DataTable $args[0] $args[2] *", source.Url, target.Url, other.Url);
        var warning = Assert.Single(session.Warnings, w => w.Contains("MATCH FULL", StringComparison.Ordinal));
        const string Keys = "(Invoke-DataQuery \"SELECT string_agg(pg_get_constraintdef(oid), ';' ORDER BY conname) AS keys FROM pg_constraint WHERE contype = 'f'\" -Connection $args[0]).keys";
        Assert.Equal(["FOREIGN KEY (a, \"B b\") REFERENCES p(a, b) ON DELETE SET NULL (\"B b\");FOREIGN KEY (c, d) REFERENCES p(a, b) MATCH FULL ON UPDATE CASCADE"], session.Values(Keys, target.Url));
        Assert.Equal(["CASCADE", "NO ACTION"], TableContents.Schema(other.Url, "k").ForeignKeys.Select(k => k.OnUpdate).Order(StringComparer.Ordinal));
        Assert.Contains("ON DELETE SET NULL (\"B b\") is refused, for Sqlite sets all columns of a key or none", warning, StringComparison.Ordinal);
    }

    /// <summary>Names of keys and indexes are taken by the table that stays.</summary>
    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("Sqlite")]
    [InlineData("DuckDb")]
    public void A_table_is_copied_within_its_database_under_another_name(string kind)
    {
        using var database = TestDatabase.Make(kind);
        Run(database.Url, "CREATE TABLE p (id integer PRIMARY KEY)");
        Run(database.Url, "CREATE TABLE t (id integer PRIMARY KEY, p integer, v varchar(20), CONSTRAINT points FOREIGN KEY (p) REFERENCES p (id), CONSTRAINT single UNIQUE (v), CONSTRAINT sound CHECK (id > 0))");
        Run(database.Url, "CREATE INDEX t_p_idx ON t (p)");
        Run(database.Url, "CREATE INDEX plain ON t (v, p)");
        Run(database.Url, "INSERT INTO p VALUES (1)");
        Run(database.Url, "INSERT INTO t VALUES (1, 1, 'x')");
        session.Run("Copy-DataTable $args[0] $args[0] t -RenameTable @{ t = 'u' }", database.Url);

        Assert.Equal(["1|1|x"], TableContents.Of(database.Url, "u"));
        var (before, after) = (TableContents.Schema(database.Url, "t"), TableContents.Schema(database.Url, "u"));
        Assert.Equal(before.Indexes.Select(i => string.Join(',', i.Columns)).Order(StringComparer.Ordinal), after.Indexes.Select(i => string.Join(',', i.Columns)).Order(StringComparer.Ordinal));
        Assert.Contains("u_p_idx", after.Indexes.Select(i => i.Name));
        Assert.Equal("p", Assert.Single(after.ForeignKeys).References.Name);
    }

    /// <summary>The table to which a key points may be there already.</summary>
    [Fact]
    public void Keys_find_tables_of_an_earlier_copy()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("DuckDb");
        Run(source.Url, "CREATE TABLE p (id int PRIMARY KEY)");
        Run(source.Url, "CREATE TABLE k (id int PRIMARY KEY, p int REFERENCES p)");
        session.Run("Copy-DataTable $args[0] $args[1] p; Copy-DataTable $args[0] $args[1] k", source.Url, target.Url);
        Assert.Equal("p", Assert.Single(TableContents.Schema(target.Url, "k").ForeignKeys).References.Name);
    }

    /// <summary>Of two rows that go, one may point to the other.</summary>
    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("Sqlite")]
    public void Missing_rows_that_point_to_each_other_are_deleted(string kind)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make(kind);
        Run(source.Url, "CREATE TABLE t (id VARCHAR(10) PRIMARY KEY, p VARCHAR(10) REFERENCES t)");
        Run(source.Url, "INSERT INTO t VALUES ('a', NULL), ('b', 'a'), ('c', 'b'), ('d', 'a'), ('A', NULL), ('a ', NULL)");
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);
        Run(source.Url, "DELETE FROM t WHERE id IN ('c', 'b', 'A', 'a ')");
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Hard -Confirm:$false", source.Url, target.Url);
        Assert.Equal(["a|~", "d|a"], TableContents.Of(target.Url, "t"));
    }

    private void Run(string url, string sql) => TestDatabase.Run(session, url, sql);
}
