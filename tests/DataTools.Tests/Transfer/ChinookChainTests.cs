using DataTools.Schemas;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>One database on its way through all kinds and back: at each step, and at the end, every row, key and index is there.</summary>
public sealed class ChinookChainTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private static readonly string[] Way = ["PostgreSql", "MariaDb", "DuckDb", "Sqlite"];

    private static string Chinook => $"sqlite:{TestPlaces.Data("chinook.sqlite")}";

    [Fact]
    public void Chinook_comes_back_as_it_went()
    {
        var from = Chinook;
        var databases = new List<TestDatabase>();
        try
        {
            foreach (var kind in Way)
            {
                databases.Add(TestDatabase.Make(kind));
                var checks = session.Run("Copy-DataTable $args[0] $args[1] * -OnLoss Warn -PassThru | Compare-DataTable", from, databases[^1].Url);
                Assert.All(checks, c => Assert.True((bool)c.Properties["Passed"].Value, $"{kind} {c.Properties["Table"].Value} {c.Properties["Check"].Value}: {c.Properties["Expected"].Value} {c.Properties["Actual"].Value} {c.Properties["Details"].Value}"));
                Assert.Equal(11, checks.Count(c => c.Properties["Check"].Value is "Values"));
                AssertSame(from, databases[^1].Url);
                from = databases[^1].Url;
            }

            AssertSame(Chinook, from);
            var end = session.Run("Compare-DataTable $args[0] $args[1] *", Chinook, from);
            Assert.All(end, c => Assert.True((bool)c.Properties["Passed"].Value, $"{c.Properties["Table"].Value} {c.Properties["Check"].Value}: {c.Properties["Details"].Value}"));
        }
        finally
        {
            databases.ForEach(d => d.Dispose());
        }
    }

    private static void AssertSame(string left, string right)
    {
        Assert.Equal(TableContents.Tables(left), TableContents.Tables(right), StringComparer.OrdinalIgnoreCase);
        foreach (var table in TableContents.Tables(left))
        {
            var (from, to) = (TableContents.Schema(left, table), TableContents.Schema(right, table));
            Assert.Equal(from.Columns.Select(c => $"{c.Name} {c.Nullable}"), to.Columns.Select(c => $"{c.Name} {c.Nullable}"));
            Assert.Equal(from.PrimaryKey?.Columns, to.PrimaryKey?.Columns);
            Assert.Equal(Keys(from), Keys(to), StringComparer.OrdinalIgnoreCase);
            // Some databases make indexes of their own for foreign keys.
            Assert.Empty(Indexes(from).Except(Indexes(to)));
            Assert.Equal(TableContents.Of(left, table), TableContents.Of(right, table));
        }
    }

    private static IEnumerable<string> Keys(TableSchema table) =>
        table.ForeignKeys.Select(k => $"{string.Join(',', k.Columns)} {k.References.Name} {string.Join(',', k.ReferencedColumns)}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Indexes(TableSchema table) => table.Indexes.Select(i => $"{string.Join(',', i.Columns)} {i.IsUnique}");
}
