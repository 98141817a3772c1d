using DataTools.Databases;
using DataTools.Databases.MongoDb.Ledgers;
using DataTools.Errors;
using DataTools.Tests.Transfer;
using DataTools.Transfer;
using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>Copies by a ledger into MongoDB, which has no transactions there: whatever breaks off or comes late, every row is there once.</summary>
public sealed class LedgerCollectionTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Copy = "Copy-DataTable $args[0] $args[1] big -Partitions 3 -Ledger l -Worker w";

    /// <summary>Commands of a copy that nothing disturbs, and some more.</summary>
    private const int Commands = 220;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_that_breaks_at_any_command_does_no_harm(bool isAnswerLost) => Break(isAnswerLost, new Random(20_261), 10);

    [Theory]
    [Trait("Length", "Full")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_that_breaks_at_every_command_does_no_harm(bool isAnswerLost) => Break(isAnswerLost, null, Commands);

    /// <summary>A worker that was stopped for so long that others have its step: what it still sends is not counted twice, and takes nothing away.</summary>
    [Theory]
    [InlineData("insert")]
    [InlineData("update")]
    public void A_worker_that_comes_back_late_does_no_harm(string at)
    {
        using var source = Source();
        using var server = new WireServer(null, null);
        var (stopped, goesOn) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var late = 0;
        server.OnCommand = (name, command) =>
        {
            // The first rows that go to their place, or the note that all of them wait.
            var isIt = name == at && (at == "insert" ? IsGathered(command[0].AsString, server) : command["updates"][0]["u"] is BsonDocument set && set.GetValue("$set", null) is BsonDocument values && values.Contains("checksum"));
            if (isIt && Interlocked.Exchange(ref late, 1) == 0)
            {
                stopped.Set();
                goesOn.Wait();
            }
        };

        var worker = new Thread(() => Assert.Null(Record.Exception(() => Work(source.Url, Url(server), "late", TimeSpan.Zero))));
        worker.Start();
        Assert.True(stopped.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Work(source.Url, Url(server), "other", TimeSpan.FromMinutes(1));
        LedgerTests.AssertSame(source.Url, Url(server));
        goesOn.Set();
        Assert.True(worker.Join(TimeSpan.FromMinutes(1)));
        LedgerTests.AssertSame(source.Url, Url(server));
    }

    [Fact]
    public void What_is_replaced_shows_when_all_of_it_is_there()
    {
        using var source = Source();
        using var server = new WireServer(null, null);
        session.Run("[pscustomobject]@{ id = 1; v = 'old' } | Export-DataTable big -Connection $args[0] -CreateTable -PrimaryKey id; Invoke-DataQuery -Connection $args[0] '{ createIndexes: \"big\", indexes: [ { key: { v: 1 }, name: \"own\" } ] }' -NonQuery", Url(server));
        var inserts = 0;
        server.OnCommand = (name, _) =>
        {
            if (name == "insert" && ++inserts == 5)
            {
                throw new WireFault(8000, "AtlasError", "no room");
            }
        };
        session.Error($"{Copy} -Mode Replace -Confirm:$false", source.Url, Url(server));
        Assert.Equal(["old"], session.Values("(Import-DataTable big -Connection $args[0]).v", Url(server)));
        session.Run($"{Copy} -Mode Replace -Confirm:$false -Resume", source.Url, Url(server));
        Assert.Equal(TableContents.Of(source.Url, "big"), TableContents.Of(Url(server), "big", "id", "v", "small_id"));
        Assert.Contains(TableContents.Schema(Url(server), "big").Indexes, i => i.Name == "own");
        Assert.Equal(["big", "datatools_ledger"], session.Values("(Get-DataTable -Connection $args[0]).Name", Url(server)));
    }

    /// <summary>A row that another index refuses fails its step, of which nothing stays; the other steps, and what was there, do.</summary>
    [Fact]
    public void A_row_that_is_refused_takes_its_step_back()
    {
        using var source = Source();
        using var server = new WireServer(null, null);
        const string Append = $"{Copy} -Mode Append";
        session.Run("[pscustomobject]@{ id = 6000; v = 'mine' } | Export-DataTable big -Connection $args[0] -CreateTable -PrimaryKey id", Url(server));
        Assert.Contains("duplicate key", session.Error(Append, source.Url, Url(server)).ToString(), StringComparison.Ordinal);
        var there = TableContents.Of(Url(server), "big", "id", "v");
        Assert.Contains("6000|mine", there);
        Assert.Equal((FaultyCopy.Big * 2 / 3) + 1, there.Count, 3.0);
        Assert.StartsWith("CopyStepFailed,", session.Error(Append, source.Url, Url(server)).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Invoke-DataQuery -Connection $args[0] '{ delete: \"big\", deletes: [ { q: { v: \"mine\" }, limit: 1 } ] }' -NonQuery", Url(server));
        session.Run($"{Append} -Resume", source.Url, Url(server));
        Assert.Equal(TableContents.Of(source.Url, "big"), TableContents.Of(Url(server), "big", "id", "v", "small_id"));
        Assert.Equal(["big", "datatools_ledger"], session.Values("(Get-DataTable -Connection $args[0]).Name", Url(server)));
    }

    [Fact]
    public void Rows_that_bring_their_ids_do_not_touch_those_of_others()
    {
        using var source = TestDatabase.Make("Sqlite");
        using var server = new WireServer(null, null);
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (_id INTEGER PRIMARY KEY, v TEXT)");
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        session.Run("[pscustomobject]@{ _id = 2; v = 'other' } | Export-DataTable t -Connection $args[0] -CreateTable", Url(server));
        const string Append = "Copy-DataTable $args[0] $args[1] t -Mode Append -Ledger l -Worker w";
        Assert.Contains("duplicate key", session.Error(Append, source.Url, Url(server)).ToString(), StringComparison.Ordinal);
        Assert.Equal(["2|other"], TableContents.Of(Url(server), "t"));
        Assert.Equal([2L], session.Values($"({Append} -Resume -MaxErrors 1 -PassThru).Rows", source.Url, Url(server)));
        Assert.Equal(["1|a", "2|other", "3|c"], TableContents.Of(Url(server), "t"));
    }

    [Fact]
    public void Rows_within_others_and_rows_by_their_key_have_a_ledger_too()
    {
        using var source = Source();
        using var server = new WireServer(null, null);
        session.Run("Copy-DataTable $args[0] $args[1] small -Embed small.big -Ledger l", source.Url, Url(server));
        Assert.Equal([100L], session.Values("@(Import-DataTable small -Connection $args[0]).Count", Url(server)).Select(Convert.ToInt64));
        Assert.Equal([(long)FaultyCopy.Big / FaultyCopy.Small], session.Values("(Import-DataTable small -Connection $args[0] | Where-Object id -eq 7).big.Count", Url(server)).Select(Convert.ToInt64));

        const string Upsert = "Copy-DataTable $args[0] $args[1] small -RenameTable @{ small = 'kept' } -Partitions 3 -Ledger u -Mode Upsert -Key id";
        session.Run("[pscustomobject]@{ id = 5; v = 'old' }, [pscustomobject]@{ id = -1; v = 'mine' } | Export-DataTable kept -Connection $args[0] -CreateTable -PrimaryKey id", Url(server));
        session.Run(Upsert, source.Url, Url(server));
        Assert.Equal(TableContents.Of(source.Url, "small").Append("-1|mine").Order(StringComparer.Ordinal), TableContents.Of(Url(server), "kept", "id", "v"));
        Assert.Equal(["datatools_ledger", "kept", "small"], session.Values("(Get-DataTable -Connection $args[0]).Name", Url(server)));
    }

    [Fact]
    public void Several_threads_share_the_work()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var server = new WireServer(null, null);
        FaultyCopy.Fill(session, source.Url);
        session.Run("Copy-DataTable $args[0] $args[1] * -Partitions 9 -Ledger l -ThrottleLimit 3", source.Url, Url(server));
        LedgerTests.AssertSame(source.Url, Url(server));
    }

    private static string Url(WireServer server) => $"mongodb://127.0.0.1:{server.Port}/shop";

    /// <summary>Whether rows go to a collection that all workers fill: it has more than that of its _id for an index.</summary>
    private static bool IsGathered(string collection, WireServer server) => collection.StartsWith(LedgerTable.Name + "_", StringComparison.Ordinal) && server.HasIndexes("shop", collection);

    /// <summary>One worker until the copy is complete, its leases never prolonged.</summary>
    private static void Work(string source, string target, string name, TimeSpan lease)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        using var from = Connector.Open(AddressText.Parse(source), CancellationToken.None);
        using var to = Connector.Open(AddressText.Parse(target), CancellationToken.None);
        var options = new CopyOptions { Partitions = 3, Ledger = new LedgerOptions("l", name) { Lease = lease } };
        using var job = new CopyJob(from, to, options, new DatabaseContext(rejects, _ => { }, CancellationToken.None));
        job.Run((_, _) => { });
    }

    private void Break(bool isAnswerLost, Random? random, int points)
    {
        using var source = Source();
        for (var point = 0; point < points; point++)
        {
            using var server = new WireServer(null, null);
            var (at, count) = (random?.Next(Commands) ?? point, 0);
            Action<string, BsonDocument> cut = (_, _) =>
            {
                if (Interlocked.Increment(ref count) == at)
                {
                    throw new IOException("cut");
                }
            };
            (server.OnCommand, server.OnReply) = (isAnswerLost ? null : cut, isAnswerLost ? cut : null);
            Go(source.Url, Url(server));
            FaultyCopy.AssertComplete(source.Url, Url(server));
        }
    }

    private static void Go(string source, string target)
    {
        for (var run = 0; ; run++)
        {
            try
            {
                FaultyCopy.Copy(source, target, resume: run > 0, _ => { });
                return;
            }
            catch (DataException e) when (e.Id == nameof(DataErrors.ConnectionFailed) && run < 5)
            {
                // As a worker that died.
            }
        }
    }

    private TestDatabase Source()
    {
        var database = TestDatabase.Make("Sqlite");
        FaultyCopy.Fill(session, database.Url);
        return database;
    }
}
