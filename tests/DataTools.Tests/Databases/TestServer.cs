using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DataTools.Tests.Databases;

/// <summary>
/// A database server of the test run: throwaway data in a folder of its own, a free port on the loopback. It ends with this process, however that ends: a shell
/// between the two stops the server when its standard input closes.
/// </summary>
internal sealed class TestServer : IDisposable
{
    /// <summary>Starts the program in the background; kills and starts it as its input says; at the end of that, ends the program and removes the folder.</summary>
    private const string Watchdog =
        "signal=$1; folder=$2; shift 2; run() { \"$@\" >>\"$folder/log\" 2>&1 & }; run \"$@\"; while read -r word; do case $word in kill) kill -KILL $!; wait $!;; start) run \"$@\";; esac; done; kill -$signal $!; kill -CONT $!; wait $!; rm -rf \"$folder\"";

    private const int LowestPort = 15_000;
    private const int HighestPort = 32_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TestFolder _folder;

    private TestServer(TestFolder folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
        // The shell does the rest by itself: the run would not end while it waited for servers to remove what they have.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _process.StandardInput.Close();
    }

    /// <summary>The password of the administrators, and a name that tests look for in output.</summary>
    internal const string Password = "s3cr3t-p@ss/w:rd";

    /// <summary>The port on 127.0.0.1.</summary>
    internal int Port { get; }

    /// <summary>Where its data are, and its pid file.</summary>
    internal string Folder => _folder.Path;

    /// <summary>The folder in which a program is, of those of the search path and some others; null where there is none.</summary>
    internal static string? Find(string program, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Makes a folder for the account under which the server runs, prepares it and starts the server; <paramref name="isUp"/> tells when it answers.
    /// </summary>
    internal static TestServer Start(string account, string signal, Func<string, IEnumerable<string>> prepare, Func<string, int, IEnumerable<string>> start, Func<int, bool> isUp)
    {
        var folder = new TestFolder();
        // Servers refuse to run as the administrator.
        var prefix = Environment.IsPrivilegedProcess ? new[] { Find("setpriv")!, "--reuid", account, "--regid", account, "--clear-groups" } : [];
        if (prefix.Length > 0)
        {
            Run(["chown", "-R", account, folder.Path]);
        }

        var command = prepare(folder.Path).ToList();
        if (command.Count > 0)
        {
            Run([.. prefix, .. command]);
        }

        var port = FreePort();
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in new[] { "-c", Watchdog, "sh", signal, folder.Path }.Concat(prefix).Concat(start(folder.Path, port)))
        {
            info.ArgumentList.Add(argument);
        }

        var server = new TestServer(folder, Process.Start(info)!, port);
        var watch = Stopwatch.StartNew();
        while (!isUp(port))
        {
            if (watch.Elapsed > Patience || server._process.HasExited)
            {
                var log = File.ReadAllText(Path.Combine(folder.Path, "log"));
                server.Dispose();
                throw new InvalidOperationException($"The server did not start:\n{log}");
            }

            Thread.Sleep(50);
        }

        return server;
    }

    /// <summary>Ends the server and removes its folder.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _process.WaitForExit(Patience);
        }
    }

    /// <summary>Kills the server, as a failure of its machine would.</summary>
    internal void Kill()
    {
        _process.StandardInput.WriteLine("kill");
        Wait(() => !Listens(Port));
    }

    /// <summary>Starts a killed server on its data.</summary>
    internal void Restart()
    {
        // What the killed one left running may keep the next from starting at first.
        Wait(() =>
        {
            _process.StandardInput.WriteLine("start");
            return SpinWait.SpinUntil(() => Listens(Port), TimeSpan.FromSeconds(4));
        });
    }

    /// <summary>Stops a process and its children where they are, as a machine without memory or a disk that does not answer would, until the result is disposed of.</summary>
    internal static IDisposable Freeze(int process)
    {
        // The list that the system keeps ends with a space.
        var all = $"{process} {File.ReadAllText($"/proc/{process}/task/{process}/children")}".Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        all.ForEach(p => Run(["kill", "-STOP", p]));
        return new Frozen(all);
    }

    private sealed class Frozen(List<string> processes) : IDisposable
    {
        public void Dispose() => processes.ForEach(p => Run(["kill", "-CONT", p]));
    }

    private static void Wait(Func<bool> isDone)
    {
        var watch = Stopwatch.StartNew();
        while (!isDone())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException("The server neither ended nor started.");
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Whether someone listens on a port.</summary>
    internal static bool Listens(int port)
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

    /// <summary>A port below those that the system gives to clients: one of them may take it meanwhile, or meet itself when it asks whether the server is up.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(LowestPort, HighestPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another one.
            }
        }
    }

    private static void Run(IEnumerable<string> command)
    {
        var all = command.ToList();
        using var process = Process.Start(new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', all)}: {error.Result}");
        }
    }
}
