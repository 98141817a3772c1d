using System.Management.Automation;
using DataTools.Databases;

namespace DataTools.Tests.Databases;

/// <summary>What reading and writing tables means, on every database.</summary>
public sealed class TableContractTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Rows = "$rows = 1..5 | ForEach-Object { [pscustomobject]@{ id = $_; name = \"n$_\"; price = [decimal] ($_ + 0.5) } };";

    public static TheoryData<string> Kinds => [.. TestDatabase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_table_that_is_not_there_is_an_error_and_is_made_when_asked_for(string kind)
    {
        using var database = TestDatabase.Make(kind);
        Assert.StartsWith("TableNotFound,", session.Error(Rows + "$rows | Export-DataTable t -Connection $args[0]", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Equal([5L, 5L], Values(database, Rows + "($rows | Export-DataTable t -Connection $url -CreateTable -PrimaryKey id -PassThru).Rows; @(Import-DataTable t -Connection $url).Count"));
        Assert.Equal(["id"], Values(database, "(Get-DataSchema -Connection $url -Table t).PrimaryKey.Columns"));
        Assert.Equal(["t"], Values(database, "(Get-DataTable -Connection $url).Name"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Modes_do_what_they_say(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -Mode Fail -PrimaryKey id", database.Url);

        Assert.StartsWith("TableExists,", Error(database, Rows + "$rows | Export-DataTable t -Connection $url -Mode Fail").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("BadRow,", Error(database, Rows + "$rows | Export-DataTable t -Connection $url").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(5, Count(database));

        session.Run(Rows + "$rows | Select-Object -First 2 | Export-DataTable t -Connection $args[0] -Mode Truncate -Confirm:$false", database.Url);
        Assert.Equal(2, Count(database));

        session.Run(Rows + "$rows | Select-Object -First 3 | Export-DataTable t -Connection $args[0] -Mode Replace -Confirm:$false", database.Url);
        Assert.Equal(3, Count(database));
        Assert.Equal(["id"], Values(database, "(Get-DataSchema -Connection $url -Table t).PrimaryKey.Columns"));
        Assert.Equal(["t"], Values(database, "(Get-DataTable -Connection $url).Name"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Upsert_changes_and_adds_and_the_last_of_a_key_counts(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);
        session.Run(
            """
            @([pscustomobject]@{ id = 5; name = 'first'; price = 1.5d }, [pscustomobject]@{ id = 6; name = 'new'; price = 1.5d }, [pscustomobject]@{ id = 5; name = 'last'; price = 2.5d }) |
                Export-DataTable t -Connection $args[0] -Mode Upsert
            """,
            database.Url);

        Assert.Contains("1 rows had the key of a later row", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["n1", "n2", "n3", "n4", "last", "new"], Names(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Upsert_by_a_column_without_a_unique_key(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);
        session.Run("@([pscustomobject]@{ id = 5; name = 'n3'; price = 9.5d }, [pscustomobject]@{ id = 7; name = 'n7'; price = 9.5d }) | Export-DataTable t -Connection $args[0] -Mode Upsert -Key name", database.Url);

        Assert.Equal([5L, 7L], Values(database, $"Import-DataTable t -Connection $url -Where '{database.Text("price = 9.5", "{ \"price\": 9.5 }")}' | ForEach-Object {{ [long] $_.id }} | Sort-Object"));
        Assert.Equal(6, Count(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ignore_adds_what_is_not_there(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);
        session.Run("5..7 | ForEach-Object { [pscustomobject]@{ id = $_; name = 'other'; price = 1.5d } } | Export-DataTable t -Connection $args[0] -Mode Ignore", database.Url);

        Assert.Equal(["n1", "n2", "n3", "n4", "n5", "other", "other"], Names(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Columns_are_matched_by_name_mapped_and_added(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);
        const string More = "[pscustomobject]@{ NAME = 'x'; number = 6; price = 1.5d; extra = 'e' } | Export-DataTable t -Connection $url";

        if (database.Kind.Features.HasFlag(DatabaseFeatures.FixedColumns))
        {
            Assert.StartsWith("ColumnsMissing,", Error(database, More).FullyQualifiedErrorId, StringComparison.Ordinal);
        }

        session.Run($"$url = $args[0]; {More} -ColumnMap @{{ number = 'id' }} -AddColumn", database.Url);
        Assert.Equal(["6 x e"], Values(database, $"Import-DataTable t -Connection $url -Where '{database.Text("id = 6", "{ id: 6 }")}' | ForEach-Object {{ \"$($_.id) $($_.name) $($_.extra)\" }}"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bad_rows_are_found_and_the_good_ones_loaded(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);
        session.Run(
            "2000..1 | ForEach-Object { [pscustomobject]@{ id = $_; name = \"new$_\"; price = 1.5d } } | Export-DataTable t -Connection $args[0] -MaxErrors 10 -RejectPath $args[1]",
            database.Url,
            folder["rejects.ndjson"]);

        Assert.Equal(2000, Count(database));
        Assert.Equal(["1996", "1997", "1998", "1999", "2000"], File.ReadLines(folder["rejects.ndjson"]).Select(l => $"{System.Text.Json.Nodes.JsonNode.Parse(l)!["row"]}").Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bad_row_undoes_everything_and_is_named(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);

        var error = Error(database, "6..900 + 3 | ForEach-Object { [pscustomobject]@{ id = $_; name = 'x'; price = 1.5d } } | Export-DataTable t -Connection $url");
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("row 896", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, Count(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Batches_are_kept_when_they_are_complete(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);

        Error(database, "6..900 + 3 | ForEach-Object { [pscustomobject]@{ id = $_; name = 'x'; price = 1.5d } } | Export-DataTable t -Connection $url -BatchCommit 100");
        Assert.Contains("800 rows were committed", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(805, Count(database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_query_takes_parameters(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);

        var (query, where, all) = (
            database.Text("SELECT name, price FROM t WHERE id > @least ORDER BY id", "{ find: \"t\", filter: { id: { $gt: \"@least\" } }, sort: { id: 1 } }"),
            database.Text("name = @n", "{ name: \"@n\" }"),
            database.Text("SELECT * FROM t ORDER BY id ; ", " { aggregate: \"t\", pipeline: [ { $sort: { id: 1 } } ] } "));
        Assert.Equal(["n4", "n5"], Values(database, $"(Import-DataTable -Connection $url -Query '{query}' -Parameters @{{ least = 3 }}).name"));
        Assert.Equal(["n2"], Values(database, $"(Import-DataTable t -Connection $url -Where '{where}' -Parameters @{{ n = 'n2' }}).name"));
        Assert.Equal(["n1", "n2"], Values(database, $"(Import-DataTable -Connection $url -Query '{all}' | Select-Object -First 2).name"));
        Assert.Equal([2L], Values(database, "@(Import-DataTable t -Connection $url -Column n*, id -First 2).Count"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_transaction_is_kept_or_undone(string kind)
    {
        using var database = TestDatabase.Make(kind);
        const string Script = "$c = Connect-Database $url -Name tx; try { Invoke-DataQuery -Connection $c -Transaction { Invoke-DataQuery 'DELETE FROM t WHERE id = 1' -Connection $c; {0} } } finally { Disconnect-Database $c }";
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);

        if (!database.Kind.Features.HasFlag(DatabaseFeatures.Transactions))
        {
            Assert.Contains("transaction", Error(database, Script.Replace("{0}", "", StringComparison.Ordinal)).ToString(), StringComparison.Ordinal);
            return;
        }

        Error(database, Script.Replace("{0}", "throw 'no'", StringComparison.Ordinal));
        Assert.Equal(5, Count(database));
        Values(database, Script.Replace("{0}", "$rows[0] | Export-DataTable t -Connection $c; $rows[1] | Export-DataTable t -Connection tx", StringComparison.Ordinal));
        Assert.Equal(6, Count(database));
        Assert.Equal([6L], Values(database, "Invoke-DataQuery \"UPDATE t SET name = 'u'\" -Connection $url -NonQuery"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Partitions_read_every_row_once(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run("1..1000 | ForEach-Object { [pscustomobject]@{ id = $_ * 7 - 3000; v = 'x' } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", database.Url);

        Assert.Equal(
            ["1000", "-2993", "4000"],
            Values(database, "$ids = (Import-DataTable t -Connection $url -Partitions 3).id | Sort-Object -Unique; \"$($ids.Count)\"; \"$($ids[0])\"; \"$($ids[-1])\""));
        Assert.StartsWith("InvalidOption,", Error(database, "Import-DataTable t -Connection $url -Partitions 3 -PartitionColumn v").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Odd_names_are_quoted(string kind)
    {
        using var database = TestDatabase.Make(kind);
        Assert.Equal(
            ["1", "2"],
            Values(database, "[pscustomobject]@{ 'a b' = 1; 'select' = 'x'; 'q\"uo''te' = 2 } | Export-DataTable '\"odd \"\" table\"' -Connection $url -CreateTable; $r = Import-DataTable '\"odd \"\" table\"' -Connection $url; \"$($r.'a b')\"; \"$($r.'q\"uo''te')\""));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_table_has_columns(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Rows + "$rows | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);
        Assert.Equal(["id", "name", "price"], Values(database, $"(Import-DataTable t -Connection $url -Where '{database.Text("id = 0", "{ id: 0 }")}' | Get-DataSchema).Name").Where(n => !Equals(n, "_id")));
    }

    private long Count(TestDatabase database) => (long)Values(database, "[long] @(Import-DataTable t -Connection $url).Count")[0]!;

    private IEnumerable<object?> Names(TestDatabase database) => Values(database, "Import-DataTable t -Connection $url | Sort-Object { [long] $_.id } | ForEach-Object name");

    private IReadOnlyList<object?> Values(TestDatabase database, string script) =>
        [.. session.Values($"$ErrorActionPreference = 'Stop'; $url = $args[0]; {script}", database.Url).Select(v => v is int number ? (long)number : v)];

    private ErrorRecord Error(TestDatabase database, string script) => session.Error($"$url = $args[0]; {script}", database.Url);
}
