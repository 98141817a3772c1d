using System.Diagnostics;
using DataTools.Databases;
using DataTools.Tests.Databases;
using DataTools.Tests.Host;
using DataTools.Transfer;

namespace DataTools.Tests.Transfer;

/// <summary>
/// Faults while tables are copied by a ledger: connections, servers and workers that are killed at the boundaries of ranges, in their middle, and at random points.
/// Whatever was hit, the next run goes on, and every row is there once.
/// </summary>
public sealed class CopyFaultTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const int Part = FaultyCopy.Big / FaultyCopy.Parts;

    public static TheoryData<string> Servers => ["PostgreSql", "MariaDb"];

    [Theory]
    [MemberData(nameof(Servers))]
    public void Connections_that_are_killed_at_any_point_do_no_harm(string kind) => KillConnections(kind, 20_261, 10);

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public void Connections_that_are_killed_at_100_points_do_no_harm(string kind) => KillConnections(kind, 7, 100);

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public void Connections_that_are_killed_at_every_boundary_and_between_do_no_harm(string kind)
    {
        using var source = TestDatabase.Make("PostgreSql");
        FaultyCopy.Fill(session, source.Url);
        foreach (var rows in Boundaries())
        {
            KillConnections(source, kind, rows, TimeSpan.Zero);
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_server_that_is_killed_does_no_harm(string kind) => KillServer(kind, [Part, Part * 9 / 2]);

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public void A_server_that_is_killed_at_every_boundary_and_between_does_no_harm(string kind) => KillServer(kind, Boundaries());

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_worker_that_is_killed_does_no_harm(string kind) => KillWorkers(kind, [3], [20]);

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public void A_worker_that_is_killed_at_every_boundary_and_between_does_no_harm(string kind) => KillWorkers(kind, [.. Enumerable.Range(0, FaultyCopy.Parts)], [0, 60]);

    /// <summary>The ends of ranges and their middles, in rows.</summary>
    private static IEnumerable<int> Boundaries() => Enumerable.Range(0, FaultyCopy.Parts).SelectMany(p => new[] { p * Part, (p * Part) + (Part / 2) }).Append(FaultyCopy.Rows);

    private void KillConnections(string kind, int seed, int points)
    {
        var random = new Random(seed);
        using var source = TestDatabase.Make("PostgreSql");
        FaultyCopy.Fill(session, source.Url);
        for (var point = 0; point < points; point++)
        {
            KillConnections(source, kind, random.Next(0, FaultyCopy.Rows + 1), TimeSpan.FromMilliseconds(random.Next(0, 2) * random.Next(0, 60)));
        }
    }

    private static void KillConnections(TestDatabase source, string kind, int afterRows, TimeSpan delay)
    {
        using var target = TestDatabase.Make(kind);
        FaultyCopy.Run(source.Url, target.Url, afterRows, delay, () => FaultyCopy.KillConnections(source.Url, target.Url));
        FaultyCopy.AssertComplete(source.Url, target.Url);
    }

    private void KillServer(string kind, IEnumerable<int> points)
    {
        // What was committed must outlive the server, as it does where nobody has made it faster.
        var own = kind == "PostgreSql" ? TestServers.StartOwnPostgreSql() : TestServers.StartOwnMariaDb("--innodb-flush-log-at-trx-commit=1");
        if (own is not { } started)
        {
            TestServers.Missing($"{kind} to be killed");
            return;
        }

        using var server = started.Server;
        using var source = TestDatabase.Make("Sqlite");
        FaultyCopy.Fill(session, source.Url);
        var number = 0;
        foreach (var rows in points)
        {
            var target = $"{started.Url}/killed_{++number}";
            TestDatabase.Run(session, kind == "PostgreSql" ? $"{started.Url}/postgres" : started.Url, $"CREATE DATABASE killed_{number}");
            FaultyCopy.Run(source.Url, target, rows, TimeSpan.Zero, () =>
            {
                server.Kill();
                server.Restart();
            });
            FaultyCopy.AssertComplete(source.Url, target);
        }
    }

    private void KillWorkers(string kind, int[] parts, int[] delays)
    {
        using var source = TestDatabase.Make("PostgreSql");
        FaultyCopy.Fill(session, source.Url);
        foreach (var (part, delay) in parts.SelectMany(p => delays.Select(d => (p, d))))
        {
            using var target = TestDatabase.Make(kind);
            KillWorker(source.Url, target.Url, part, delay);
            FaultyCopy.Copy(source.Url, target.Url, resume: true, _ => { });
            FaultyCopy.AssertComplete(source.Url, target.Url);
        }
    }

    /// <summary>Kills a process that copies when some ranges are done and some time has passed.</summary>
    private static void KillWorker(string source, string target, int part, int milliseconds)
    {
        using var admin = (SqlSession)Connector.Open(AddressText.Parse(target), CancellationToken.None);
        using var worker = RunnerProcess.Start(["-Command", $"Copy-DataTable '{source}' '{target}' * -Partitions {FaultyCopy.Parts} -Ledger l -Worker w -MaxRowsPerSecond {FaultyCopy.Big} -Transform {{ Convert-Data -Where {{ $true }} }}"]);
        var watch = Stopwatch.StartNew();
        while (RangesDone(admin) < part && !worker.HasExited && watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            Thread.Sleep(2);
        }

        Thread.Sleep(milliseconds);
        worker.Kill();
        Assert.True(worker.WaitForExit(TimeSpan.FromMinutes(1)));
    }

    private static long RangesDone(SqlSession session) =>
        session.FindTable(new DataTools.Schemas.TableName(null, LedgerTable.Name), CancellationToken.None) is null ? -1
            : new LedgerTable(session, "l").Read(CancellationToken.None) is { Count: > 0 } steps ? steps.Count(s => s is { Kind: StepKind.Rows, State: LedgerStep.Done, Table: not "small" }) : -1;
}
