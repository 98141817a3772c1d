using System.Diagnostics;
using DataTools.Tests.Databases;

namespace DataTools.Benchmarks;

/// <summary>A throwaway server of the run.</summary>
/// <param name="Port">Its port on the loopback.</param>
/// <param name="Url">Its address, with a database.</param>
/// <param name="Client">The server's own client, connected to that database; options come behind.</param>
internal sealed record BenchServer(int Port, string Url, string Client)
{
    /// <summary>The same server with another database.</summary>
    public BenchServer Of(string database)
    {
        var old = Url[(Url.LastIndexOf('/') + 1)..];
        return new BenchServer(Port, Url[..^old.Length] + database, Client.Replace($"dbname={old}", $"dbname={database}", StringComparison.Ordinal));
    }
}

/// <summary>The servers of a run, as they are when nobody has tuned them but for the memory and the log that such loads need; all contenders use the same.</summary>
internal sealed class BenchServers : IDisposable
{
    private readonly List<TestServer> _servers = [];

    public BenchServers()
    {
        PostgreSql = StartPostgreSql();
        MariaDb = StartMariaDb();
    }

    /// <summary>PostgreSQL; null where it is not installed.</summary>
    public BenchServer? PostgreSql { get; }

    /// <summary>MariaDB; null where it is not installed.</summary>
    public BenchServer? MariaDb { get; }

    /// <summary>Whether a program is here.</summary>
    public static bool Has(string program) => Shell($"command -v {program}") == 0;

    /// <summary>Runs a command of the shell and gives its exit code.</summary>
    public static int Shell(string command)
    {
        using var process = Process.Start(Start(command))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>A command of the shell.</summary>
    public static ProcessStartInfo Start(string command) =>
        new("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

    public void Dispose() => _servers.ForEach(s => s.Dispose());

    private BenchServer? StartPostgreSql()
    {
        var bin = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin")).LastOrDefault() : null;
        if (bin is null)
        {
            return null;
        }

        var port = Start(
            "postgres",
            "QUIT",
            folder => [$"{bin}/initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            (folder, port) => [$"{bin}/postgres", "-D", $"{folder}/data", "-p", $"{port}", "-h", "127.0.0.1", "-k", folder, "-c", "max_wal_size=8GB", "-c", "shared_buffers=512MB"]);
        return new BenchServer(port, $"postgres://postgres@127.0.0.1:{port}/postgres", $"psql -q -v ON_ERROR_STOP=1 'host=127.0.0.1 port={port} user=postgres dbname=postgres'");
    }

    private BenchServer? StartMariaDb()
    {
        if (!File.Exists("/usr/sbin/mariadbd"))
        {
            return null;
        }

        var port = Start(
            "mysql",
            "KILL",
            folder =>
            {
                File.WriteAllText($"{folder}/init.sql", "CREATE DATABASE IF NOT EXISTS bench;\nCREATE USER admin@'127.0.0.1' IDENTIFIED BY 'admin';\nGRANT ALL ON *.* TO admin@'127.0.0.1';\n");
                return ["/usr/bin/mariadb-install-db", "--no-defaults", $"--datadir={folder}/data", "--skip-test-db", "--auth-root-authentication-method=normal"];
            },
            (folder, port) =>
            [
                "/usr/sbin/mariadbd", "--no-defaults", $"--datadir={folder}/data", $"--port={port}", "--bind-address=127.0.0.1", $"--socket={folder}/socket", $"--pid-file={folder}/pid",
                $"--init-file={folder}/init.sql", "--local-infile=1", "--skip-name-resolve", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=1G", "--innodb-flush-log-at-trx-commit=2",
            ]);
        return new BenchServer(port, $"mariadb://admin:admin@127.0.0.1:{port}/bench", $"mariadb --no-defaults -h127.0.0.1 -P{port} -uadmin -padmin --local-infile=1 bench");
    }

    private int Start(string account, string signal, Func<string, IEnumerable<string>> prepare, Func<string, int, IEnumerable<string>> start)
    {
        var server = TestServer.Start(account, signal, prepare, start, TestServer.Listens);
        _servers.Add(server);
        // It may listen before it lets anyone in.
        Thread.Sleep(1000);
        return server.Port;
    }
}
