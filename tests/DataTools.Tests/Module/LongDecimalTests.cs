namespace DataTools.Tests.Module;

/// <summary>Decimals beyond 28 digits, as every sum of decimals in SQL gives them.</summary>
public sealed class LongDecimalTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Sum = "Invoke-DataQuery 'SELECT sum(a) AS total FROM input'";

    [Fact]
    public void Are_computed_with_row_by_row() =>
        Assert.Equal(
            [7.50m, 3.75m],
            session.Values($$"""@{ a = 1.25d }, @{ a = 2.50d } | {{Sum}} | Convert-Data { $_.total -gt 1 } -Add @{ twice = { $_.total * 2 } } | ForEach-Object { $_.twice; $_.total }""").Cast<decimal>());
}
