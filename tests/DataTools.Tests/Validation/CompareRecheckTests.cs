using DataTools.Databases;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>Compare-DataTable -Recheck: what was on its way is not told, and what differs is.</summary>
public sealed class CompareRecheckTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Checks = "ForEach-Object { if ($_.Check -in 'Rows', 'Values', 'Sample') { \"$($_.Check) $($_.Passed) $($_.Details)\"; $_.Differences | ForEach-Object { \"$($_.Kind)|$($_.Key)|$($_.Column)\" } } }";

    /// <summary>As many rows are missing as there are too many: the number is the same.</summary>
    [Theory]
    [InlineData("Stream")]
    [InlineData("Hash")]
    public async Task The_number_of_rows_is_that_of_the_later_look(string method)
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        foreach (var (url, values) in new[] { (left.Url, "(1, 1), (2, 2), (3, 3), (4, 4)"), (right.Url, "(1, 1), (2, 0), (9, 9)") })
        {
            TestDatabase.Run(session, url, "CREATE TABLE t (id int PRIMARY KEY, v int)");
            TestDatabase.Run(session, url, $"INSERT INTO t VALUES {values}");
        }

        var found = await Later(right.Url, "INSERT INTO t VALUES (3, 3)", $"Compare-DataTable $args[0] $args[1] t -Method {method} -Recheck 4 -ErrorAction Ignore | {Checks}", left.Url, right.Url);

        Assert.Equal(
            [
                "Rows True equal when looked at again",
                "Values False 1 missing, 1 extra, 1 different; 1 were equal when looked at again",
                "Different|id=2|v", "Extra|id=9|", "Missing|id=4|",
            ],
            [.. found.Take(2), .. found.Skip(2).Order()]);
    }

    /// <summary>What came meanwhile is told, and does not count against what has gone.</summary>
    [Fact]
    public async Task Of_rows_without_a_key_more_may_differ_than_before()
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (v int); INSERT INTO t VALUES (1), (1), (5)");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (v int); INSERT INTO t VALUES (1)");

        var found = await Later(left.Url, "INSERT INTO t VALUES (1), (1); DELETE FROM t WHERE v = 5", $"Compare-DataTable $args[0] $args[1] t -Recheck 4 -ErrorAction Ignore | {Checks}", left.Url, right.Url);

        Assert.Equal(["Rows False ", "Values False 3 missing; 1 were equal when looked at again; no key: rows are counted as a whole", "Missing|v=1|", "Missing|v=1|", "Missing|v=1|"], found);
    }

    [Theory]
    [InlineData("Sample", "Rows True equal when looked at again", "Sample True ")]
    [InlineData("Count", "Rows True equal when looked at again")]
    public async Task Samples_and_counts_are_looked_at_again(string method, params string[] expected)
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2)");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0)");

        var found = await Later(right.Url, "UPDATE t SET v = 1; INSERT INTO t VALUES (2, 2)", $"Compare-DataTable $args[0] $args[1] t -Method {method} -Recheck 4 -ErrorAction Ignore | {Checks}", left.Url, right.Url);

        Assert.Equal(expected, found);
    }

    /// <summary>Runs a script, and statements as soon as it has let go of what it looked at first.</summary>
    private async Task<List<object?>> Later(string url, string statements, string script, params object?[] arguments)
    {
        using var found = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var later = Task.Run(
            () =>
            {
                using var other = (SqlSession)Connector.Open(AddressText.Parse(url), CancellationToken.None);
                while (other.Query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query = 'ROLLBACK'", r => r.GetInt64(0), found.Token)[0] == 0)
                {
                    found.Token.ThrowIfCancellationRequested();
                    Thread.Sleep(20);
                }

                other.Run(statements, CancellationToken.None);
            },
            TestContext.Current.CancellationToken);
        var values = session.Values(script, arguments);
        await later;
        return [.. values];
    }
}
