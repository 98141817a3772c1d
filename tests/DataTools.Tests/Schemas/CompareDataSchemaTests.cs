using DataTools.Tests.Databases;

namespace DataTools.Tests.Schemas;

/// <summary>Compare-DataSchema as users call it.</summary>
public sealed class CompareDataSchemaTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    public void A_model_is_compared_with_a_database(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE a (id integer PRIMARY KEY, b integer, n varchar(20) DEFAULT 'x'); CREATE TABLE b (id integer PRIMARY KEY); CREATE INDEX i ON a (n)");
        // The first file needs the second.
        folder.Write("1.sql", "-- one;\nCREATE TABLE a (id integer PRIMARY KEY, b integer REFERENCES b (id), n varchar(30) DEFAULT 'x;y');");
        folder.Write("2.sql", "CREATE TABLE b (id integer PRIMARY KEY);");

        Assert.Equal(
            ["Default n", "ForeignKey ", "Index i", "Type n"],
            session.Values("Compare-DataSchema $args[0] $args[1] | ForEach-Object { \"$($_.Kind) $(if ($_.Kind -ne 'ForeignKey') { $_.Object })\" } | Sort-Object", database.Url, folder.Path));
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] -Table b", database.Url, folder.Path));
        Assert.Equal(["varchar(30) varchar(20)"], session.Values("Compare-DataSchema $args[1] $args[0] | Where-Object Kind -eq Type | ForEach-Object { \"$($_.Left) $($_.Right)\" -replace 'character varying', 'varchar' }", database.Url, folder.Path));
        folder.Write("3.sql", "CREATE TABLE c (id integer");
        Assert.StartsWith("ModelFailed,", session.Error("Compare-DataSchema $args[0] $args[1]", database.Url, folder.Path).FullyQualifiedErrorId, StringComparison.Ordinal);
        if (kind == "PostgreSql")
        {
            Assert.Equal([0], session.Values("@(Import-DataTable -Connection $args[0] -Query \"SELECT 1 AS one FROM pg_database WHERE datname LIKE 'datatools_scratch%'\").Count", database.Url));
        }
    }

    /// <summary>Nothing differs where all migrations were run, though the database has their history besides.</summary>
    [Fact]
    public void A_history_of_migrations_is_no_difference()
    {
        using var database = TestDatabase.Make("Sqlite");
        using var folder = new TestFolder();
        folder.Write("20260101T000000_a.sql", "CREATE TABLE a (id int);");
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder.Path);

        Assert.Empty(session.Values("Compare-DataSchema $args[1] $args[0]", database.Url, folder.Path));
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1]", database.Url, folder.Path));
    }

    [Fact]
    public void A_file_is_compared_with_a_table()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        var file = folder.Write("orders.csv", "id,name,price,extra\n1,a,1.5,x\n");
        TestDatabase.Run(session, database.Url, "CREATE TABLE orders (id bigint PRIMARY KEY, name varchar(30) NOT NULL, price text)");

        Assert.Equal(["Column extra", "Type price"], session.Values("Compare-DataSchema $args[0] $args[1] | ForEach-Object { \"$($_.Kind) $($_.Object)\" } | Sort-Object", file, database.Url));
        Assert.Equal(["Table"], session.Values("Compare-DataSchema $args[0] $args[1] -Table ord* | ForEach-Object { \"$($_.Kind)\" }", folder.Write("order_s.csv", "id\n1\n"), database.Url).Distinct());
    }

    [Fact]
    public void Two_models_have_no_database_to_be_tried_in()
    {
        using var folder = new TestFolder();
        Assert.StartsWith("InvalidOption,", session.Error("Compare-DataSchema $args[0] $args[0]", folder.Write("a.sql", "CREATE TABLE t (i int)")).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
