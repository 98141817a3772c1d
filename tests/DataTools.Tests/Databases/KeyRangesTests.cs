using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Tests.Databases;

/// <summary>Every way to cut a table, on every database that is asked by SQL: the ranges hold each row once, and no range holds most of them.</summary>
public sealed class KeyRangesTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const int Rows = 2000;

    private const string Table =
        """
        $rows ??= 1..2000 | ForEach-Object {
            [pscustomobject]@{
                n = $_ * 7 - 3000; d = [DateOnly]::new(1999, 12, 31).AddDays($_); t = [datetime]::new(2000, 1, 1).AddSeconds($_ * 977); x = "O'K\ $($_ % 61) $_"
                u = [guid]::new([System.Security.Cryptography.MD5]::HashData([BitConverter]::GetBytes($_))); a = $_ % 13; b = "b$($_)"; m = [decimal] $_ / 8; f = $_ / 3
            }
        }
        $rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey @($args[1]) -Type @{ x = 'varchar(40)'; b = 'varchar(40)' }
        """;

    public static TheoryData<string, string> Cuts => new MatrixTheoryData<string, string>(SqlKinds, ["", "n", "d", "t", "x", "u", "a,b", "b,a,x", "m", "f"]);

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Ranges_hold_every_row_once(string kind, string key)
    {
        using var database = TestDatabase.Make(kind);
        var columns = key.Split(',', StringSplitOptions.RemoveEmptyEntries);
        session.Run(Table, database.Url, columns);
        using var opened = Connector.Open(AddressText.Parse(database.Url), CancellationToken.None);
        var sql = (SqlSession)opened;
        var table = sql.FindTable(new TableName(null, "t"), CancellationToken.None)!;
        var ranges = KeyRanges.Cut(sql, table, 7, [], CancellationToken.None);
        if (ranges.Count == 0)
        {
            Assert.Equal("", key);
            return;
        }

        var counts = ranges.Select(r => Read(sql, r)).ToList();
        Assert.Equal(Enumerable.Range(1, Rows).Select(i => (i * 7L) - 3000), counts.SelectMany(c => c).Order());
        // Pages of a small table are few.
        Assert.True(key.Length == 0 || (ranges.Count == 7 && counts.TrueForAll(c => c.Count is > 200 and < 400)), string.Join(' ', counts.Select(c => c.Count)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_without_a_value_belong_to_the_first_range(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run("1..100 | ForEach-Object { [pscustomobject]@{ n = $_; k = if ($_ % 10) { [int] $_ } else { $null } } } | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);
        using var opened = Connector.Open(AddressText.Parse(database.Url), CancellationToken.None);
        var sql = (SqlSession)opened;
        var ranges = KeyRanges.Cut(sql, sql.FindTable(new TableName(null, "t"), CancellationToken.None)!, 4, ["k"], CancellationToken.None);
        Assert.Equal(4, ranges.Count);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), ranges.SelectMany(r => Read(sql, r)).Order());
    }

    public static TheoryData<string> Kinds => [.. SqlKinds];

    private static IEnumerable<string> SqlKinds => TestDatabase.Kinds.Where(k => k != "MongoDb");

    private static List<long> Read(SqlSession session, KeyRange range)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        using var reader = session.Read(new TableQuery { Table = new TableName(null, "t"), Columns = ["n"], Range = range }, new DatabaseContext(rejects, _ => { }, CancellationToken.None));
        var result = new List<long>();
        while (reader.ReadBatch(CancellationToken.None) is { } batch)
        {
            var type = DataTools.Data.DataTypes.Of(batch.Schema.GetFieldByIndex(0));
            result.AddRange(Enumerable.Range(0, batch.Length).Select(i => Convert.ToInt64(type.GetValue(batch.Column(0), i), System.Globalization.CultureInfo.InvariantCulture)));
        }

        return result;
    }
}
