using DataTools.Tests.Databases;

namespace DataTools.Tests.Schemas;

/// <summary>New-DataMigration -Autogenerate as users call it, and what it writes run by Invoke-DataMigration.</summary>
public sealed class AutogenerateTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Generate = "$ErrorActionPreference = 'Stop'; New-DataMigration change -Path $args[1] -Autogenerate -Connection $args[0] -Model $args[2]";

    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql", "MariaDb"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Chinook_is_rebuilt_from_nothing_by_a_generated_migration(string kind)
    {
        using var chinook = TestSession.Open($"sqlite:{TestPlaces.Data("chinook.sqlite")}?mode=ro");
        using var model = new TestSession(kind);
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        model.Make(DataTools.Schemas.DatabaseSchema.Read(chinook, null, CancellationToken.None), chinook.Database);
        session.Run(Generate, database.Url, folder["migrations"], model.Url);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["migrations"]);

        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Table -notlike '*datatools*'", model.Url, database.Url));
        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["migrations"], model.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Steps 1 -Confirm:$false", database.Url, folder["migrations"]);
        Assert.Equal([0], session.Values("@(Get-DataTable -Connection $args[0] | Where-Object Name -notlike 'datatools*').Count", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_destroys_must_be_allowed_and_renamings_answered(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE people (id integer PRIMARY KEY, mail text, age integer); INSERT INTO people VALUES (1, 'a@b', 3)");
        var model = folder.Write("schema.sql", "CREATE TABLE people (id integer PRIMARY KEY, email text NOT NULL, age bigint);\n");

        var error = session.Error(Generate, database.Url, folder["m"], model);
        Assert.StartsWith("DestructiveChange,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Rename @{ 'people.mail' = 'email' }", error.ToString(), StringComparison.Ordinal);

        session.Run(Generate + " -Rename @{ 'people.mail' = 'email' }", database.Url, folder["m"], model);
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(folder["m"])));
        Assert.DoesNotContain("-- destroys", text[..text.IndexOf("-- down", StringComparison.Ordinal)], StringComparison.Ordinal);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["1 a@b 3"], session.Values("Import-DataTable people -Connection $args[0] | ForEach-Object { \"$($_.id) $($_.email) $($_.age)\" }", database.Url));
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Steps 1 -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["a@b"], session.Values("(Import-DataTable people -Connection $args[0]).mail", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_model_may_be_the_schema_after_all_migrations(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["other"]);
        folder.Write("other/20260101T000000_one.sql", "-- up\nCREATE TABLE a (id integer PRIMARY KEY, n integer);\n-- down\nDROP TABLE a;\n");
        folder.Write("other/20260102T000000_two.sql", "-- expand\nALTER TABLE a ADD COLUMN m integer;\n-- contract\nALTER TABLE a DROP COLUMN n;\n");
        session.Run(Generate, database.Url, folder["m"], folder["other"]);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);

        Assert.Equal(["1 2"], session.Values("Invoke-DataQuery 'INSERT INTO a (id, m) VALUES (1, 2)' -Connection $args[0] -NonQuery | Out-Null; Import-DataTable a -Connection $args[0] | ForEach-Object { \"$($_.PSObject.Properties.Value)\" }", database.Url));
        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["m"], folder["other"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_may_be_a_dump_whose_views_and_sequences_are_named_as_not_written()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        var model = folder.Write(
            "dump.sql",
            "\\restrict abc\n\nSET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (id integer NOT NULL);\n"
            + "CREATE VIEW public.v AS SELECT id FROM public.t;\nCREATE SEQUENCE public.s;\nALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n\\unrestrict abc\n");
        var warnings = session.Values(Generate + " -WarningVariable warned 3> $null | Out-Null; $warned.Message", database.Url, folder["m"], model).Cast<string>().ToList();

        Assert.Equal(["Sequence public.s", "View public.v"], warnings.Select(w => w[(w.IndexOf(": ", StringComparison.Ordinal) + 2)..w.IndexOf(", which", StringComparison.Ordinal)]));
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["t"], session.Values("(Get-DataTable -Connection $args[0] | Where-Object Name -notlike 'datatools*').Name", database.Url));
    }

    /// <summary>A history under a name of one's own is no table that the model lacks.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_history_is_known_under_any_name(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["m"]);
        folder.Write("m/20260101T000000_a.sql", "CREATE TABLE a (id int);");
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -HistoryTable applied -Confirm:$false", database.Url, folder["m"]);

        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE a (id int);")).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    /// <summary>What only reads columns that change, or an enumeration that is made anew, is no hindrance.</summary>
    [Theory]
    [InlineData("CREATE VIEW held AS SELECT m FROM t", "view held uses column m of table t", "DROP VIEW held")]
    [InlineData("CREATE VIEW held AS SELECT count(*) FROM u", "view held uses table u", "DROP VIEW held")]
    [InlineData("CREATE MATERIALIZED VIEW held AS SELECT lower(m) AS l FROM t", "materialized view held uses column m of table t", "DROP MATERIALIZED VIEW held")]
    [InlineData("CREATE VIEW held AS SELECT 1::\"D d\" AS o", "view held uses type \"D d\"", "DROP VIEW held")]
    [InlineData("CREATE FUNCTION held(\"D d\"[]) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function held(\"D d\"[]) uses type \"D d\"[]", "DROP FUNCTION held")]
    [InlineData("CREATE FUNCTION held(u) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function held(u) uses type u", "DROP FUNCTION held")]
    [InlineData("CREATE FUNCTION held(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function held(mood) uses type mood", "DROP FUNCTION held")]
    [InlineData("CREATE POLICY held ON t USING (m = 'a')", "policy held on table t uses column m of table t", "DROP POLICY held ON t")]
    public void What_uses_what_goes_is_named_and_nothing_is_written(string made, string named, string dropped)
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(
            session, database.Url,
            "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN \"D d\" AS int CHECK (VALUE > 0); CREATE TABLE t (id int, m varchar(5), n int, e mood); CREATE TABLE u (i \"D d\"); CREATE POLICY own ON u USING (i > 1);"
            + " CREATE VIEW vn AS SELECT n FROM t WHERE e = 'b'; CREATE VIEW vi AS SELECT id FROM t; " + made);
        var model = folder.Write("s.sql", "CREATE TYPE mood AS ENUM ('b'); CREATE TABLE t (id int, n bigint, e mood);");

        var error = session.Error(Generate + " -AllowDestructive", database.Url, folder["m"], model);
        Assert.StartsWith("DroppedInUse,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"refuse to drop: {named}. ", error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["m"]));

        TestDatabase.Run(session, database.Url, dropped);
        session.Run(Generate + " -AllowDestructive 3> $null", database.Url, folder["m"], model);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1]", database.Url, model));
    }

    /// <summary>Where the database does not mind, the view could be read no more.</summary>
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("MariaDb")]
    public void Views_that_would_be_broken_are_named(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE t (id int, m int, n int); CREATE TABLE u (i int); CREATE VIEW vm AS SELECT M FROM t; CREATE VIEW vu AS SELECT i FROM u; CREATE VIEW vi AS SELECT id FROM t; CREATE VIEW vn AS SELECT n FROM t");

        Assert.Equal(
            ["View vm", "View vu"],
            session.Values(Generate + " -AllowDestructive -WarningVariable warned 3> $null | Out-Null; $warned.Message -match 'names what goes' -replace ' names.*'", database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE t (id int, n bigint);")));
    }

    [Fact]
    public void What_uses_a_column_of_a_table_that_is_renamed_is_found()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE \"T t\" (id int, m int); CREATE VIEW held AS SELECT m FROM \"T t\"");

        var error = session.Error(Generate + " -AllowDestructive -Rename @{ '\"T t\"' = 'new' }", database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE new (id int);"));
        Assert.Contains("view held uses column m of table \"T t\"", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The character set of a table, for columns that it gets later, is its own and not the database's.</summary>
    [Fact]
    public void Tables_keep_their_character_sets()
    {
        using var database = TestDatabase.Make("MariaDb");
        using var copy = TestDatabase.Make("MariaDb");
        using var folder = new TestFolder();
        TestDatabase.Run(
            session, database.Url,
            "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci; CREATE TABLE a (id int PRIMARY KEY, x varchar(9), j json, e enum('ü')); CREATE TABLE c (n int) CHARACTER SET binary;"
            + " CREATE TABLE b (y varchar(9) COLLATE utf8mb4_bin, n int) CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish_ci");
        session.Run(Generate, copy.Url, folder["m"], database.Url);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -SchemaPath $args[2] -Confirm:$false", copy.Url, folder["m"], folder["after.sql"]);

        const string Sets = "(Invoke-DataQuery \"SELECT CONCAT(TABLE_NAME, ' ', TABLE_COLLATION) AS v FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME < 'd' ORDER BY 1\" -Connection $args[0]).v";
        Assert.Equal(["a latin1_german1_ci", "b utf8mb4_spanish_ci", "c binary"], session.Values(Sets, copy.Url));
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Table -notlike '*datatools*'", database.Url, copy.Url));
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1]; Compare-DataSchema $args[2] $args[1]", database.Url, folder["after.sql"], copy.Url));

        TestDatabase.Run(session, database.Url, "ALTER TABLE b CHARACTER SET latin1; ALTER TABLE b ADD COLUMN z text; ALTER DATABASE CHARACTER SET utf8mb4; CREATE TABLE d (x text)");
        session.Run(Generate, copy.Url, folder["m"], database.Url);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", copy.Url, folder["m"]);
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Table -notlike '*datatools*'", database.Url, copy.Url));
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", copy.Url, folder["m"]);
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1]", copy.Url, folder["after.sql"]));
    }

    private const string ViewsAsTheyAre =
        "SELECT c.relname || ' ' || pg_get_userbyid(relowner) || ' ' || coalesce(relacl::text, '') || ' ' || coalesce(reloptions::text, '') || ' ' || coalesce(obj_description(c.oid, 'pg_class'), '') || ' ' || pg_get_viewdef(c.oid)"
        + " || (SELECT string_agg(concat_ws(' ', attname, attacl, col_description(c.oid, attnum), pg_get_expr(adbin, adrelid)), ';' ORDER BY attnum) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = c.oid AND attnum > 0) AS v"
        + " FROM pg_class c WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace ORDER BY 1";

    [Fact]
    public void Views_that_read_what_changes_come_back_as_they_were()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(
            session, database.Url,
            "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, m varchar(5), e mood, g int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t VALUES (1, 'x', 'b'); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_read_all_stats;"
            + " CREATE VIEW \"V m\" WITH (security_barrier, check_option = local) AS SELECT m AS \"M m\", id FROM t WHERE m <> 'it''s'; COMMENT ON VIEW \"V m\" IS 'it''s mine'; COMMENT ON COLUMN \"V m\".id IS 'number';"
            + " ALTER VIEW \"V m\" ALTER COLUMN id SET DEFAULT 7; GRANT SELECT, UPDATE ON \"V m\" TO pg_monitor WITH GRANT OPTION; GRANT INSERT (id) ON \"V m\" TO PUBLIC;"
            + " CREATE VIEW a_on_it AS SELECT count(*) AS n, max(v.id) AS i FROM \"V m\" v JOIN t ON t.id = v.id; REVOKE ALL ON a_on_it FROM pg_read_all_stats; ALTER VIEW a_on_it OWNER TO pg_monitor;"
            + " CREATE VIEW ve AS SELECT e, g FROM t WHERE e = 'b'; REVOKE ALL ON ve FROM CURRENT_USER; CREATE VIEW vi AS SELECT id FROM t");
        var model = folder.Write("s.sql", "CREATE TYPE mood AS ENUM ('b'); CREATE TABLE t (id int, m varchar(9), e mood, g int GENERATED ALWAYS AS (id * 3) STORED);");
        var before = session.Values("(Invoke-DataQuery $args[1] -Connection $args[0]).v", database.Url, ViewsAsTheyAre);
        session.Run(Generate + " -AllowDestructive 3> $null | Out-Null", database.Url, folder["m"], model);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);

        Assert.Equal(4, before.Count);
        Assert.Equal(before, session.Values("(Invoke-DataQuery $args[1] -Connection $args[0]).v", database.Url, ViewsAsTheyAre));
        Assert.Equal(["b 3", "varchar(9)"], session.Values("Invoke-DataQuery 'SELECT e::text || '' '' || g AS v FROM ve' -Connection $args[0] | ForEach-Object v; (Get-DataSchema -Connection $args[0] -Table t).Columns[1].NativeType -replace 'character varying', 'varchar'", database.Url));
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(before, session.Values("(Invoke-DataQuery $args[1] -Connection $args[0]).v", database.Url, ViewsAsTheyAre));
    }

    [Theory]
    [InlineData("CREATE MATERIALIZED VIEW kept AS SELECT m FROM t", "is more than a view")]
    [InlineData("CREATE VIEW kept AS SELECT m FROM t; CREATE RULE r AS ON INSERT TO kept DO INSTEAD NOTHING", "has rules")]
    [InlineData("CREATE VIEW first AS SELECT m FROM t; CREATE MATERIALIZED VIEW kept AS SELECT m FROM first", "is more than a view")]
    public void Views_that_cannot_come_back_as_they_were_are_named_and_nothing_is_done(string view, string reason)
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE t (id int, m varchar(5)); " + view);
        session.Run(Generate + " 3> $null | Out-Null", database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE t (id int, m varchar(9));"));
        var error = session.Error("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);

        Assert.Contains($"the view public.kept stands in the way and cannot be dropped and made again exactly, for it {reason}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(session.Values("(Get-DataTable -Connection $args[0]).Name", database.Url), n => Equals(n, "kept"));
    }

    [Fact]
    public void Domains_are_made_changed_and_dropped()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE DOMAIN short AS text CHECK (length(VALUE) < 5); CREATE TABLE t (s short); CREATE DOMAIN other AS int");
        var model = folder.Write(
            "s.sql",
            "CREATE SCHEMA app; CREATE DOMAIN \"Odd one\" AS int NOT NULL DEFAULT 3 CONSTRAINT \"is it\" CHECK (VALUE > 0); CREATE DOMAIN app.even AS \"Odd one\" CHECK (VALUE % 2 = 0); CREATE DOMAIN short AS text DEFAULT 'a' CHECK (length(VALUE) < 9);"
            + " CREATE DOMAIN other AS bigint; CREATE TYPE pair AS (a int); CREATE TABLE t (s short, e app.even DEFAULT 2, o \"Odd one\"[]); CREATE TABLE u (o \"Odd one\", p pair);");
        Assert.Equal(
            ["Domain app.even", "Domain \"Odd one\"", "Domain other", "Domain short"],
            session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Kind -eq Domain | ForEach-Object { \"Domain $($_.Table)\" } | Sort-Object { $_.Trim('\"') }", database.Url, model).Cast<string>().Select(d => d.Replace("public.", "")).Order(StringComparer.OrdinalIgnoreCase).OrderBy(d => d.Contains('"') ? 1 : d.Contains("app") ? 0 : 2));
        Assert.Equal(
            ["Not written, for it is no table: Domain other", "The type pair of the model's columns"],
            session.Values(Generate + " -WarningVariable warned 3> $null | Out-Null; $warned.Message -replace ', which.*' -replace ' is not in.*'", database.Url, folder["m"], model));

        TestDatabase.Run(session, database.Url, "CREATE TYPE pair AS (a int)");
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["other"], session.Values("(Compare-DataSchema $args[0] $args[1]).Table.Name", database.Url, model));
        Assert.StartsWith("RowRefused,", session.Error("Invoke-DataQuery 'INSERT INTO t (e) VALUES (3)' -Connection $args[0] -NonQuery", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        // A snapshot is a model.
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false -SchemaPath $args[2]", database.Url, folder["m"], folder["after.sql"]);
        Assert.Contains("CREATE DOMAIN \"short\" AS text CONSTRAINT \"short_check\" CHECK", File.ReadAllText(folder["after.sql"]), StringComparison.Ordinal);
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1]", database.Url, folder["after.sql"]));
    }

    [Fact]
    public void WhatIf_writes_no_file()
    {
        using var database = TestDatabase.Make("Sqlite");
        using var folder = new TestFolder();
        session.Run(Generate + " -WhatIf", database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE t (i integer);"));
        Assert.False(Directory.Exists(folder["m"]));
    }
}
