using System.Diagnostics;
using System.Globalization;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Tests.Databases;
using DataTools.Tests.Host;
using DataTools.Transfer;

namespace DataTools.Tests.Transfer;

/// <summary>Copies in parts: whatever ends a worker, the next one goes on, and every row is there once.</summary>
public sealed class LedgerTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const int Rows = FaultyCopy.Big;
    private const string Copy = "Copy-DataTable $args[0] $args[1] * -Partitions 7 -Ledger l -Worker w";

    public static TheoryData<string> Targets => ["Sqlite", "PostgreSql", "MariaDb", "DuckDb", "MongoDb"];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_copy_in_parts_is_complete_once(string kind)
    {
        using var source = Source();
        using var target = TestDatabase.Make(kind);
        session.Run(Copy, source.Url, target.Url);
        AssertSame(source.Url, target.Url);
        Assert.StartsWith("LedgerComplete,", session.Error(Copy, source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([100L, (long)Rows], session.Values($"({Copy} -Resume -PassThru | Sort-Object Rows).Rows", source.Url, target.Url));
        Assert.StartsWith("LedgerMismatch,", session.Error($"{Copy} -Resume -Where 'id > 3'", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    /// <summary>An error at each step, and within each: what was done stays, what was not is done by the next run.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public void A_run_that_stops_anywhere_goes_on(string kind)
    {
        using var source = Source();
        using var target = TestDatabase.Make(kind);
        var stops = 0;
        while (!TryCopy(source.Url, target.Url, resume: stops > 0, stopAfter: Rows / 5))
        {
            Assert.True(++stops < 60);
        }

        Assert.True(stops > 3, $"{stops}");
        AssertSame(source.Url, target.Url);
    }

    /// <summary>However the table is cut, and whatever database reads it.</summary>
    [Fact]
    public void The_checksums_of_ranges_add_up_to_that_of_the_table()
    {
        using var source = Source();
        using var server = TestDatabase.Make("PostgreSql");
        using var back = TestDatabase.Make("Sqlite");
        session.Run(Copy, source.Url, server.Url);
        session.Run("Copy-DataTable $args[0] $args[1] big -Ledger one", server.Url, back.Url);
        var parts = Checksums(server.Url);
        Assert.Equal(7, parts.Count);
        Assert.Equal(Assert.Single(Checksums(back.Url)), parts.Aggregate((UInt128)0, (sum, part) => sum + part));
    }

    private List<UInt128> Checksums(string url) =>
    [
        .. session.Values("(Import-DataTable -Connection $args[0] -Query \"SELECT checksum FROM datatools_ledger WHERE table_name LIKE '%big' AND phase = 2\").checksum", url)
            .Select(v => UInt128.Parse((string)v!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];

    [Fact]
    public void Several_threads_share_the_work()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        FaultyCopy.Fill(session, source.Url);
        session.Run($"{Copy} -ThrottleLimit 3", source.Url, target.Url);
        CopyDataTableTests.AssertSame(source.Url, target.Url);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_is_new_is_copied_by_the_next_run(string kind)
    {
        using var source = Source();
        using var target = TestDatabase.Make(kind);
        const string Increment = "(Copy-DataTable $args[0] $args[1] big -Ledger l -Since id -Mode Upsert -Partitions 3 -PassThru).Rows";
        Assert.Equal((long)Rows, session.Values(Increment, source.Url, target.Url)[0]);
        TestDatabase.Run(session, source.Url, "INSERT INTO big (id, v) VALUES (900001, 'new'), (900002, 'new')");
        // The last row of the run before is read again.
        Assert.Equal(3L, session.Values(Increment, source.Url, target.Url)[0]);
        Assert.Equal(1L, session.Values(Increment, source.Url, target.Url)[0]);
        Assert.Equal(TableContents.Of(source.Url, "big"), TableContents.Of(target.Url, "big", "id", "v", "small_id"));
    }

    /// <summary>Rows without a value are copied by the first run, whatever there is; a greatest value that is gone brings nothing back.</summary>
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    public void Increments_copy_each_row_once(string kind)
    {
        using var source = TestDatabase.Make(kind);
        using var target = TestDatabase.Make("Sqlite");
        const string Increment = "(Copy-DataTable $args[0] $args[1] t -Ledger l -Since W -Mode Append -PassThru).Rows";
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, w INTEGER)");
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (1, NULL), (2, NULL)");
        long Next(string change)
        {
            TestDatabase.Run(session, source.Url, change);
            return (long)session.Values(Increment, source.Url, target.Url)[0]!;
        }

        Assert.Equal(2L, Next("UPDATE t SET w = NULL"));
        Assert.Equal(0L, Next("UPDATE t SET w = NULL"));
        Assert.Equal(2L, Next("INSERT INTO t VALUES (3, 10), (4, 20)"));
        Assert.Equal(0L, Next("DELETE FROM t WHERE id = 4"));
        Assert.Equal(1L, Next("INSERT INTO t VALUES (5, 21), (6, 15)"));
        Assert.Equal(0L, Next("UPDATE t SET w = 5 WHERE id = 5"));
        Assert.Equal(["1|~", "2|~", "3|10", "4|20", "5|21"], TableContents.Of(target.Url, "t"));
    }

    [Fact]
    public void A_step_that_fails_is_tried_again_when_asked_for()
    {
        using var source = Source();
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, source.Url, "CREATE TABLE odd (id INTEGER PRIMARY KEY, n INT)");
        TestDatabase.Run(session, source.Url, "INSERT INTO odd VALUES (1, 'x')");
        session.Error(Copy, source.Url, target.Url);
        Assert.StartsWith("CopyStepFailed,", session.Error(Copy, source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        TestDatabase.Run(session, source.Url, "UPDATE odd SET n = 5");
        session.Run($"{Copy} -Resume", source.Url, target.Url);
        CopyDataTableTests.AssertSame(source.Url, target.Url);
    }

    [Fact]
    public async Task Three_processes_share_a_copy_and_one_is_killed()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("PostgreSql");
        FaultyCopy.Fill(session, source.Url);
        using var admin = (SqlSession)Connector.Open(AddressText.Parse(target.Url), CancellationToken.None);
        var workers = Enumerable.Range(1, 3).Select(n => RunnerProcess.Start(
            ["-Command", $"Copy-DataTable '{source.Url}' '{target.Url}' * -Partitions 12 -Ledger l -Worker w{n} -LeaseSeconds 3 -MaxRowsPerSecond {Rows / 4}"])).ToList();
        try
        {
            var errors = workers.ConvertAll(w => w.StandardError.ReadToEndAsync());
            workers.ForEach(w => w.StandardOutput.ReadToEndAsync());
            var watch = Stopwatch.StartNew();
            while (!HasLease(admin, "w2") && !workers[1].HasExited)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2));
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            workers[1].Kill();
            foreach (var worker in new[] { workers[0], workers[2] })
            {
                await RunnerProcess.End(worker);
                Assert.True(worker.ExitCode == 0, await errors[workers.IndexOf(worker)].WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }

        CopyDataTableTests.AssertSame(source.Url, target.Url);
    }

    /// <summary>Whether the ledger is there and a worker has a lease.</summary>
    private static bool HasLease(SqlSession session, string worker) =>
        session.FindTable(new DataTools.Schemas.TableName(null, LedgerTable.Name), CancellationToken.None) is not null
        && session.Query($"SELECT 1 FROM {LedgerTable.Name} WHERE worker = $1 AND state = 'leased' AND phase = 2", r => 1, CancellationToken.None, worker).Count > 0;

    /// <summary>Copies until rows enough were read, and throws then; false where it did.</summary>
    private static bool TryCopy(string source, string target, bool resume, long stopAfter)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        using var from = Connector.Open(AddressText.Parse(source), CancellationToken.None);
        using var to = Connector.Open(AddressText.Parse(target), CancellationToken.None);
        var options = new CopyOptions { Partitions = 7, Ledger = new LedgerOptions("l", "w") { Resume = resume } };
        using var job = new CopyJob(from, to, options, new DatabaseContext(rejects, _ => { }, CancellationToken.None));
        var moved = 0L;
        try
        {
            job.Run((_, rows) => moved = (moved += rows) > stopAfter ? throw new InvalidOperationException("stopped") : moved);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A database of documents has neither keys between collections nor a collection that is left over.</summary>
    internal static void AssertSame(string source, string target)
    {
        using var session = Connector.Open(AddressText.Parse(target), CancellationToken.None);
        if (session is SqlSession)
        {
            CopyDataTableTests.AssertSame(source, target);
            return;
        }

        Assert.Equal(["big", "datatools_ledger", "small"], session.ListTables(CancellationToken.None).Select(t => t.Name));
        Assert.Equal(TableContents.Of(source, "small"), TableContents.Of(target, "small", "id", "v"));
        Assert.Equal(TableContents.Of(source, "big"), TableContents.Of(target, "big", "id", "v", "small_id"));
    }

    private TestDatabase Source()
    {
        var database = TestDatabase.Make("Sqlite");
        FaultyCopy.Fill(session, database.Url);
        return database;
    }
}
