using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Rows that go from one PostgreSQL to another as they are sent.</summary>
public sealed class RelayTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Sums = "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)) AS n FROM t";

    [Fact]
    public void Values_that_no_type_of_ours_holds_arrive_as_they_are()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id int PRIMARY KEY, d date, ts timestamptz, i interval, n numeric, a int[], c char(5), j jsonb, x text)");
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (1, 'infinity', '-infinity', '1 mon 2 days', 'NaN', '{{1,2},{3,4}}', 'ab', '{\"a\":1}', ''), (2, '4713-01-01 BC', NULL, NULL, 1e100, '[0:1]={7,NULL}', NULL, NULL, repeat('x', 300000))");
        TestDatabase.Run(session, source.Url, "INSERT INTO t (id, x) SELECT n, 'row ' || n FROM generate_series(3, 20000) n");
        Assert.Equal(20_000L, session.Values("(Copy-DataTable $args[0] $args[1] t -PassThru).Rows", source.Url, target.Url)[0]);
        Assert.Equal(SumsOf(source), SumsOf(target));
    }

    [Fact]
    public void A_table_without_rows_arrives() => CopyOf("SELECT 1 AS id WHERE false", "");

    [Fact]
    public void Other_names_and_conditions_hold() => CopyOf("SELECT n AS id, n * 2 AS v FROM generate_series(1, 1000) n", "-ColumnMap @{ t = @{ v = 'w x' } } -Where @{ t = 'id > 10' }", "SELECT count(*) || ' ' || sum(\"w x\") AS n FROM t", "990 1000890");

    [Fact]
    public void A_row_that_the_target_refuses_is_named_and_none_stays()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t AS SELECT n AS id FROM generate_series(1, 50000) n");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id int CHECK (id <> 43210))");
        var error = session.Error("Copy-DataTable $args[0] $args[1] t -Mode Append", source.Url, target.Url);
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("row 43210", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0L, session.Values("(Invoke-DataQuery 'SELECT count(*) AS n FROM t' -Connection $args[0]).n", target.Url)[0]);
        // The same session goes on.
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Append -Where @{ t = 'id < 10' }", source.Url, target.Url);
        Assert.Equal(9L, session.Values("(Invoke-DataQuery 'SELECT count(*) AS n FROM t' -Connection $args[0]).n", target.Url)[0]);
    }

    private void CopyOf(string rows, string options, string query = Sums, string? expected = null)
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, source.Url, $"CREATE TABLE t AS {rows}");
        session.Run($"Copy-DataTable $args[0] $args[1] t {options}", source.Url, target.Url);
        Assert.Equal(expected ?? SumsOf(source), session.Values("(Invoke-DataQuery $args[1] -Connection $args[0]).n", target.Url, query)[0]);
    }

    private object? SumsOf(TestDatabase database) => session.Values("(Invoke-DataQuery $args[1] -Connection $args[0]).n", database.Url, Sums)[0];
}
