using System.Globalization;

namespace DataTools.Tests.Databases;

/// <summary>A server that says nothing more, though its connection stands, must not hold a run that is stopped.</summary>
public sealed class FrozenServerTests : IClassFixture<FrozenServerTests.Servers>
{
    private const string Many = "4..10000000 | ForEach-Object { if ($_ -eq 140000) { $null = $signal.Set() }; [pscustomobject]@{ id = $_; v = 'a text of some length' } }";

    private readonly Servers _servers;

    /// <summary>The servers are of these tests alone, for nobody else can use them meanwhile.</summary>
    public FrozenServerTests(Servers servers) => _servers = servers;

    /// <summary>Kinds with a server, of those that are tested.</summary>
    public static TheoryData<string> Kinds => [.. new[] { "PostgreSql", "MariaDb" }.Intersect(TestDatabase.Kinds)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pipeline_that_reads_can_be_stopped(string kind)
    {
        using var folder = new TestFolder();
        Freeze(kind, $"$null = $signal.Set(); Import-DataTable -Connection $c -Query '{Endless(kind)}' | Export-DataFile '{folder["read.csv"]}'");
        Assert.Empty(Directory.GetFiles(folder.Path));
        Freeze(kind, $"Import-DataTable many -Partitions 3 -Connection $url | ForEach-Object {{ if (!$n++) {{ $null = $signal.Set() }}; Start-Sleep -Milliseconds 1 }}");
    }

    /// <summary>Nobody stops the pipeline here: a later command has all it wants, and PowerShell closes the one that reads.</summary>
    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public async Task Who_has_all_it_wants_does_not_wait(string kind)
    {
        var server = _servers.Get(kind);
        using var run = new StoppedRun(server.Url);
        var rows = Task.Run(() => run.Lines("Import-DataTable many -Connection $url | ForEach-Object { if (!$n++) { Start-Sleep 4 }; $_.n } | Select-Object -First 1"), TestContext.Current.CancellationToken);
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        using (TestServer.Freeze(server.Process))
        {
            Assert.Equal(["1"], await rows.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void A_statement_can_be_stopped(string kind) =>
        Freeze(kind, $"$null = $signal.Set(); Invoke-DataQuery '{(kind == "PostgreSql" ? "SELECT pg_sleep(100)" : "SELECT sleep(100)")}' -Connection $c");

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void A_load_can_be_stopped_and_loads_nothing(string kind)
    {
        Freeze(kind, Many + " | Export-DataTable t -Connection $c");
        Freeze(kind, Many + " | Export-DataTable t -Connection $url -Mode Upsert -Key id");
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void A_copy_can_be_stopped_on_either_side(string kind)
    {
        using var folder = new TestFolder();
        var file = $"sqlite:{folder["other.db"]}";
        Freeze(kind, $"$null = $signal.Set(); Copy-DataTable -Source $c -Destination '{file}' -Table many");
        // The writer has nothing to do when the server freezes, for the next rows are held back.
        Freeze(kind, $"1..200000 | ForEach-Object {{ [pscustomobject]@{{ id = $_ + 10; v = 'x' }} }} | Export-DataTable t -Connection '{file}' -CreateTable; $null = $signal.Set(); Copy-DataTable -Source '{file}' -Destination $c -Table t -Mode Append -MaxRowsPerSecond 1000");
        Freeze(kind, $"1..200000 | ForEach-Object {{ [pscustomobject]@{{ id = $_; v = 'x' }} }} | Export-DataTable big -Connection '{file}' -CreateTable -PrimaryKey id; $null = $signal.Set(); Copy-DataTable -Source '{file}' -Destination $c -Table big -Ledger frozen -MaxRowsPerSecond 1000");
    }

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Kinds))]
    public void A_comparison_can_be_stopped(string kind) => Freeze(kind, "$null = $signal.Set(); Compare-DataTable $c $url many");

    /// <summary>Where the rest of the server goes on, and would take a request to interrupt the one.</summary>
    [Fact]
    public void A_single_process_of_a_server_can_be_frozen()
    {
        var server = _servers.Get("PostgreSql");
        using var run = new StoppedRun(server.Url);
        var process = int.Parse(run.Lines("(Invoke-DataQuery 'SELECT pg_backend_pid() AS p' -Connection $c).p")[0], CultureInfo.InvariantCulture);
        IDisposable? frozen = null;
        try
        {
            run.Stop("$null = $signal.Set(); Import-DataTable -Connection $c -Query 'SELECT generate_series(1, 100000000) AS n' | ForEach-Object { }", Freeze);
            Assert.Equal(["Closed"], run.Lines("\"$($c.State)\""));
        }
        finally
        {
            frozen?.Dispose();
        }

        void Freeze()
        {
            Thread.Sleep(1000);
            frozen = TestServer.Freeze(process);
        }
    }

    /// <summary>Runs a script, freezes the server, stops the script, lets the server go on and sees that it has the rows of before.</summary>
    private void Freeze(string kind, string script)
    {
        var server = _servers.Get(kind);
        using var run = new StoppedRun(server.Url);
        IDisposable? frozen = null;
        try
        {
            run.Stop(script, Freeze);
        }
        finally
        {
            frozen?.Dispose();
        }

        Assert.Equal(["3"], run.Lines("@(Import-DataTable t -Connection $url).Count"));

        void Freeze()
        {
            Thread.Sleep(1000);
            frozen = TestServer.Freeze(server.Process);
        }
    }

    private static string Endless(string kind) => kind == "PostgreSql" ? "SELECT generate_series(1, 100000000) AS n" : "SELECT seq AS n FROM seq_1_to_100000000";

    /// <summary>The servers, each started when it is asked for.</summary>
    public sealed class Servers : IDisposable
    {
        private readonly Dictionary<string, (TestServer Server, string Url, int Process)> _started = [];

        public void Dispose()
        {
            foreach (var (server, _, _) in _started.Values)
            {
                server.Dispose();
            }
        }

        internal (TestServer Server, string Url, int Process) Get(string kind)
        {
            if (_started.TryGetValue(kind, out var found))
            {
                return found;
            }

            if ((kind == "PostgreSql" ? TestServers.StartOwnPostgreSql() : TestServers.StartOwnMariaDb()) is not { } own)
            {
                TestServers.Missing($"{kind} to be frozen");
                return default;
            }

            var url = $"{own.Url}/{(kind == "PostgreSql" ? "postgres" : "mysql")}";
            using var session = new PowerShellSession();
            if (kind != "PostgreSql")
            {
                session.Run("Invoke-DataQuery 'CREATE DATABASE frozen' -Connection $args[0] -NonQuery", own.Url);
                url = $"{own.Url}/frozen";
            }

            session.Run(
                "1..3 | ForEach-Object { [pscustomobject]@{ id = $_; v = 'old' } } | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id; Invoke-DataQuery $args[1] -Connection $args[0] -NonQuery",
                url,
                $"CREATE TABLE many AS {Endless(kind).Replace("100000000", "2000000", StringComparison.Ordinal)}; ALTER TABLE many ADD PRIMARY KEY (n)");
            Assert.Empty(session.Errors);
            var file = kind == "PostgreSql" ? Path.Combine(own.Server.Folder, "data", "postmaster.pid") : Path.Combine(own.Server.Folder, "pid");
            return _started[kind] = (own.Server, url, int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture));
        }
    }
}
