using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Copy-DataTable -PassThru | Compare-DataTable, in every pair of databases.</summary>
public sealed class CopyCompareTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Rows =
        """
        1..60 | ForEach-Object { [pscustomobject]@{ id = $_; name = "Ünï $_ '`" \ "; amount = [decimal] ($_ * 1.25); day = [DateOnly]::new(2024, 1, 31).AddDays($_); at = [datetime]::new(2024, 2, 29, 23, 59, 59).AddMilliseconds($_); note = if ($_ % 3) { "n$_" } else { $null } } } |
            Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id
        """;

    private static readonly string[] Places = ["Sqlite", "PostgreSql", "MariaDb", "DuckDb", "MongoDb"];

    public static TheoryData<string, string> Pairs => new MatrixTheoryData<string, string>(Places, Places);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_was_copied_is_compared_in_one_line(string from, string to)
    {
        using var source = TestDatabase.Make(from);
        using var target = TestDatabase.Make(to);
        session.Run(Rows, source.Url);
        AssertPassed(session.Run("Copy-DataTable $args[0] $args[1] t -OnLoss Warn -PassThru | Compare-DataTable", source.Url, target.Url));
    }

    /// <summary>SQLite keeps points in time as numbers too, whatever a column's type says.</summary>
    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("DuckDb")]
    [InlineData("Sqlite")]
    public void Seconds_since_1970_become_points_in_time(string to)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make(to);
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, w DATETIME, d DATETIME); INSERT INTO t VALUES (1, 1700000000, '2024-01-01 10:00:00'), (2, NULL, NULL), (3, -1, '2024-01-01 10:00:00.5')");

        Assert.Equal([true], session.Values("Copy-DataTable $args[0] $args[1] t -OnLoss Warn -PassThru -WarningAction Ignore | Compare-DataTable -Quiet", source.Url, target.Url));
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc), session.Values("(Import-DataTable t -Connection $args[0] | Where-Object id -eq 1).w", target.Url)[0]);
    }

    [Fact]
    public void Connections_and_their_names_are_carried_as_well()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("MariaDb");
        session.Run(Rows, source.Url);
        session.Run("$pg = Connect-Database $args[0] -Name pg; $my = Connect-Database $args[1] -Name my", source.Url, target.Url);
        AssertPassed(session.Run("Copy-DataTable pg my t -PassThru | Compare-DataTable"));
        AssertPassed(session.Run("Copy-DataTable $pg $my t -RenameTable @{ t = 'u' } -PassThru | Compare-DataTable"));
        AssertPassed(session.Run("$results = Copy-DataTable $pg $args[0] t -Mode Upsert -PassThru; $results | Compare-DataTable", target.Url));
        AssertPassed(session.Run("Copy-DataTable $pg $my t -Mode Upsert -Ledger l -PassThru | Compare-DataTable"));
        session.Run("Disconnect-Database pg, my");
    }

    /// <summary>Of columns, tables and those to which keys point, in checks and indexes; and of rows those that were copied.</summary>
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("DuckDb")]
    public void New_names_and_fewer_rows_are_followed(string kind)
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, source.Url, "CREATE TABLE \"Order \"\"s\" (id int PRIMARY KEY, \"Order No\" int NOT NULL UNIQUE, \"Qu\"\"ote\" varchar(20), a int, b int, note text, CHECK (\"Order No\" > 0)); CREATE INDEX ix ON \"Order \"\"s\" (a)");
        TestDatabase.Run(session, source.Url, "CREATE TABLE parts (id int PRIMARY KEY, o int REFERENCES \"Order \"\"s\" (\"Order No\")); CREATE TABLE other (id int PRIMARY KEY)");
        TestDatabase.Run(session, source.Url, "INSERT INTO \"Order \"\"s\" SELECT i, i * 10, 'x' || i, i, -i, 'n' FROM generate_series(1, 70) i; INSERT INTO parts SELECT i, i * 10 FROM generate_series(1, 70) i");
        const string Copy =
            """
            Copy-DataTable $args[0] $args[1] * -Exclude other -PassThru -OnLoss Warn -WarningAction Ignore -RenameTable @{ 'Order "s' = 'Sales "x' } -Where @{ 'Order "s' = 'id <= 60'; parts = 'o <= 600' } `
                -ColumnMap @{ 'Order "s' = @{ 'order no' = 'order_no'; 'Qu"ote' = 'q[u]'; A = 'b'; b = 'a'; note = $null }; other = @{ id = 'number' } } | Compare-DataTable
            """;

        AssertPassed(session.Run(Copy, source.Url, target.Url));

        TestDatabase.Run(session, target.Url, "DELETE FROM parts WHERE id = 7");
        Assert.Equal([false], session.Values("Compare-DataTable $args[0] $args[1] parts -SourceWhere 'o <= 600' -RenameTable @{ 'Order \"s' = 'Sales \"x' } -ColumnMap @{ 'Order No' = 'order_no' } -Quiet", source.Url, target.Url));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] parts -SourceWhere 'o <= 600' -Where 'id <> 7' -RenameTable @{ 'Order \"s' = 'Sales \"x' } -ColumnMap @{ 'Order No' = 'order_no' } -Quiet", source.Url, target.Url));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] '\"Order \"\"s\"' -SourceWhere 'id <= 60' -RenameTable @{ 'Order \"s' = 'Sales \"x' } -ColumnMap @{ 'Order No' = 'order_no'; a = 'b'; b = 'a' } -IgnoreColumn Qu*, q*, note -Quiet", source.Url, target.Url));
    }

    [Fact]
    public void A_map_of_columns_for_a_table_that_is_not_there_is_an_error()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var target = TestDatabase.Make("Sqlite");
        session.Run(Rows, source.Url);

        Assert.StartsWith("TableNotFound,", session.Error("Copy-DataTable $args[0] $args[1] * -ColumnMap @{ orders = @{ note = 'n' } }", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ColumnNotFound,", session.Error("Copy-DataTable $args[0] $args[1] * -ColumnMap @{ t = @{ nothing = 'n' } }", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_show_no_secret()
    {
        using var source = TestDatabase.Make("PostgreSql");
        session.Run(Rows, source.Url);
        using var target = TestDatabase.Make("MariaDb");
        const string Shown = "$r = Copy-DataTable $args[0] $args[1] t -PassThru; $c = $r | Compare-DataTable; $r, $c, $r.Source, $r.Destination | ForEach-Object { \"$_\"; $_ | Format-List * | Out-String; $_ | ConvertTo-Json -Depth 6 -WarningAction Ignore }";
        var text = string.Join('\n', session.Values(Shown, source.Url, target.Url));
        Assert.Contains("postgres://", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(TestServer.Password), text, StringComparison.Ordinal);
    }

    private void AssertPassed(IReadOnlyList<System.Management.Automation.PSObject> checks)
    {
        Assert.All(checks, c => Assert.True((bool)c.Properties["Passed"].Value, $"{c.Properties["Check"].Value}: {c.Properties["Expected"].Value} {c.Properties["Actual"].Value} {c.Properties["Details"].Value}"));
        Assert.Empty(session.Errors.Select(e => $"{e.Exception}"));
        Assert.Contains(checks, c => c.Properties["Check"].Value is "Values" && c.Properties["Expected"].Value is not null);
        Assert.Contains(checks, c => c.Properties["Check"].Value is "Rows" && c.Properties["Expected"].Value is "60");
    }
}
