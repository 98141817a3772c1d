using System.Diagnostics;

namespace DataTools.Tests.Host;

/// <summary>The runner as its users start it: a process of its own with redirected streams.</summary>
internal static class RunnerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What starts it. Where the tests run in the background they ignore Ctrl+C, and so would all that they start.</summary>
    internal static string[] Dotnet => OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];

    /// <summary>Runs it to its end. Without <paramref name="input"/> its standard input stays open and empty.</summary>
    internal static async Task<RunnerResult> Run(string[] arguments, string? input = null, string? folder = null)
    {
        using var process = Start(arguments, folder);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        await End(process);
        // What it has started may still hold the pipes.
        return new RunnerResult(process.ExitCode, await output.WaitAsync(Patience), await error.WaitAsync(Patience));
    }

    /// <summary>Runs <c>-Command</c>.</summary>
    internal static Task<RunnerResult> Command(string command, string? input = null) => Run(["-Command", command], input);

    internal static Process Start(string[] arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(Dotnet[0], [.. Dotnet[1..], TestPlaces.Runner, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs a line of the shell in which "$@" is the runner.</summary>
    internal static async Task Shell(string line, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line, "sh", .. Dotnet, TestPlaces.Runner]) { WorkingDirectory = folder })!;
        await End(process);
    }

    internal static async Task End(Process process)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The runner did not end within {Patience}.");
        }
    }
}

/// <summary>How a run ended.</summary>
internal sealed record RunnerResult(int ExitCode, string Output, string Error)
{
    internal string[] Lines => Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
