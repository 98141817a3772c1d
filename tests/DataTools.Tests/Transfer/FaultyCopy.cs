using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Tests.Databases;
using DataTools.Transfer;

namespace DataTools.Tests.Transfer;

/// <summary>A copy by a ledger that meets a fault on its way and goes on: tables that are copied, what strikes, and what must hold afterwards.</summary>
internal static class FaultyCopy
{
    internal const int Small = 100;
    internal const int Big = 8_000;

    /// <summary>Into how many ranges each table is cut.</summary>
    internal const int Parts = 7;

    private const int MostRuns = 6;
    private const int RowsAtOnce = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>All rows of the source.</summary>
    internal static int Rows => Small + Big;

    /// <summary>Makes the tables that are copied.</summary>
    internal static void Fill(PowerShellSession session, string url)
    {
        TestDatabase.Run(session, url, "CREATE TABLE small (id INTEGER PRIMARY KEY, v VARCHAR(40) NOT NULL)");
        TestDatabase.Run(session, url, $"INSERT INTO small WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {Small}) SELECT i, 'v' || i FROM s");
        TestDatabase.Run(session, url, "CREATE TABLE big (id INTEGER PRIMARY KEY, v VARCHAR(40), small_id INTEGER REFERENCES small (id))");
        TestDatabase.Run(session, url, $"INSERT INTO big WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {Big}) SELECT i, 'value ' || i, i % {Small} + 1 FROM s");
        TestDatabase.Run(session, url, "CREATE INDEX big_small ON big (small_id)");
    }

    /// <summary>
    /// Copies; when some rows are on their way and then some time has passed, <paramref name="strike"/> is called, once. A run that loses its connection is followed by
    /// another one, as a user would do it.
    /// </summary>
    internal static void Run(string source, string target, int afterRows, TimeSpan delay, Action strike)
    {
        var moved = 0L;
        Task? striking = null;
        for (var run = 0; run < MostRuns; run++)
        {
            try
            {
                Copy(source, target, resume: run > 0, rows =>
                {
                    moved += rows;
                    if (striking is null && moved >= afterRows)
                    {
                        striking = Strike(delay, strike);
                        if (delay == TimeSpan.Zero)
                        {
                            End(striking);
                        }
                    }
                });
                Assert.NotNull(striking);
                return;
            }
            catch (DataException e) when (e.Id == nameof(DataErrors.ConnectionFailed))
            {
                // As a worker that died.
            }
            finally
            {
                // What strikes late must meet neither the next run nor those who look at the result.
                End(striking);
            }
        }

        Assert.Fail("The copy never ends.");
    }

    /// <summary>One run of the copy in this process.</summary>
    internal static void Copy(string source, string target, bool resume, Action<long> moved)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        using var limit = new CancellationTokenSource(Patience);
        using var from = Connector.Open(AddressText.Parse(source), limit.Token);
        using var to = Connector.Open(AddressText.Parse(target), limit.Token);
        // Small batches, so that the middle of a range is met as well as its end.
        var options = new CopyOptions { Partitions = Parts, Ledger = new LedgerOptions("l", "w") { Resume = resume, Lease = TimeSpan.FromSeconds(20) }, Transform = r => new Sliced(r) };
        using var job = new CopyJob(from, to, options, new DatabaseContext(rejects, _ => { }, limit.Token));
        job.Run((_, rows) => moved(rows));
    }

    /// <summary>Every row, key and index is there once, and the ledger says so.</summary>
    internal static void AssertComplete(string source, string target)
    {
        LedgerTests.AssertSame(source, target);
        using var session = (ILedgerSession)Connector.Open(AddressText.Parse(target), CancellationToken.None);
        var steps = session.OpenLedger("l").Read(CancellationToken.None);
        Assert.All(steps, s => Assert.Equal(LedgerStep.Done, s.State));
        Assert.Equal(Rows, steps.Sum(s => s.Rows));
    }

    /// <summary>Ends the connections of the copy, which are all to one or other of the two databases.</summary>
    internal static void KillConnections(params string[] urls)
    {
        foreach (var url in urls)
        {
            var address = AddressText.Parse(url);
            // Nobody looks for it in a database of its own.
            using var admin = (SqlSession)Connector.Open(address with { Database = address.Kind.Name == "PostgreSql" ? "postgres" : "mysql" }, CancellationToken.None);
            if (address.Kind.Name == "PostgreSql")
            {
                admin.Query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'DataTools' AND datname = $1", r => 1, CancellationToken.None, address.Database);
                continue;
            }

            foreach (var id in admin.Query("SELECT id FROM information_schema.processlist WHERE db = @1", r => Convert.ToInt64(r.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None, address.Database))
            {
                Kill(admin, id);
            }
        }
    }

    private static void Kill(SqlSession admin, long id)
    {
        try
        {
            admin.Run($"KILL {id}", CancellationToken.None);
        }
        catch (DataException e) when (e.Message.Contains("Unknown thread id", StringComparison.Ordinal))
        {
            // It has ended by itself.
        }
    }

    private static Task Strike(TimeSpan delay, Action strike) => Task.Factory.StartNew(
        () =>
        {
            Thread.Sleep(delay);
            strike();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static void End(Task? striking)
    {
        if (striking is not null && !striking.Wait(Patience))
        {
            throw new TimeoutException("What strikes does not end.");
        }
    }

    /// <summary>The rows of a reader in small batches.</summary>
    private sealed class Sliced(IBatchReader inner) : IBatchReader
    {
        private RecordBatch? _batch;
        private int _at;

        public Schema Schema => inner.Schema;

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            if (_batch is null || _at >= _batch.Length)
            {
                (_batch, _at) = (inner.ReadBatch(cancellation), 0);
            }

            if (_batch is null)
            {
                return null;
            }

            var (from, length) = (_at, Math.Min(RowsAtOnce, _batch.Length - _at));
            _at += length;
            return new RecordBatch(_batch.Schema, _batch.Arrays.Select(a => ArrowArrayFactory.Slice(a, from, length)), length);
        }

        public void Dispose() => inner.Dispose();
    }
}
