using System.Management.Automation;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Copy-DataTable as users call it.</summary>
public sealed class CopyDataTableTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private static string Chinook => $"sqlite:{System.IO.Path.Combine(TestPlaces.Repository, "tests", "data", "chinook.sqlite")}";

    [Fact]
    public void A_whole_database_goes_there_and_back()
    {
        using var postgres = TestDatabase.Make("PostgreSql");
        using var sqlite = TestDatabase.Make("Sqlite");
        var results = session.Run("Copy-DataTable -Source $args[0] -Destination $args[1] -Table * -OnLoss Warn -PassThru", Chinook, postgres.Url);
        Assert.Equal(11, results.Count);
        Assert.DoesNotContain(TestServer.Password, string.Join(' ', results.Select(r => $"{r} {r.Properties["Source"].Value} {r.Properties["Destination"].Value}")), StringComparison.Ordinal);
        AssertSame(Chinook, postgres.Url);
        session.Run("Copy-DataTable $args[0] $args[1] * -OnLoss Warn", postgres.Url, sqlite.Url);
        AssertSame(Chinook, sqlite.Url);
        Assert.Equal("ok", session.Values("(Invoke-DataQuery 'PRAGMA integrity_check' -Connection $args[0]).integrity_check", sqlite.Url)[0]);
    }

    [Fact]
    public void Tables_whose_names_differ_by_case_are_told_apart()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("Sqlite");
        foreach (var statement in (string[])["CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE \"A\" (id int PRIMARY KEY, v text)", "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)", "INSERT INTO a VALUES (1)", "INSERT INTO \"A\" VALUES (2, 'x')", "INSERT INTO b VALUES (1, 1)"])
        {
            Run(source.Url, statement);
        }

        Assert.Contains("-RenameTable tells them apart", Error("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url).ToString(), StringComparison.Ordinal);
        session.Run("Copy-DataTable $args[0] $args[1] * -RenameTable @{ 'public.A' = 'big'; '*' = 'other' } -Include a, A", source.Url, target.Url);
        Assert.Equal(["2|x"], TableContents.Of(target.Url, "big"));
        Assert.Equal(["1"], TableContents.Of(target.Url, "other"));
        session.Run("Copy-DataTable $args[0] $args[1] * -RenameTable @{ A = 'big' } -Mode Replace -Confirm:$false", source.Url, target.Url);
        Assert.Equal("a", Assert.Single(TableContents.Schema(target.Url, "b").ForeignKeys).References.Name);
    }

    /// <summary>What a default says in one database it may not say in another, and nobody would see.</summary>
    [Theory]
    [InlineData("MariaDb", "utc_timestamp(6)", "'x'")]
    [InlineData("Sqlite", "CURRENT_TIMESTAMP", "'x'")]
    [InlineData("DuckDb", "CURRENT_TIMESTAMP", "'x'")]
    public void Defaults_that_mean_something_else_elsewhere_are_not_carried(string kind, string clock, string text)
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make(kind);
        Run(source.Url, "CREATE TABLE t (id int PRIMARY KEY, list text[] DEFAULT '{a,b}', span interval DEFAULT '1 day', at timestamptz DEFAULT now(), moment timestamptz DEFAULT '2026-01-01 00:00:00+02', s text DEFAULT 'x' CHECK (length(s) < 9))");
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);
        Assert.Contains("only PostgreSql writes such values so", string.Concat(session.Warnings) + session.Values("(Copy-DataTable $args[0] $args[1] t -PlanOnly -Mode Replace).ToString()", source.Url, target.Url)[0], StringComparison.Ordinal);
        var columns = TableContents.Schema(target.Url, "t");
        Assert.Equal([null, null, null, null], new[] { "id", "list", "span", "moment" }.Select(c => columns.Find(c)!.Default));
        Assert.Equal([clock, text], new[] { "at", "s" }.Select(c => columns.Find(c)!.Default));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t | Where-Object Check -eq Checks | ForEach-Object Passed", source.Url, target.Url));
    }

    [Fact]
    public void Defaults_of_MariaDb_mean_the_same_in_PostgreSql()
    {
        using var source = TestDatabase.Make("MariaDb");
        using var target = TestDatabase.Make("PostgreSql");
        Run(source.Url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(50) DEFAULT 'it''s \\\\ x', bt bit(8) DEFAULT b'101', b1 bit(1) DEFAULT b'1', s set('x','y') DEFAULT 'x,y', bin binary(3) DEFAULT 'ab', d date DEFAULT '2020-02-28', t time DEFAULT '-838:59:59', at datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3))");
        Run(source.Url, "INSERT INTO t (id, t) VALUES (1, NULL)");
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);
        Assert.Contains("'-838:59:59' is not carried: it is not a time", (string)session.Values("(Copy-DataTable $args[0] $args[1] t -PlanOnly -Mode Replace).ToString()", source.Url, target.Url)[0]!, StringComparison.Ordinal);
        Run(target.Url, "INSERT INTO t (id) VALUES (2)");
        var (first, second) = (TableContents.Of(target.Url, "t")[0].Split('|'), TableContents.Of(target.Url, "t")[1].Split('|'));
        Assert.Equal(first[1..^1], second[1..^1]);
        Assert.NotEqual("~", second[^1]);
    }

    [Fact]
    public void A_circle_of_keys_is_a_loss_where_rows_must_find_each_other_at_once()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("DuckDb");
        foreach (var statement in (string[])["CREATE TABLE a (id int PRIMARY KEY, b int)", "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)", "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b", "INSERT INTO a VALUES (1, NULL)", "INSERT INTO b VALUES (1, 1)", "UPDATE a SET b = 1"])
        {
            Run(source.Url, statement);
        }

        session.Run("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url);
        Assert.Contains("it closes a circle of tables", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["1|1"], TableContents.Of(target.Url, "b"));
        Assert.Single(TableContents.Schema(target.Url, "b").ForeignKeys.Concat(TableContents.Schema(target.Url, "a").ForeignKeys));
    }

    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("Sqlite")]
    [InlineData("DuckDb")]
    public void A_table_is_read_in_partitions(string kind)
    {
        using var source = TestDatabase.Make(kind);
        using var target = TestDatabase.Make("Sqlite");
        Fill(source.Url, 1000);
        session.Run("Copy-DataTable $args[0] $args[1] t -Partitions 3", source.Url, target.Url);
        Assert.Equal(TableContents.Of(source.Url, "t"), TableContents.Of(target.Url, "t"));
    }

    /// <summary>All tables are read as they were at the beginning, and what a transformation's commands write over the source's own session stays written.</summary>
    [Fact]
    public void A_session_of_Sqlite_is_read_at_one_state()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("DuckDb");
        Run(source.Url, "PRAGMA journal_mode = wal");
        Run(source.Url, "CREATE TABLE a (id INTEGER PRIMARY KEY)");
        Run(source.Url, "CREATE TABLE b (id INTEGER PRIMARY KEY)");
        Run(source.Url, "CREATE TABLE log (what TEXT)");
        Run(source.Url, "INSERT INTO a VALUES (1)");
        session.Run(
            """
            $url, $to = $args; $c = Connect-Database $url -Name state
            Copy-DataTable $c $to a, b -Transform { ForEach-Object { Invoke-DataQuery 'INSERT OR IGNORE INTO b VALUES (1)' -Connection $url -NonQuery | Out-Null; $_ } }
            Copy-DataTable $c $to a -RenameTable @{ a = 'a2' } -Transform { ForEach-Object { Invoke-DataQuery "INSERT INTO log VALUES ('seen')" -Connection $c -NonQuery | Out-Null; $_ } }
            Disconnect-Database $c
            """, source.Url, target.Url);

        Assert.Empty(session.Errors);
        Assert.Equal([1, 0, 1], new[] { "a", "b", "a2" }.Select(t => TableContents.Of(target.Url, t).Count));
        Assert.Equal(["1"], TableContents.Of(source.Url, "b"));
        Assert.NotEmpty(TableContents.Of(source.Url, "log"));
    }

    /// <summary>A view that nobody asked for is no loss, and what stands in quotes is a table's name.</summary>
    [Fact]
    public void Names_in_quotes_are_taken_letter_by_letter()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("Sqlite");
        Run(source.Url, "CREATE TABLE \"a.b [x]\" (id int PRIMARY KEY)");
        Run(source.Url, "CREATE TABLE \"q\"\"\" (id int PRIMARY KEY)");
        Run(source.Url, "CREATE VIEW sight AS SELECT 1 AS one");
        session.Run("Copy-DataTable $args[0] $args[1] '\"a.b [x]\"', 'public.\"q\"\"\"'", source.Url, target.Url);

        Assert.Empty(session.Warnings);
        Assert.NotNull(TableContents.Schema(target.Url, "\"a.b [x]\""));
        Assert.NotNull(TableContents.Schema(target.Url, "\"q\"\"\""));
        session.Run("Copy-DataTable $args[0] $args[1] * -Exclude q* -Mode Append", source.Url, target.Url);
        Assert.Contains("the view is not copied", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbering_goes_on_behind_the_highest_value()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        Run(source.Url, "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, v text DEFAULT 'x')");
        Run(source.Url, "INSERT INTO t (id) SELECT generate_series(1, 500)");
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);
        Run(target.Url, "INSERT INTO t DEFAULT VALUES");
        Assert.Equal("501|x", TableContents.Of(target.Url, "t").Find(l => l.StartsWith("501|", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_table_that_is_there_is_refused_and_left()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("Sqlite");
        Fill(source.Url, 5);
        session.Run("Copy-DataTable $args[0] $args[1] t -Where 'id <= 2'", source.Url, target.Url);
        Assert.StartsWith("TableExists,", Error("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, TableContents.Of(target.Url, "t").Count);

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert", source.Url, target.Url);
        Assert.Equal(TableContents.Of(source.Url, "t"), TableContents.Of(target.Url, "t"));
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Truncate -Where 'id > 3' -Confirm:$false", source.Url, target.Url);
        Assert.Equal(2, TableContents.Of(target.Url, "t").Count);
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Append -Where 'id <= 3'", source.Url, target.Url);
        Assert.Equal(5, TableContents.Of(target.Url, "t").Count);
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Replace -ColumnMap @{ v = 'w' } -Confirm:$false", source.Url, target.Url);
        Assert.Equal(["id", "w"], TableContents.Schema(target.Url, "t").Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    public void A_copy_that_fails_leaves_nothing(string kind)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make(kind);
        Fill(source.Url, 5);
        Run(source.Url, "CREATE TABLE z (id INTEGER PRIMARY KEY, n INT)");
        Run(source.Url, "INSERT INTO z WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20000) SELECT i, CASE i WHEN 19999 THEN 'x' ELSE i END FROM s");
        Error("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url);
        Assert.Empty(TableContents.Tables(target.Url));
    }

    [Fact]
    public void The_plan_names_statements_and_losses_and_changes_nothing()
    {
        using var target = TestDatabase.Make("PostgreSql");
        using var source = TestDatabase.Make("Sqlite");
        Run(source.Url, "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT COLLATE NOCASE)");
        Run(source.Url, "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT REFERENCES a(id))");
        Run(source.Url, "CREATE INDEX part ON b (a_id) WHERE a_id > 3");
        Run(source.Url, "CREATE TRIGGER tr AFTER INSERT ON b BEGIN DELETE FROM b; END");
        var plan = session.Run("Copy-DataTable $args[0] $args[1] * -PlanOnly", source.Url, target.Url).Single();
        var text = $"{plan}";
        Assert.Contains("CREATE TABLE \"a\"", text, StringComparison.Ordinal);
        Assert.Contains("FOREIGN KEY", text, StringComparison.Ordinal);
        Assert.Contains("CREATE INDEX \"part\"", text, StringComparison.Ordinal);
        Assert.Contains("NOCASE", text, StringComparison.Ordinal);
        Assert.Contains("trigger", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, text, StringComparison.Ordinal);
        session.Run("Copy-DataTable $args[0] $args[1] * -WhatIf", source.Url, target.Url);
        Assert.Empty(TableContents.Tables(target.Url));
    }

    [Fact]
    public void Circles_of_keys_are_closed_when_all_rows_are_there()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        using var sqlite = TestDatabase.Make("Sqlite");
        Run(source.Url, "CREATE TABLE a (id int PRIMARY KEY, b_id int); CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a); INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2, 1); ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b");
        session.Run("Copy-DataTable $args[0] $args[1] *; Copy-DataTable $args[0] $args[2] *", source.Url, target.Url, sqlite.Url);
        foreach (var url in new[] { target.Url, sqlite.Url })
        {
            Assert.Equal(["1|2"], TableContents.Of(url, "a"));
            Assert.Equal("b", Assert.Single(TableContents.Schema(url, "a").ForeignKeys).References.Name);
            Assert.Equal("a", Assert.Single(TableContents.Schema(url, "b").ForeignKeys).References.Name);
        }
    }

    [Fact]
    public void Rows_pass_through_commands()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("PostgreSql");
        Fill(source.Url, 10);
        session.Run("Copy-DataTable $args[0] $args[1] t -Transform { Convert-Data -Where { $_.id -gt 7 } -Add @{ twice = { $_.id * 2 } } }", source.Url, target.Url);
        Assert.Equal(["10|v10|20", "8|v8|16", "9|v9|18"], TableContents.Of(target.Url, "t"));
        Assert.Equal(["id"], TableContents.Schema(target.Url, "t").PrimaryKey!.Columns);
    }

    [Fact]
    public void Missing_rows_are_marked_or_deleted()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("PostgreSql");
        Fill(source.Url, 6);
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);
        Run(source.Url, "DELETE FROM t WHERE id IN (2, 5)");
        Assert.Equal(2L, session.Values("(Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Soft -PassThru).Removed", source.Url, target.Url)[0]);
        Assert.Equal(2, session.Values("Import-DataTable t -Connection $args[0] -Where 'datatools_deleted_at IS NOT NULL' | ForEach-Object id", target.Url).Count);
        Assert.Equal(2L, session.Values("(Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Hard -PassThru -Confirm:$false).Removed", source.Url, target.Url)[0]);
        Assert.Equal(4, TableContents.Of(target.Url, "t").Count);
    }

    [Fact]
    public void A_source_that_is_not_there_is_not_made()
    {
        using var folder = new TestFolder();
        using var target = TestDatabase.Make("Sqlite");
        Error("Copy-DataTable $args[0] $args[1] *", $"sqlite:{folder["none.db"]}", target.Url);
        Assert.False(File.Exists(folder["none.db"]));
    }

    [Fact]
    public void Within_one_file_a_table_is_copied_to_another_name()
    {
        using var database = TestDatabase.Make("Sqlite");
        Fill(database.Url, 50);
        session.Run("Copy-DataTable $args[0] $args[0] t -RenameTable @{ t = 'u' }", database.Url);
        Assert.Equal(TableContents.Of(database.Url, "t"), TableContents.Of(database.Url, "u"));
    }

    [Fact]
    public void Both_halves_of_a_staged_copy_work_alone()
    {
        using var folder = new TestFolder();
        using var target = TestDatabase.Make("PostgreSql");
        session.Run("Copy-DataTable -Source $args[0] -Via $args[1] -Table * -Partitions 3", Chinook, folder["stage"]);
        session.Run("Copy-DataTable -Via $args[0] -Destination $args[1] -Table * -OnLoss Warn", folder["stage"], target.Url);
        AssertSame(Chinook, target.Url);

        var file = Directory.GetFiles(folder["stage"], "*Album*.parquet")[0];
        File.Copy(Directory.GetFiles(folder["stage"], "*Genre*.parquet")[0], file, overwrite: true);
        using var other = TestDatabase.Make("Sqlite");
        Assert.StartsWith("ManifestMismatch,", Error("Copy-DataTable -Via $args[0] -Destination $args[1] -Table *", folder["stage"], other.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(TableContents.Tables(other.Url));
        session.Run("Copy-DataTable -Source $args[0] -Destination $args[2] -Via $args[1] -Table Genre, Artist -Mode Replace -Confirm:$false", Chinook, folder["stage"], other.Url);
        Assert.Equal(["Artist", "Genre"], TableContents.Tables(other.Url));
    }

    [Fact]
    public void Columns_are_renamed_and_left_out()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("PostgreSql");
        Fill(source.Url, 3);
        Assert.StartsWith("ColumnNotFound,", Error("Copy-DataTable $args[0] $args[1] t -ColumnMap @{ none = 'x' }", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Copy-DataTable $args[0] $args[1] t -ColumnMap @{ t = @{ v = $null; id = 'number' } }", source.Url, target.Url);
        Assert.Equal(["1", "2", "3"], TableContents.Of(target.Url, "t"));
        Assert.Equal(["number"], TableContents.Schema(target.Url, "t").PrimaryKey!.Columns);
    }

    [Fact]
    public void A_rate_is_kept()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("Sqlite");
        Fill(source.Url, 400);
        Run(source.Url, "CREATE TABLE u AS SELECT * FROM t");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        session.Run("Copy-DataTable $args[0] $args[1] * -MaxRowsPerSecond 400", source.Url, target.Url);
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
        Assert.StartsWith("InvalidOption,", Error("Copy-DataTable $args[0] $args[1] * -Mode Append -MaxReplicaLag 1", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    internal static void AssertSame(string left, string right)
    {
        Assert.Equal(TableContents.Tables(left), TableContents.Tables(right));
        foreach (var table in TableContents.Tables(left))
        {
            var (from, to) = (TableContents.Schema(left, table), TableContents.Schema(right, table));
            Assert.Equal(from.Columns.Select(c => c.Name), to.Columns.Select(c => c.Name));
            Assert.Equal(from.PrimaryKey?.Columns, to.PrimaryKey?.Columns);
            Assert.Equal(Keys(from), Keys(to));
            Assert.Equal(Indexes(from), Indexes(to));
            Assert.Equal(TableContents.Of(left, table), TableContents.Of(right, table));
        }

        static IEnumerable<string> Keys(DataTools.Schemas.TableSchema table) => table.ForeignKeys.Select(k => $"{string.Join(',', k.Columns)} {k.References.Name} {string.Join(',', k.ReferencedColumns)}").Order(StringComparer.Ordinal);
        static IEnumerable<string> Indexes(DataTools.Schemas.TableSchema table) => table.Indexes.Select(i => $"{string.Join(',', i.Columns)} {i.IsUnique}").Order(StringComparer.Ordinal);
    }

    private void Run(string url, string sql) => TestDatabase.Run(session, url, sql);

    private ErrorRecord Error(string script, params object?[] arguments) => session.Error(script, arguments);

    private void Fill(string url, int rows)
    {
        Run(url, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL)");
        Run(url, $"INSERT INTO t WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows}) SELECT i, 'v' || i FROM s");
    }
}
