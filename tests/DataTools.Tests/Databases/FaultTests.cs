using System.Diagnostics;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Host;
using DataTools.Tests.Host;

namespace DataTools.Tests.Databases;

/// <summary>
/// Faults in the middle of the work, on every relational database: the target is as before or the committed rows are told, the connection is usable or closed, the
/// error has its id.
/// </summary>
public sealed class FaultTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Three = "1..3 | ForEach-Object { [pscustomobject]@{ id = $_; v = 'old' } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id";
    private const string Many = "4..60000 | ForEach-Object { [pscustomobject]@{ id = $_; v = 'a text of some length, so that it takes room' } }";

    /// <summary>Kinds with a server, of those that are tested.</summary>
    public static TheoryData<string> Servers => [.. new[] { "PostgreSql", "MariaDb" }.Intersect(TestDatabase.Kinds)];

    /// <summary>Kinds whose database is a file of this process.</summary>
    public static TheoryData<string> Files => ["Sqlite", "DuckDb"];

    /// <summary>One of each relational database.</summary>
    public static TheoryData<string> Kinds => [.. new[] { "Sqlite", "DuckDb", "PostgreSql", "MariaDb" }.Intersect(TestDatabase.Kinds)];

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public void A_server_that_is_killed_keeps_what_was_committed(string kind)
    {
        if (Start(kind) is not { } own)
        {
            TestServers.Missing($"{kind} to be killed");
            return;
        }

        var url = $"{own.Url}/{(kind == "PostgreSql" ? "postgres" : "killed")}";
        if (kind != "PostgreSql")
        {
            session.Run("Invoke-DataQuery 'CREATE DATABASE killed' -Connection $args[0] -NonQuery", own.Url);
        }

        session.Run(Three, url);
        foreach (var (option, most) in new[] { ("", 3L), (" -BatchCommit 10000", 150_000L) })
        {
            var error = session.Error(
                $"$url, $kill = $args; $c = Connect-Database $url -Name killed; 4..150000 | ForEach-Object {{ if ($_ -eq 140000) {{ $kill.Invoke() }}; [pscustomobject]@{{ id = $_; v = 'x' }} }} | Export-DataTable t -Connection $c{option}",
                url,
                new Action(own.Server.Kill));
            var told = session.Warnings;

            Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            own.Server.Restart();
            var count = Count(url);
            Assert.InRange(count, 3, most);
            // What was told to be committed is there.
            Assert.Equal(count > 3 ? [$"{count - 3} rows were committed to 't' before the run ended; the rows after them were not."] : [], told);
            Assert.Equal(["ConnectionFailed"], session.Values("try { Import-DataTable t -Connection killed } catch { ($_.FullyQualifiedErrorId -split ',')[0] -replace 'ConnectionClosed', 'ConnectionFailed' }; Disconnect-Database killed"));
        }

        own.Server.Dispose();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_connection_that_is_cut_ends_the_run_with_an_error(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        var url = CuttingProxy.Url(database.Url, 2_000_000, out var proxy);
        using (proxy)
        {
            var error = session.Error(Many + " | Export-DataTable t -Connection $args[0]", url);
            Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal(3, Count(database.Url));

            session.Run(Many + " | Export-DataTable t -Connection $args[0]", database.Url);
            error = session.Error("Import-DataTable t -Connection $args[0] | ForEach-Object { $n++ }", url);
            Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lock_of_another_is_an_error_when_it_lasts(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        using var other = Lock(database.Url);
        var error = session.Error(Connect(kind) + "[pscustomobject]@{ id = 1; v = 'mine' }, [pscustomobject]@{ id = 9; v = 'mine' } | Export-DataTable t -Connection $c -Mode Upsert", database.Url);
        Assert.StartsWith("TransactionConflict,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(session.Warnings, IsRetry);

        Unlock(other);
        Assert.Equal(["1 old", "2 old", "3 old"], Rows("locked"));
        session.Run("[pscustomobject]@{ id = 1; v = 'mine' } | Export-DataTable t -Connection locked -Mode Upsert", database.Url);
        Assert.Equal(["1 mine", "2 old", "3 old"], Rows("locked"));
        session.Run("Disconnect-Database locked");
    }

    /// <summary>On the engine itself, for a warning comes here at once and the lock goes with it.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lock_that_passes_is_waited_for_and_nothing_is_written_twice(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        using var other = Open(database.Url);
        other.Begin();
        other.Run("UPDATE t SET v = 'locked' WHERE id = 1", CancellationToken.None);
        using (var writing = Open(database.Url + (kind == "Sqlite" ? "?connect_timeout=1" : "")))
        {
            writing.Run(ShortWait(kind), CancellationToken.None);
            var warnings = new List<string>();
            using var rejects = new RejectLog(new RejectPolicy());
            var context = new DatabaseContext(rejects, Warn, TestContext.Current.CancellationToken);
            var builder = new BatchBuilder(new Apache.Arrow.Schema([DataTypes.Int64.ToField("id"), DataTypes.Text.ToField("v")], null));
            foreach (var id in Enumerable.Range(4, 1997).Append(1))
            {
                builder.Columns[0].TryAppend((long)id);
                builder.Columns[1].TryAppend("mine");
                builder.EndRow();
            }

            using var writer = writing.OpenWriter(new(null, "t"), builder.Schema, new() { Mode = WriteMode.Upsert, Key = ["id"], BatchCommit = 500 }, context);
            writer.WriteBatch(builder.Finish(), CancellationToken.None);
            writer.Complete(CancellationToken.None);

            Assert.Contains(warnings, IsRetry);
            Assert.Equal(1998, writer.Counts.Loaded);

            void Warn(string message)
            {
                warnings.Add(message);
                if (other.InTransaction)
                {
                    other.Rollback();
                }
            }
        }

        Assert.Equal(2000, Count(database.Url));
        Assert.Equal(["mine", "old", "old"], session.Values("Import-DataTable t -Connection $args[0] -Where 'id < 4' | Sort-Object { [long] $_.id } | ForEach-Object v", database.Url));
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void A_full_disk_leaves_the_target_as_it_was(string kind)
    {
        using var disk = SmallDisk.Mount(kind switch { "PostgreSql" => 24, "DuckDb" => 6, _ => 16 });
        using var database = kind is "Sqlite" or "DuckDb" ? null : TestDatabase.Make(kind);
        var url = database?.Url ?? $"{kind.ToLowerInvariant()}:{disk.Path}/small.db";
        var place = kind switch
        {
            "PostgreSql" => $"SET default_tablespace = small_{Environment.ProcessId}; ",
            "MariaDb" => $" DATA DIRECTORY = '{disk.Path}'",
            _ => "",
        };
        if (kind == "PostgreSql")
        {
            Process.Start("chown", ["postgres", disk.Path]).WaitForExit();
            session.Run($"Invoke-DataQuery \"CREATE TABLESPACE small_{Environment.ProcessId} LOCATION '{disk.Path}'\" -Connection $args[0] -NonQuery", url);
        }

        session.Run(
            $"$null = Connect-Database $args[0] -Name small; Invoke-DataQuery \"{(kind == "PostgreSql" ? place : "")}CREATE TABLE t (id int PRIMARY KEY, v varchar(500)){(kind == "MariaDb" ? place : "")}\" -Connection small -NonQuery; 1..3 | ForEach-Object {{ [pscustomobject]@{{ id = $_; v = 'old' }} }} | Export-DataTable t -Connection small",
            url);
        var error = session.Error("4..130000 | ForEach-Object { [pscustomobject]@{ id = $_; v = \"$_ \" + [guid]::NewGuid() + [guid]::NewGuid() + [guid]::NewGuid() + [guid]::NewGuid() + [guid]::NewGuid() + [guid]::NewGuid() } } | Export-DataTable t -Connection small");

        Assert.Equal("ServerExhausted", error.FullyQualifiedErrorId.Split(',')[0]);
        // Npgsql gives up a connection whose server has no room.
        var rows = Rows((string)session.Values("if ((Get-DatabaseConnection small).State -eq 'Open') { 'small' } else { $args[0] }", url)[0]!);
        Assert.Empty(session.Errors);
        Assert.Equal(["1 old", "2 old", "3 old"], rows);
        session.Run("Disconnect-Database small");
        if (kind == "PostgreSql")
        {
            session.Run($"Invoke-DataQuery 'DROP TABLE t' -Connection $args[0] -NonQuery; Invoke-DataQuery 'DROP TABLESPACE small_{Environment.ProcessId}' -Connection $args[0] -NonQuery", url);
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Limits_passwords_and_rights_have_their_errors(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        var user = $"limited_{Environment.ProcessId}";
        var host = kind == "PostgreSql" ? "" : "@'127.0.0.1'";
        var make = kind == "PostgreSql"
            ? $"CREATE ROLE {user} LOGIN PASSWORD 'limited-pw' CONNECTION LIMIT 1; GRANT SELECT ON t TO {user}"
            : $"CREATE USER {user}{host} IDENTIFIED BY 'limited-pw' WITH MAX_USER_CONNECTIONS 1; GRANT SELECT ON t TO {user}{host}";
        make.Split("; ").ToList().ForEach(sql => TestDatabase.Run(session, database.Url, sql));
        try
        {
            var url = System.Text.RegularExpressions.Regex.Replace(database.Url, "//[^/]+@", $"//{user}:limited-pw@");
            Assert.Equal("LoginFailed", Id("Connect-Database ($args[0] -replace 'limited-pw', 'wrong-pw')", url));
            Assert.Equal("PermissionDenied", Id("[pscustomobject]@{ id = 9 } | Export-DataTable t -Connection $args[0]", url));
            Assert.Equal("PermissionDenied", Id("Invoke-DataQuery 'CREATE TABLE u (a int)' -Connection $args[0]", url));
            Assert.Equal([3], session.Values("@(Import-DataTable t -Connection $args[0]).Count", url));

            var watch = Stopwatch.StartNew();
            Assert.Equal("ServerExhausted", Id("$c = Connect-Database $args[0] -Name only; Connect-Database $args[0] -Name second", url));
            Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(400), "It was not tried again.");
            Assert.Equal([3], session.Values("@(Import-DataTable t -Connection only).Count; Disconnect-Database only"));
        }
        finally
        {
            (kind == "PostgreSql" ? $"DROP OWNED BY {user}; DROP ROLE {user}" : $"DROP USER {user}{host}").Split("; ").ToList().ForEach(sql => TestDatabase.Run(session, database.Url, sql));
        }
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void Stopping_a_load_undoes_it(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        Stop(database.Url, "4..10000000 | ForEach-Object { if ($_ -eq 140000) { $null = $signal.Set() }; [pscustomobject]@{ id = $_; v = 'new' } } | Export-DataTable t -Connection $c");
        Assert.Equal(3, Count(database.Url));
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void Stopping_a_read_leaves_the_connection_usable(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three + "; " + Many + " | Export-DataTable t -Connection $args[0]", database.Url);
        Stop(database.Url, "Import-DataTable t -Connection $c | ForEach-Object { if ($_.id -eq 1000) { $null = $signal.Set() }; if ($_.id -gt 1000) { Start-Sleep -Milliseconds 1 } }");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Stopping_a_load_that_waits_for_a_lock_loads_nothing(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        using var run = new StoppedRun(database.Url);
        using var other = Open(database.Url);
        var (whole, free) = kind == "PostgreSql" ? ("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE", "ROLLBACK") : ("LOCK TABLES t WRITE", "UNLOCK TABLES");
        foreach (var (take, give) in new[] { ("BEGIN", "ROLLBACK"), (whole, free) })
        {
            other.Run(take, CancellationToken.None);
            other.Run("INSERT INTO t VALUES (9, 'theirs')", CancellationToken.None);
            foreach (var mode in new[] { "", " -Mode Upsert -Key id", " -Mode Truncate -Confirm:$false" })
            {
                run.Stop($"$null = $signal.Set(); 4..20000 | ForEach-Object {{ [pscustomobject]@{{ id = $_; v = 'mine' }} }} | Export-DataTable t -Connection $c{mode}", () => Thread.Sleep(2500));
            }

            if (take == whole && kind == "MariaDb")
            {
                other.Run("DELETE FROM t WHERE id = 9", CancellationToken.None);
            }

            other.Run(give, CancellationToken.None);
            Assert.Equal(["1 2 3", "Open"], run.Lines("\"$((Import-DataTable t -Connection $c).id | Sort-Object)\"; \"$($c.State)\""));
        }
    }

    [Theory]
    [InlineData("Sqlite", "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) AS n FROM r")]
    [InlineData("DuckDb", "SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3")]
    [InlineData("PostgreSql", "SELECT count(*) AS n, pg_sleep(100)::text AS s")]
    [InlineData("MariaDb", "SELECT benchmark(1000000000000, md5('x')) AS n")]
    public void Stopping_a_long_statement_ends_it(string kind, string query)
    {
        if (!TestDatabase.Kinds.Contains(kind))
        {
            Assert.Skip($"{kind} is not there.");
        }

        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        Stop(database.Url, $"$null = $signal.Set(); Import-DataTable -Connection $c -Query \"{query}\"");
        Stop(database.Url, $"$null = $signal.Set(); Invoke-DataQuery \"{query}\" -Connection $c");
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Files))]
    public async Task A_process_that_is_killed_leaves_the_file_as_it_was(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run(Three, database.Url);
        using var process = RunnerProcess.Start(["-Command", "4..100000000 | ForEach-Object { if ($_ -eq 300000) { [Console]::WriteLine('now') }; [pscustomobject]@{ id = $_; v = 'new' } } | Export-DataTable t -Connection " + database.Url]);
        Assert.Equal("now", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        // While it writes, the file is its own.
        if (kind == "DuckDb")
        {
            Assert.Equal("TransactionConflict", Id("Connect-Database $args[0]", database.Url));
            Assert.Equal("TransactionConflict", Id("Connect-Database ($args[0] + '?access_mode=read_only')", database.Url));
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, Count(database.Url));
    }

    /// <summary>Runs a script on a connection $c, stops it after it has set $signal, and uses the connection again.</summary>
    private static void Stop(string url, string script)
    {
        using var run = new StoppedRun(url);
        run.Stop(script, () => Thread.Sleep(300));
        Assert.Equal(["3"], run.Lines("@(Import-DataTable t -Connection $c -Where 'id < 4').Count; Disconnect-Database $c"));
    }

    /// <summary>Another session of the module holds a lock. The tests' own copy of SQLite in this process would not see it: such locks are between processes.</summary>
    private static PowerShellSession Lock(string url)
    {
        var other = new PowerShellSession();
        other.Run("$null = Connect-Database $args[0] -Name other; Invoke-DataQuery \"BEGIN; UPDATE t SET v = 'locked' WHERE id = 1\" -Connection other -NonQuery | Out-Null", url);
        Assert.Empty(other.Errors);
        return other;
    }

    private static void Unlock(PowerShellSession other) => other.Run("Invoke-DataQuery 'ROLLBACK' -Connection other -NonQuery | Out-Null; Disconnect-Database other");

    private static bool IsRetry(string warning) => warning.Contains("written again", StringComparison.Ordinal);

    /// <summary>A connection that waits a short while for locks.</summary>
    private static string Connect(string kind) => $"$c = Connect-Database ($args[0] + '{(kind == "Sqlite" ? "?connect_timeout=1" : "")}') -Name locked; Invoke-DataQuery \"{ShortWait(kind)}\" -Connection $c | Out-Null; ";

    private static string ShortWait(string kind) => kind switch
    {
        "PostgreSql" => "SET lock_timeout = '200ms'",
        "MariaDb" => "SET innodb_lock_wait_timeout = 1",
        _ => "SELECT 1",
    };

    private static SqlSession Open(string url) => (SqlSession)Connector.Open(AddressText.Parse(url), CancellationToken.None);

    /// <summary>A server to be killed, whose log is with the system when it says that a transaction is committed.</summary>
    private static (TestServer Server, string Url)? Start(string kind) =>
        kind == "PostgreSql" ? TestServers.StartOwnPostgreSql() : TestServers.StartOwnMariaDb("--innodb-flush-log-at-trx-commit=2");

    private string Id(string script, string url) => session.Error(script, url).FullyQualifiedErrorId.Split(',')[0];

    private long Count(string url) => Convert.ToInt64(session.Values("(Import-DataTable -Connection $args[0] -Query 'SELECT count(*) AS n FROM t').n", url)[0], System.Globalization.CultureInfo.InvariantCulture);

    private IReadOnlyList<object?> Rows(string connection) => session.Values("Import-DataTable t -Connection $args[0] | Sort-Object { [long] $_.id } | ForEach-Object { \"$($_.id) $($_.v)\" }", connection);
}
