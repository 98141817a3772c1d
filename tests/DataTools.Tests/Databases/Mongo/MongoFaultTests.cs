namespace DataTools.Tests.Databases.Mongo;

/// <summary>What is left when something goes wrong, on servers of a test's own.</summary>
public sealed class MongoFaultTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Fact]
    public void A_server_that_is_no_longer_primary_is_a_conflict()
    {
        using var server = new WireServer(null, null);
        server.OnCommand = (name, _) =>
        {
            if (name == "insert")
            {
                throw new WireFault(10107, "NotWritablePrimary", "not primary");
            }
        };

        var error = session.Error("[pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $args[0] -CreateTable", Url(server));
        Assert.StartsWith("TransactionConflict,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", Url(server)));
    }

    [Fact]
    public void A_server_that_dies_ends_the_load_with_an_error()
    {
        using var server = new WireServer(null, null);
        session.Run("[pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $args[0] -CreateTable", Url(server));
        server.OnCommand = (name, _) =>
        {
            if (name == "insert")
            {
                server.Dispose();
            }
        };

        var error = session.Error("1..20000 | ForEach-Object { [pscustomobject]@{ a = $_ } } | Export-DataTable t -Connection \"$($args[0])?connect_timeout=2\"", Url(server));
        Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(session.Warnings, w => w.Contains("could not be taken back", StringComparison.Ordinal) && w.Contains("$gte", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Replace")]
    [InlineData("Truncate")]
    [InlineData("Upsert")]
    [InlineData("Ignore")]
    public void A_source_that_fails_leaves_the_collection_as_it_was(string mode)
    {
        using var server = new WireServer(null, null);
        session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_; v = 'old' } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id", Url(server));
        session.Error("1..100000 | ForEach-Object { if ($_ -eq 90000) { throw 'broken' }; [pscustomobject]@{ id = $_; v = 'new' } } | Export-DataTable t -Connection $args[0] -Mode $args[1] -Confirm:$false", Url(server), mode);

        Assert.Equal(["old", "old", "old"], session.Values("(Import-DataTable t -Connection $args[0]).v", Url(server)));
        Assert.Equal(["t"], session.Values("(Get-DataTable -Connection $args[0]).Name", Url(server)));
        Assert.Contains("insert", server.Seen);
    }

    [Fact]
    public void An_upsert_that_fails_in_its_last_part_says_how_far_it_came()
    {
        using var server = new WireServer(null, null);
        session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_; other = $_ } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id; Invoke-DataQuery -Connection $args[0] '{ createIndexes: \"t\", indexes: [ { key: { other: 1 }, name: \"other\", unique: true } ] }' -NonQuery", Url(server));
        const string Upsert = "@([pscustomobject]@{ id = 3; other = 33 }, [pscustomobject]@{ id = 4; other = 1 }, [pscustomobject]@{ id = 5; other = 5 }) | Export-DataTable t -Connection $args[0] -Mode Upsert";

        var error = session.Error(Upsert, Url(server));
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("row 2", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(session.Warnings, w => w.StartsWith("2 rows were committed", StringComparison.Ordinal));
        Assert.Equal([1L], session.Values($"{Upsert} -MaxErrors 1 -PassThru | ForEach-Object Rejected", Url(server)));
    }

    [Fact]
    public void On_a_replica_set_a_transaction_is_kept_or_undone()
    {
        using var server = new WireServer(null, null) { ReplicaSet = "rs0" };
        var url = $"{Url(server)}?replicaSet=rs0";
        const string Script =
            """
            $c = Connect-Database $args[0] -Name tx
            try {
                Invoke-DataQuery -Connection $c -Transaction {
                    Invoke-DataQuery '{ delete: "t", deletes: [ { q: { a: 1 }, limit: 0 } ] }' -Connection $c -NonQuery
                    [pscustomobject]@{ a = 5 }, [pscustomobject]@{ a = 6 } | Export-DataTable t -Connection $c
                    if ($args[1]) { throw 'no' }
                }
            }
            finally { Disconnect-Database $c }
            """;
        session.Run("1..3 | ForEach-Object { [pscustomobject]@{ a = $_ } } | Export-DataTable t -Connection $args[0] -CreateTable", url);

        session.Error(Script.Replace("$args[1]", "$true", StringComparison.Ordinal), url);
        Assert.Equal([1L, 2L, 3L], session.Values("(Import-DataTable t -Connection $args[0]).a -as [long[]] | ForEach-Object { $_ }", url));
        session.Run(Script.Replace("$args[1]", "$false", StringComparison.Ordinal), url);
        Assert.Equal([2L, 3L, 5L, 6L], session.Values("(Import-DataTable t -Connection $args[0]).a -as [long[]] | ForEach-Object { $_ }", url));
    }

    [Fact]
    public void The_server_of_the_tests_refuses_what_it_does_not_know()
    {
        using var server = new WireServer(null, null);
        Assert.Contains("no such command", session.Error("Invoke-DataQuery -Connection $args[0] '{ compact: 1 }'", Url(server)).ToString(), StringComparison.Ordinal);
        Assert.Contains("unknown field", session.Error("Invoke-DataQuery -Connection $args[0] '{ ping: 1, nonsense: 1 }'", Url(server)).ToString(), StringComparison.Ordinal);
        Assert.Contains("unknown operator", session.Error("Invoke-DataQuery -Connection $args[0] '{ insert: \"t\", documents: [ { a: 1 } ] } { find: \"t\", filter: { a: { $near: 1 } } }'", Url(server)).ToString(), StringComparison.Ordinal);
        Assert.Contains("stage name", session.Error("Invoke-DataQuery -Connection $args[0] '{ aggregate: \"t\", pipeline: [ { $facet: {} } ] }'", Url(server)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_ends_leaves_no_connection()
    {
        using var server = new WireServer(null, null);
        session.Run("[pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $args[0] -CreateTable; $c = Connect-Database $args[0] -Name kept; Import-DataTable t -Connection $c", Url(server));
        Assert.True(server.Connections > 0);
        session.Run("Disconnect-Database kept");
        Assert.True(SpinWait.SpinUntil(() => server.Connections == 0, TimeSpan.FromSeconds(20)), $"{server.Connections} connections");
    }

    [Fact]
    public void No_secret_shows_anywhere()
    {
        using var server = new WireServer("admin", TestServer.Password);
        using var folder = new TestFolder();
        var output = session.Values(
            """
            $url, $log = $args
            $c = Connect-Database $url -Name shown -Verbose -LogPath $log
            $c | Format-List * -Force | Out-String; "$c"; Get-DatabaseConnection | Format-List * -Force | Out-String
            foreach ($script in { Connect-Database ($url -replace 'authSource=admin', 'authSource=none') }, { Import-DataTable nothing -Connection $url -LogPath $log }, { Import-DataTable -Connection $c -Query 'SELEC' }, { Connect-Database ($url -replace ':\d+/', ':x/') },
                { Connect-Database ($url + '&nonsense=1') }, { Connect-Database ($url + '&w=x y&readPreference=none') }, { Connect-Database ($url -replace ':\d+/', ':1/') }) {
                try { & $script } catch { "$_"; $_.Exception.ToString(); $_ | Format-List * -Force | Out-String; "$($_.TargetObject)" }
            }
            Disconnect-Database $c
            [System.IO.File]::ReadAllText($log)
            """,
            $"mongodb://admin:{Uri.EscapeDataString(TestServer.Password)}@127.0.0.1:{server.Port}/shop?authSource=admin",
            folder["log.ndjson"]);
        var text = string.Join('\n', output.Concat(session.VerboseMessages).Concat(session.Warnings));

        Assert.Contains("Authentication failed", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(TestServer.Password), text, StringComparison.Ordinal);
    }

    private static string Url(WireServer server) => $"mongodb://127.0.0.1:{server.Port}/shop";
}
