using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Tables that the destination cannot have, or not as they are.</summary>
public sealed class CopyLimitsTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private static string Columns(int count, string type) => string.Concat(Enumerable.Range(1, count).Select(i => $", c{i} {type}"));

    [Fact]
    public void More_columns_than_the_destination_allows_are_told_in_the_plan()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("MariaDb");
        TestDatabase.Run(session, source.Url, $"CREATE TABLE wide (id int PRIMARY KEY{Columns(1017, "smallint")})");

        var error = session.Error("Copy-DataTable $args[0] $args[1] wide -PlanOnly", source.Url, target.Url);

        Assert.StartsWith("TooManyColumns,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'public.wide' has 1018 columns, and MariaDb allows 1017", error.ToString(), StringComparison.Ordinal);
        session.Run("Copy-DataTable $args[0] $args[1] wide -ColumnMap @{ c1 = $null }", source.Url, target.Url);
        Assert.Equal(1017, TableContents.Schema(target.Url, "wide").Columns.Count);
    }

    /// <summary>What has no place in a table that is there would be lost.</summary>
    [Theory]
    [InlineData("Append")]
    [InlineData("Upsert")]
    [InlineData("Truncate")]
    public void A_column_that_a_table_lacks_is_an_error_or_left_out_by_name(string mode)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, Extra TEXT)");
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (1, 'x')");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)");
        var copy = $"Copy-DataTable $args[0] $args[1] t -Mode {mode} -Confirm:$false";

        var error = session.Error(copy, source.Url, target.Url);

        Assert.StartsWith("ColumnsMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("has no column 'Extra'", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(TableContents.Of(target.Url, "t"));
        session.Run($"{copy} -ColumnMap @{{ extra = $null }}", source.Url, target.Url);
        Assert.Equal(["1|~"], TableContents.Of(target.Url, "t"));
        session.Run($"Copy-DataTable $args[0] $args[1] t -Mode Upsert -ColumnMap @{{ extra = 'NOTE' }}", source.Url, target.Url);
        Assert.Equal(["1|x"], TableContents.Of(target.Url, "t"));
    }

    [Fact]
    public void Texts_that_make_a_row_too_long_stand_beside_it()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("MariaDb");
        TestDatabase.Run(session, source.Url, $"CREATE TABLE t (id int PRIMARY KEY, k varchar(190) UNIQUE, d varchar(990) DEFAULT 'x'{Columns(17, "varchar(1000)")})");
        TestDatabase.Run(session, source.Url, "INSERT INTO t (id, k, c1, c17) VALUES (1, 'a', 'left', repeat('\u20ac', 1000))");

        var plan = (string)session.Values("(Copy-DataTable $args[0] $args[1] t -PlanOnly).ToString()", source.Url, target.Url)[0]!;
        session.Run("Copy-DataTable $args[0] $args[1] t", source.Url, target.Url);

        Assert.Equal(2, plan.Split("varchar(1000) becomes longtext, which takes longer values too: a row has at most 65535 bytes").Length - 1);
        var types = TableContents.Schema(target.Url, "t").Columns.ToDictionary(c => c.Name, c => c.NativeType);
        Assert.Equal(("longtext", "varchar(190)", "varchar(990)", "varchar(1000)"), (types["c1"], types["k"], types["d"], types["c17"]));
        Assert.Equal(TableContents.Of(source.Url, "t"), TableContents.Of(target.Url, "t"));
    }

    [Fact]
    public void A_table_that_the_destination_refuses_is_named()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("MariaDb");
        TestDatabase.Run(session, source.Url, "CREATE TABLE a (id int PRIMARY KEY)");
        TestDatabase.Run(session, source.Url, $"CREATE TABLE fat (id int PRIMARY KEY{Columns(200, "char(30)")})");

        var error = session.Error("Copy-DataTable $args[0] $args[1] *", source.Url, target.Url);

        Assert.StartsWith("TableRefused,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches("The table 'fat' cannot be made: .*Row size too large.* -TypeMap", error.ToString());
        Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", target.Url));
        session.Run("Copy-DataTable $args[0] $args[1] * -TypeMap @{ text = 'longtext' }", source.Url, target.Url);
        Assert.Equal(2, TableContents.Tables(target.Url).Count);
    }

    /// <summary>What has no value of its own cannot be written; the tables beside it are copied all the same.</summary>
    [Theory]
    [InlineData("PostgreSql", "computed empty", "")]
    [InlineData("PostgreSql", "computed empty", "-Ledger l")]
    [InlineData("MariaDb", "computed", "")]
    [InlineData("Sqlite", "", "")]
    [InlineData("DuckDb", "", "-Ledger l")]
    public void Tables_without_values_of_their_own_are_losses(string to, string made, string ledger)
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make(to);
        TestDatabase.Run(session, source.Url, "CREATE TABLE empty (); INSERT INTO empty DEFAULT VALUES; CREATE TABLE computed (a int GENERATED ALWAYS AS (1) STORED); INSERT INTO computed DEFAULT VALUES; CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other VALUES (7)");

        var plan = (string)session.Values("(Copy-DataTable $args[0] $args[1] * -PlanOnly).ToString()", source.Url, target.Url)[0]!;
        session.Run($"Copy-DataTable $args[0] $args[1] * {ledger}", source.Url, target.Url);

        Assert.Contains($"-- loss: public.empty.{(made.Contains("empty", StringComparison.Ordinal) ? "rows: they are" : "table: it is")} not copied: it has no columns", plan, StringComparison.Ordinal);
        Assert.Contains($"-- loss: public.computed.{(made.Length > 0 ? "rows: they are" : "table: it is")} not copied: all of its columns are computed", plan, StringComparison.Ordinal);
        Assert.Contains("not copied", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["7"], TableContents.Of(target.Url, "other"));
        Assert.Equal(made, string.Join(' ', session.Values("Get-DataTable -Connection $args[0] | ForEach-Object Name | Where-Object { $_ -in 'computed', 'empty' } | Sort-Object", target.Url)));
    }

    [Fact]
    public void A_table_without_columns_goes_by_a_folder_too()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(session, source.Url, "CREATE TABLE empty (); INSERT INTO empty DEFAULT VALUES; CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other VALUES (7)");

        session.Run("Copy-DataTable $args[0] $args[1] * -Via $args[2]", source.Url, target.Url, folder["via"]);

        Assert.Contains(session.Warnings, w => w.Contains("public.empty: no rows are written: it has no columns", StringComparison.Ordinal));
        Assert.Equal(["7"], TableContents.Of(target.Url, "other"));
        Assert.Equal(["empty", "other"], session.Values("Get-DataTable -Connection $args[0] | ForEach-Object Name | Sort-Object", target.Url));
    }
}
