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
}
