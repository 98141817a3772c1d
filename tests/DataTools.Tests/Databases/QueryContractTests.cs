using DataTools.Databases;

namespace DataTools.Tests.Databases;

/// <summary>What Invoke-DataQuery does on every relational database, and with tables of several.</summary>
public sealed class QueryContractTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Rows = "1..5 | ForEach-Object { [pscustomobject]@{ id = $_; name = \"n$_\"; price = [decimal] ($_ + 0.5) } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id";

    public static TheoryData<string> Kinds => [.. TestDatabase.Kinds.Where(k => KnownDatabases.Find(TestDatabase.DatabaseOf(k)).Dialect is not null)];

    /// <summary>A query reads a column as a table's reader does, whatever it was declared as; what writes runs once.</summary>
    [Fact]
    public void Statements_of_SQLite_read_what_is_there_and_write_once()
    {
        using var database = TestDatabase.Make("Sqlite");
        const string Script =
            """
            -- made and read in one text
            CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN, f FLOAT4, n INT, d DATE);
            INSERT INTO t VALUES (1, 1, 0.1, 'text', 0), (2, 0, NULL, 5, '2026-01-31');
            SELECT id, b, f, n FROM t /* all */ ORDER BY id; ; -- the end
            """;
        Assert.Equal(["1 True 0.1 text", "2 False  5"], session.Values("Invoke-DataQuery $args[1] -Connection $args[0] | ForEach-Object { \"$($_.id) $($_.b) $($_.f) $($_.n)\" }", database.Url, Script));
        Assert.Equal([3L], session.Values("(Invoke-DataQuery 'INSERT INTO t (b) VALUES (@b) RETURNING id' -Parameters @{ b = $true } -Connection $args[0]).id", database.Url));
        Assert.Contains("this statement writes", session.Error("Import-DataTable -Query 'INSERT INTO t (b) VALUES (1) RETURNING id' -Connection $args[0]", database.Url).ToString(), StringComparison.Ordinal);
        Assert.Equal([3L], session.Values("@(Import-DataTable t -Connection $args[0]).Count", database.Url).Select(Convert.ToInt64));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Several_statements_give_several_results_and_count_what_they_change(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows, database.Url);

        Assert.Equal(
            ["n1", "5", "n2"],
            session.Values("Invoke-DataQuery 'SELECT name FROM t WHERE id = 1; SELECT count(*) AS n FROM t; SELECT name FROM t WHERE id = @id' -Parameters @{ id = 2 } -Connection $args[0] | ForEach-Object { \"$($_.name)$($_.n)\" }", database.Url));
        Assert.Equal(["3"], session.Values("\"$(Invoke-DataQuery \"UPDATE t SET name = 'x' WHERE id < 3; DELETE FROM t WHERE id = 5\" -Connection $args[0] -NonQuery)\"", database.Url));
        Assert.Equal(["4"], session.Values("\"$(@(Import-DataTable t -Connection $args[0]).Count)\"", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_statement_that_fails_says_why_and_the_connection_stays(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows, database.Url);

        var error = session.Error("$null = Connect-Database $args[0] -Name stays; Invoke-DataQuery 'SELECT nothing FROM t' -Connection stays", database.Url);
        Assert.StartsWith("StatementFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("nothing", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal([5], session.Values("@(Import-DataTable t -Connection stays).Count; Disconnect-Database stays"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_transaction_holds_queries_loads_and_upserts(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows, database.Url);
        const string Script =
            """
            $c = Connect-Database $args[0] -Name whole
            try {
                Invoke-DataQuery -Connection $c -Transaction {
                    $null = Invoke-DataQuery 'DELETE FROM t WHERE id = 1' -Connection $c -NonQuery
                    [pscustomobject]@{ id = 9; name = 'nine'; price = 1.5d } | Export-DataTable t -Connection $c
                    [pscustomobject]@{ id = 2; name = 'two'; price = 1.5d } | Export-DataTable t -Connection $c -Mode Upsert
                    'in: ' + @(Import-DataTable t -Connection $c).Count
                    END
                }
            }
            finally { Disconnect-Database $c }
            """;

        session.Error(Script.Replace("END", "throw 'undone'", StringComparison.Ordinal), database.Url);
        Assert.Equal(["n1 n2 n3 n4 n5"], Names(database));
        Assert.Equal(["in: 5"], session.Values(Script.Replace("END", "", StringComparison.Ordinal), database.Url));
        Assert.Equal(["two n3 n4 n5 nine"], Names(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_table_is_joined_with_a_file_and_a_table_of_another_database(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        session.Run(Rows, database.Url);
        File.WriteAllText(folder["regions.csv"], "id,region\n1,EU\n2,US\n3,EU\n");
        session.Run("[pscustomobject]@{ region = 'EU'; tax = 0.2d }, [pscustomobject]@{ region = 'US'; tax = 0.1d } | Export-DataTable taxes -Connection $args[0] -CreateTable", $"sqlite:{folder["taxes.db"]}");

        Assert.Equal(
            ["EU 2 1.00", "US 1 0.25"],
            session.Values(
                """
                Invoke-DataQuery "SELECT r.region, count(*) AS n, CAST(sum(t.price * x.tax) AS DECIMAL(10,2)) AS tax FROM t JOIN '$($args[2])' r USING (id) JOIN x USING (region) GROUP BY ALL ORDER BY 1" -InputTable @{
                    t = (Import-DataTable t -Connection $args[0]); x = (Import-DataTable taxes -Connection $args[1])
                } | ForEach-Object { "$($_.region) $($_.n) $($_.tax.ToString([cultureinfo]::InvariantCulture))" }
                """,
                database.Url,
                $"sqlite:{folder["taxes.db"]}",
                folder["regions.csv"]));
    }

    private IEnumerable<object?> Names(TestDatabase database) => session.Values("(Import-DataTable t -Connection $args[0] | Sort-Object { [long] $_.id } | ForEach-Object name) -join ' '", database.Url);
}
