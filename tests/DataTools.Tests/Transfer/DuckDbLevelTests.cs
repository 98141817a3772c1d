using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Rows of DuckDB that point to rows of their own table, which must be there before.</summary>
public sealed class DuckDbLevelTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Fact]
    public void Rows_that_point_to_later_ones_find_them()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id), v TEXT)");
        // Each row points to the next one, the last to none.
        TestDatabase.Run(session, source.Url, "INSERT INTO t WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 40) SELECT i, CASE WHEN i < 40 THEN i + 1 END, 'v' || i FROM s");
        session.Run("Copy-DataTable $args[0] $args[1] * -Partitions 5", source.Url, target.Url);
        CopyDataTableTests.AssertSame(source.Url, target.Url);
    }

    [Fact]
    public void Rows_that_point_to_nothing_are_refused_and_none_stays()
    {
        using var target = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id))");
        var error = session.Error("@{ id = 2; up = 1 }, @{ id = 1; up = $null }, @{ id = 3; up = 7 } | ForEach-Object { [pscustomobject] $_ } | Export-DataTable t -Connection $args[0]", target.Url);
        Assert.StartsWith("RowRefused,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(0L, session.Values("(Invoke-DataQuery 'SELECT count(*) AS n FROM t' -Connection $args[0]).n", target.Url)[0]);
        session.Run("@{ id = 2; up = 1 }, @{ id = 1; up = $null } | ForEach-Object { [pscustomobject] $_ } | Export-DataTable t -Connection $args[0]", target.Url);
        Assert.Equal(["1|~", "2|1"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    public void A_key_whose_rows_point_in_a_circle_is_a_loss_and_others_stay(string from)
    {
        using var source = TestDatabase.Make(from);
        using var target = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER, boss INTEGER, deputy INTEGER, FOREIGN KEY (up) REFERENCES t (id), FOREIGN KEY (boss) REFERENCES t (id), FOREIGN KEY (deputy) REFERENCES t (id))");
        // The first points to itself by up; boss and deputy make a circle only together.
        TestDatabase.Run(session, source.Url, $"{(from == "MariaDb" ? "SET foreign_key_checks = 0; " : "")}INSERT INTO t VALUES (3, 1, 2, 1), (2, 1, NULL, 1), (1, 1, 2, NULL)");

        var plan = (string)session.Values("(Copy-DataTable $args[0] $args[1] t -PlanOnly).ToString()", source.Url, target.Url)[0]!;
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);

        Assert.Equal(2, plan.Split("rows point to themselves or to each other in a circle, and DuckDb looks for the other row at once").Length - 1);
        Assert.Contains("in a circle", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(TableContents.Of(source.Url, "t"), TableContents.Of(target.Url, "t"));
        var kept = Assert.Single(TableContents.Schema(target.Url, "t").ForeignKeys);
        Assert.Contains(kept.Columns[0], new[] { "boss", "deputy" });
        Assert.Equal([false, true], session.Values("Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | Where-Object Check -in ForeignKeys, Values | Sort-Object Check | ForEach-Object Passed", source.Url, target.Url));
    }

    [Fact]
    public void Rows_out_of_order_are_no_rejects()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id), v TEXT NOT NULL)");
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (1, 2, 'a'), (2, 3, 'b'), (3, NULL, 'c')");
        session.Run("Copy-DataTable $args[0] $args[1] t -MaxErrors 5", source.Url, target.Url);
        CopyDataTableTests.AssertSame(source.Url, target.Url);
    }

    [Fact]
    public void Rows_in_a_circle_are_called_so_where_the_table_is_there()
    {
        using var target = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id))");
        var error = session.Error("@{ id = 1; up = $null }, @{ id = 2; up = 3 }, @{ id = 3; up = 2 } | ForEach-Object { [pscustomobject] $_ } | Export-DataTable t -Connection $args[0]", target.Url);
        Assert.StartsWith("RowsInCircle,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([], TableContents.Of(target.Url, "t"));
    }
}
