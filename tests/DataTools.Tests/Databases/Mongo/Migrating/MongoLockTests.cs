using System.Diagnostics;
using DataTools.Databases.MongoDb.Migrating;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Tests.Host;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>The lease that keeps two runners apart.</summary>
public sealed class MongoLockTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Fact]
    public void The_waiting_runner_is_told_whom_it_waits_for()
    {
        using var box = Filled();
        using (box.Engine.TakeLock(CancellationToken.None))
        {
            using var other = box.Open();
            box.Options = box.Options with { LockWait = TimeSpan.FromMilliseconds(300) };
            var error = Assert.Throws<DataException>(() => box.EngineOf(other).Invoke(null, CancellationToken.None).ToList());

            Assert.Equal(nameof(DataErrors.MigrationLocked), error.Id);
            Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
            Assert.Contains("if it was killed, the lock is free at", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(3, box.Invoke().Count);
        Assert.Equal("", box.Ask("datatools_migration_lock"));
    }

    [Fact]
    public async Task Runners_at_the_same_time_run_each_migration_once()
    {
        using var box = Filled();
        var done = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            using var session = box.Open();
            return box.EngineOf(session).Invoke(null, CancellationToken.None).Count();
        })));

        Assert.Equal(3, done.Sum());
        Assert.Equal(2, box.Count("log", "{}"));
    }

    /// <summary>Nobody gives back the lock of a runner that was killed.</summary>
    [Fact]
    public void The_lock_of_a_runner_that_was_killed_runs_out()
    {
        using var box = Filled();
        var until = DateTimeOffset.UtcNow.AddSeconds(1.5).ToUnixTimeMilliseconds();
        box.Run($"{{ \"insert\": \"datatools_migration_lock\", \"documents\": [ {{ \"_id\": \"lock\", \"owner\": \"process 1 of nobody\", \"token\": \"x\", \"since\": {{ \"$date\": \"2026-01-01T00:00:00Z\" }}, \"until\": {{ \"$date\": {{ \"$numberLong\": \"{until}\" }} }} }} ] }}");
        using (var held = box.Engine.TakeLock(CancellationToken.None))
        {
            Assert.True(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() >= until);
            Assert.Null(held.WhyLost(CancellationToken.None));
        }

        Assert.Equal(3, box.Invoke().Count);
    }

    [Fact]
    public async Task A_lock_that_is_held_is_renewed_and_one_that_was_lost_is_noticed()
    {
        using var box = Filled();
        using var first = new MongoLock(box.Session, "locks", Short, CancellationToken.None);
        using var second = new MongoLock(box.Session, "locks", Short, CancellationToken.None);
        Assert.True(first.TryTake(CancellationToken.None));
        await Task.Delay(1.5 * Short, TestContext.Current.CancellationToken);
        Assert.False(second.TryTake(CancellationToken.None));
        Assert.Null(first.WhyLost(CancellationToken.None));

        // As if the machine had slept for longer than the lease.
        box.Run("{ \"update\": \"locks\", \"updates\": [ { \"q\": {}, \"u\": { \"$set\": { \"token\": \"of another\", \"until\": { \"$date\": \"2026-01-01T00:00:00Z\" } } } } ] }");
        Assert.True(second.TryTake(CancellationToken.None));
        Assert.Contains("another run", first.WhyLost(CancellationToken.None), StringComparison.Ordinal);
        first.Dispose();
        Assert.Null(second.WhyLost(CancellationToken.None));
    }

    [Fact]
    public void A_run_that_has_lost_the_lock_stops_before_the_next_command()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"a\" }, { \"update\": \"datatools_migration_lock\", \"updates\": [ { \"q\": {}, \"u\": { \"$set\": { \"token\": \"of another\" } } } ] }, { \"create\": \"b\" } ] }");

        Assert.Equal(nameof(DataErrors.MigrationLockLost), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.True(box.Has("a") && !box.Has("b"));
        // The other run is still at it, as far as anybody can see.
        Assert.Equal(["a Running"], box.Status());
    }

    /// <summary>A runner of a process of its own: nothing of it is left to give the lock back or to say how far it came.</summary>
    [Fact]
    public async Task A_runner_killed_between_batches_is_continued_behind_the_last()
    {
        using var server = new WireServer(null, null);
        using var box = new MongoBox(server);
        box.Run($"{{ \"insert\": \"users\", \"documents\": [ {string.Join(", ", Enumerable.Range(1, 500).Select(i => $"{{ \"_id\": {i}, \"n\": \"{i}\" }}"))} ] }}");
        box.Write(1, "a", "{ \"batch\": 5, \"expand\": [ { \"create\": \"log\" } ], \"backfill\": [ { \"migrate\": \"users\", \"convert\": { \"n\": \"int\" }, \"version\": 2 } ], \"contract\": [ { \"drop\": \"log\" } ] }");
        var touched = 0;
        server.OnCommand = (name, command) => touched += name == "update" && command[0] == "users" ? command["updates"].AsBsonArray.Count : 0;
        using (var process = RunnerProcess.Start(["-Command", $"Invoke-DataMigration -Path '{box.Folder}' -Connection '{box.Url}' -Delay 50"]))
        {
            var watch = Stopwatch.StartNew();
            while (box.Count("users", "{ \"_v\": 2 }") == 0)
            {
                Assert.True(watch.Elapsed < Patience, "It took too long.");
                Assert.False(process.HasExited, process.HasExited ? await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) : "");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange(box.Count("users", "{ \"_v\": 2 }"), 1, 400);
        Assert.Equal(["a Running"], box.Status());
        box.Options = box.Options with { LockWait = TimeSpan.FromMilliseconds(200) };
        Assert.Equal(nameof(DataErrors.MigrationLocked), Assert.Throws<DataException>(() => box.Invoke()).Id);

        box.Run("{ \"update\": \"datatools_migration_lock\", \"updates\": [ { \"q\": {}, \"u\": { \"$set\": { \"until\": { \"$date\": \"2026-01-01T00:00:00Z\" } } } } ] }");
        Assert.Equal(["a Failed"], box.Status());
        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        Assert.Equal(500, box.Count("users", "{ \"n\": { \"$type\": \"int\" }, \"_v\": 2 }"));
        Assert.InRange(touched, 500, 505);
        Assert.Single(box.Engine.Complete(null, CancellationToken.None));
    }

    private static MongoBox Filled()
    {
        var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"log\" } ] }");
        box.Write(2, "b", "{ \"up\": [ { \"insert\": \"log\", \"documents\": [ { \"n\": 1 } ] } ] }");
        box.Write(3, "c", "{ \"up\": [ { \"insert\": \"log\", \"documents\": [ { \"n\": 2 } ] } ] }");
        return box;
    }
}
