using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DataTools.Benchmarks;

/// <summary>A throwaway server of the run.</summary>
/// <param name="Port">Its port on the loopback.</param>
/// <param name="Url">Its address, with a database.</param>
internal sealed record BenchServer(int Port, string Url);

/// <summary>The servers of a run, as they are when nobody has tuned them but for the memory and the log that such loads need; all contenders use the same.</summary>
internal sealed class BenchServers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("datatools-servers-").FullName;

    public BenchServers()
    {
        PostgreSql = StartPostgreSql();
        MariaDb = StartMariaDb();
        HasPgLoader = Shell("command -v pgloader") == 0;
    }

    /// <summary>PostgreSQL; null where it is not installed.</summary>
    public BenchServer? PostgreSql { get; }

    /// <summary>MariaDB; null where it is not installed.</summary>
    public BenchServer? MariaDb { get; }

    /// <summary>Whether pgloader is here.</summary>
    public bool HasPgLoader { get; }

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

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            // The shell between stops the server when its input closes.
            process.StandardInput.Close();
            process.WaitForExit(Patience);
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private BenchServer? StartPostgreSql()
    {
        var bin = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin")).LastOrDefault() : null;
        if (bin is null)
        {
            return null;
        }

        var data = Path.Combine(_folder, "postgres");
        var port = FreePort();
        Run(
            "postgres",
            data,
            $"{bin}/initdb -D {data}/data -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync",
            $"{bin}/postgres -D {data}/data -p {port} -h 127.0.0.1 -k {data} -c max_wal_size=8GB -c shared_buffers=512MB",
            "QUIT",
            port);
        return new BenchServer(port, $"postgres://postgres@127.0.0.1:{port}/postgres");
    }

    private BenchServer? StartMariaDb()
    {
        if (!File.Exists("/usr/sbin/mariadbd"))
        {
            return null;
        }

        var data = Path.Combine(_folder, "mariadb");
        var port = FreePort();
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "init.sql"), "CREATE DATABASE IF NOT EXISTS bench;\nCREATE USER admin@'127.0.0.1' IDENTIFIED BY 'admin';\nGRANT ALL ON *.* TO admin@'127.0.0.1';\n");
        Run(
            "mysql",
            data,
            $"mariadb-install-db --no-defaults --datadir={data}/data --skip-test-db --auth-root-authentication-method=normal",
            $"/usr/sbin/mariadbd --no-defaults --datadir={data}/data --port={port} --bind-address=127.0.0.1 --socket={data}/socket --pid-file={data}/pid --init-file={data}/init.sql "
            + "--local-infile=1 --skip-name-resolve --innodb-buffer-pool-size=1G --innodb-log-file-size=1G --innodb-flush-log-at-trx-commit=2",
            "KILL",
            port);
        return new BenchServer(port, $"mariadb://admin:admin@127.0.0.1:{port}/bench");
    }

    /// <summary>Prepares and starts a server under an account of its own, for servers refuse to run as the administrator.</summary>
    private void Run(string account, string data, string prepare, string start, string signal, int port)
    {
        Directory.CreateDirectory(data);
        var asAccount = Environment.IsPrivilegedProcess ? $"setpriv --reuid {account} --regid {account} --clear-groups " : "";
        var own = asAccount.Length == 0 ? "" : $"chmod 755 {_folder} && chown -R {account} {data} && ";
        if (Shell($"{own}{asAccount}{prepare}") != 0)
        {
            throw new InvalidOperationException($"{prepare} failed.");
        }

        _processes.Add(Process.Start(Start($"{asAccount}{start} >{data}/log 2>&1 & cat >/dev/null; kill -{signal} $!; wait $!"))!);
        var watch = Stopwatch.StartNew();
        while (!Listens(port))
        {
            if (watch.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{start} did not start.");
            }

            Thread.Sleep(100);
        }

        Thread.Sleep(1000);
    }

    private static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
