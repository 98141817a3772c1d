namespace DataTools.Tests.Module;

public sealed class MeasureDataTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Fact]
    public void A_bool_column_has_least_and_greatest_but_no_mean()
    {
        using var folder = new TestFolder();
        var path = folder.Write("a.csv", "flag,n\ntrue,1\nfalse,3\n,\n");
        var profiles = session.Values("Measure-Data $args[0]", path).Cast<ColumnProfile>().ToList();

        Assert.Equal(new ColumnProfile("flag", "bool", 3, 1, 2, true, false, true, null), profiles[0]);
        Assert.Equal(new ColumnProfile("n", "int64", 3, 1, 2, true, 1L, 3L, 2), profiles[1]);
    }
}
