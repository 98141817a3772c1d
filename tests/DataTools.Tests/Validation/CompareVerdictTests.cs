using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>What Compare-DataTable must not say: that sides are equal which differ, or the other way round.</summary>
public sealed class CompareVerdictTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Found = "ForEach-Object { $_.Differences } | ForEach-Object { \"$($_.Kind)|$($_.Key)|$($_.Column)\" }";

    /// <summary>SQLite has many texts of one value, of which a literal is but one.</summary>
    [Fact]
    public void Rows_are_looked_at_again_however_their_keys_are_written()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (k TIMESTAMP, v INT); INSERT INTO t VALUES ('2026-01-31T12:00:00', 1), ('2026-02-01T12:00:00', 2); CREATE TABLE u (k UUID, v INT); INSERT INTO u VALUES ('6F9619FF-8B86-D011-B42D-00CF4FC964FF', 1)",
            "CREATE TABLE t (k TIMESTAMP, v INT); INSERT INTO t VALUES ('2026-01-31T12:00:00', 5); CREATE TABLE u (k UUID, v INT); INSERT INTO u VALUES ('6F9619FF-8B86-D011-B42D-00CF4FC964FF', 2)");

        Assert.Equal(["Different|k=2026-01-31T12:00:00|v", "Missing|k=2026-02-01T12:00:00|"], session.Values($"Compare-DataTable $args[0] $args[1] t -Key k -Recheck 0 -ErrorAction Ignore | {Found} | Sort-Object", pair.Left, pair.Right));
        Assert.Equal(["Different|k=6f9619ff-8b86-d011-b42d-00cf4fc964ff|v"], session.Values($"Compare-DataTable $args[0] $args[1] u -Key k -Recheck 0 -ErrorAction Ignore | {Found}", pair.Left, pair.Right));
    }

    /// <summary>Of rows that are not listed nobody knows whether they still differ.</summary>
    [Fact]
    public async Task Rows_beyond_those_that_are_listed_are_not_equal_when_those_are()
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 100000) i");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, CASE WHEN i IN (1, 100000) THEN 0 ELSE i END FROM generate_series(1, 100000) i");
        var later = Task.Run(async () =>
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            using var other = (DataTools.Databases.SqlSession)DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(right.Url), CancellationToken.None);
            other.Run("UPDATE t SET v = 1 WHERE id = 1", CancellationToken.None);
        }, TestContext.Current.CancellationToken);

        var values = session.Values("Compare-DataTable $args[0] $args[1] t -MaxDifferences 1 -Recheck 4 -ErrorAction Ignore | Where-Object Check -eq Values | ForEach-Object { \"$($_.Passed) $($_.Details)\" }", left.Url, right.Url);
        await later;

        Assert.Equal(["False 1 were equal when looked at again; there may be more: -MaxDifferences"], values);
    }

    [Fact]
    public void Texts_of_checks_and_indexes_differ_by_case_and_spaces()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (a TEXT, b TEXT, CHECK (A IN ('A', 'B')), CHECK (b <> 'a b')); CREATE UNIQUE INDEX ix ON t (b) WHERE a = 'A'; CREATE TABLE s (a TEXT, CHECK (a IN ('x','y')))",
            "CREATE TABLE t (a TEXT, b TEXT, CHECK (a IN ('a', 'b')), CHECK (b <> 'ab')); CREATE UNIQUE INDEX ix ON t (b) WHERE a = 'a'; CREATE TABLE s (A TEXT, check (\"A\" in ( 'x', 'y')))");

        Assert.Equal(["UniqueKeys", "Checks"], session.Values("Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | Where-Object Passed -eq $false | ForEach-Object Check", pair.Left, pair.Right));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] s -Quiet", pair.Left, pair.Right));
    }

    [Fact]
    public void The_beginning_of_a_long_text_is_indexed_for_all_of_it()
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("MariaDb");
        using var other = TestDatabase.Make("MariaDb");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (id int PRIMARY KEY, note text, n int); CREATE INDEX ix ON t (note, n)");
        TestDatabase.Run(session, other.Url, "CREATE TABLE t (id int PRIMARY KEY, note longtext, n int, KEY ix (note(9), n))");

        Assert.Equal([true], session.Values("Copy-DataTable $args[0] $args[1] t -PassThru -WarningAction Ignore | Compare-DataTable -Quiet", left.Url, right.Url));
        Assert.Equal(["Indexes"], session.Values("Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | Where-Object Passed -eq $false | ForEach-Object Check", right.Url, other.Url));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("DuckDb")]
    public void A_check_stands_for_an_enumeration(string kind)
    {
        using var left = TestDatabase.Make("MariaDb");
        using var right = TestDatabase.Make(kind);
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (id int PRIMARY KEY, e enum('a', 'B', 'it''s'), n int CHECK (n > 0))");

        Assert.Equal([true], session.Values("Copy-DataTable $args[0] $args[1] t -PassThru -WarningAction Ignore | Compare-DataTable -Quiet", left.Url, right.Url));
        Assert.Equal([true], session.Values("Compare-DataTable $args[1] $args[0] t -Quiet", left.Url, right.Url));
    }

    /// <summary>To sum up ranges one after the other would read all rows for each of them.</summary>
    [Fact]
    public void Tables_in_memory_are_hashed_at_once()
    {
        using var left = TestDatabase.Make("MariaDb");
        using var right = TestDatabase.Make("MariaDb");
        foreach (var (url, value) in new[] { (left.Url, 1), (right.Url, 2) })
        {
            TestDatabase.Run(session, url, "CREATE TABLE t (id int PRIMARY KEY, v int) ENGINE = MEMORY");
            TestDatabase.Run(session, url, $"INSERT INTO t SELECT seq, IF(seq = 9000, {value}, 0) FROM seq_1_to_60000");
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(["Different|id=9000|v"], session.Values($"Compare-DataTable $args[0] $args[1] t -Method Hash -ErrorAction Ignore | {Found}", left.Url, right.Url));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 8);
    }

    [Fact]
    public void A_column_is_not_that_of_two()
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (\"ID\" int, \"id\" int, \"Name\" int); INSERT INTO t VALUES (1, 1, 2)");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (\"id\" int, \"NAME\" int); INSERT INTO t VALUES (1, 2)");

        Assert.Equal(["Columns missing: ID"], session.Values("Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | Where-Object Passed -eq $false | ForEach-Object { \"$($_.Check) $($_.Details)\" }", left.Url, right.Url));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("DuckDb")]
    public void Views_with_an_integer_for_a_key_are_compared(string kind)
    {
        using var left = TestDatabase.Make(kind);
        using var right = TestDatabase.Make(kind);
        foreach (var (url, last) in new[] { (left.Url, 3), (right.Url, 4) })
        {
            TestDatabase.Run(session, url, "CREATE TABLE t (a int, v int)");
            TestDatabase.Run(session, url, $"INSERT INTO t VALUES (1, 1), (2, 2), (3, {last})");
            TestDatabase.Run(session, url, "CREATE VIEW w AS SELECT * FROM t");
        }

        foreach (var method in new[] { "Stream", "Hash", "Sample" })
        {
            Assert.Equal(["Different|a=3|v"], session.Values($"Compare-DataTable $args[0] $args[1] w -Key a, A -Method {method} -WarningAction Ignore -ErrorAction Ignore | {Found}", left.Url, right.Url));
            Assert.Equal(["Different|a=3|v"], session.Values($"Compare-DataTable $args[0] $args[1] t -DestinationTable w -Key a -Method {method} -WarningAction Ignore -ErrorAction Ignore | {Found}", left.Url, right.Url));
        }
    }

    /// <summary>A statement finds the row to the letter, and finds it: floats, JSON and texts are not compared as the database compares them.</summary>
    [Theory]
    [InlineData("PostgreSql", "j json, r real, t text")]
    [InlineData("MariaDb", "j json, r float, t varchar(20)")]
    public void A_repair_without_a_key_finds_the_rows_and_no_others(string kind, string columns)
    {
        using var left = TestDatabase.Make(kind);
        using var right = TestDatabase.Make(kind);
        foreach (var (url, extra) in new[] { (left.Url, ""), (right.Url, ", ('{\"a\":1}', 0.1, 'X'), ('{\"a\":1}', 0.1, 'x ')") })
        {
            TestDatabase.Run(session, url, $"CREATE TABLE t ({columns})");
            TestDatabase.Run(session, url, $"INSERT INTO t VALUES ('{{\"a\":1}}', 0.1, 'x'), (NULL, NULL, NULL){extra}");
        }

        session.Run("$l, $r = $args; Compare-DataTable $l $r t -AsRepairScript | ForEach-Object { Invoke-DataQuery $_ -Connection $r -NonQuery }", left.Url, right.Url);

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Quiet", left.Url, right.Url));
    }
}
