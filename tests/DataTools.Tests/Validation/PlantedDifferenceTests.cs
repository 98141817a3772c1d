namespace DataTools.Tests.Validation;

/// <summary>A comparison finds exactly what was planted, between any two places, and nothing else.</summary>
public sealed class PlantedDifferenceTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const int Rows = 100_000;

    /// <summary>The changes, each to another row, as SQL over the rows of <c>input</c>, and what must be found: kind, key, column.</summary>
    private const string Planted =
        """
        SELECT id, small,
            CASE id WHEN 1000 THEN name || ' ' WHEN 2000 THEN upper(name) WHEN 40001 THEN (SELECT 'name ' || (40002 * 7919 % 100003)) WHEN 40002 THEN (SELECT 'name ' || (40001 * 7919 % 100003)) ELSE name END AS name,
            CASE id WHEN 3000 THEN CAST(amount + 0.0001 AS DECIMAL(18,4)) ELSE amount END AS amount,
            CASE id WHEN 4000 THEN ratio + 1e-9 ELSE ratio END AS ratio,
            CASE id WHEN 5000 THEN NOT flag ELSE flag END AS flag,
            CASE id WHEN 6000 THEN day + 1 ELSE day END AS day,
            CASE id WHEN 7000 THEN ts + INTERVAL 1 MICROSECOND ELSE ts END AS ts,
            CASE id WHEN 8800 THEN '' WHEN 8801 THEN NULL ELSE note END AS note
        FROM 'FILE' WHERE id <> 9000
        UNION ALL SELECT 1000000 + 5, small, name, amount, ratio, flag, day, ts, note FROM 'FILE' WHERE id = 5
        """;

    private static readonly string[] Expected =
    [
        "Different id=1000 name", "Different id=2000 name", "Different id=3000 amount", "Different id=4000 ratio", "Different id=40001 name", "Different id=40002 name",
        "Different id=5000 flag", "Different id=6000 day", "Different id=7000 ts", "Different id=8800 note", "Different id=8801 note", "Extra id=1000005 ", "Missing id=9000 ",
    ];

    public static TheoryData<string, string> Pairs => [.. ComparisonPairs.Neighbours];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Exactly_the_planted_differences_are_found(string left, string right) => Find(left, right, Rows);

    [Theory]
    [Trait("Length", "Full")]
    [InlineData("PostgreSql", "Sqlite")]
    [InlineData("MariaDb", "PostgreSql")]
    [InlineData(".csv", "MariaDb")]
    [InlineData(".parquet", ".parquet")]
    public void Exactly_the_planted_differences_are_found_in_a_million_rows(string left, string right) => Find(left, right, 1_000_000);

    private void Find(string left, string right, int rows)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.MakeMany(rows);
        var changed = pairs.Folder["changed.parquet"];
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", Planted.Replace("FILE", file, StringComparison.Ordinal), changed);
        var (source, destination) = (pairs.Put(left, file, "source"), pairs.Put(right, changed, "destination"));

        var found = session.Values("$c = Compare-DataTable $args[0] $args[1] t -Key id -ErrorAction SilentlyContinue; $c.Differences | ForEach-Object { \"$($_.Kind) $($_.Key) $($_.Column)\" }", source, destination);

        Assert.Equal(Expected, found.Cast<string>().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Equal_tables_are_equal(string left, string right)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.MakeMany(Rows);
        var (source, destination) = (pairs.Put(left, file, "source"), pairs.Put(right, file, "destination"));

        var checks = session.Values("Compare-DataTable $args[0] $args[1] t -Key id | ForEach-Object { \"$($_.Check) $($_.Passed) $($_.Details)\" }", source, destination);

        Assert.Contains("Rows True ", checks);
        Assert.DoesNotContain(checks, c => ((string)c!).Contains("False", StringComparison.Ordinal));
        Assert.Empty(session.Errors);
    }
}
