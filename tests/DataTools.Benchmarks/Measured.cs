using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DataTools.Benchmarks;

/// <summary>What a process took.</summary>
/// <param name="Wall">Seconds from its start to its end.</param>
/// <param name="Cpu">Seconds of processor time, its children's too; null where the system does not tell.</param>
/// <param name="PeakBytes">The most memory that it held; null where the system does not tell.</param>
/// <param name="Runs">The seconds that it printed for each run.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed partial record Measured(double Wall, double? Cpu, long? PeakBytes, double[] Runs, string? Error)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a process to its end.</summary>
    public static Measured Run(ProcessStartInfo start)
    {
        var before = ChildrenCpu();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        long? peak = null;
        while (!process.WaitForExit(PollEvery))
        {
            peak = Peak(process.Id) ?? peak;
        }

        process.WaitForExit();
        var wall = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var runs = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => double.TryParse(line, CultureInfo.InvariantCulture, out var seconds) ? seconds : double.NaN)
            .Where(double.IsFinite);
        var failure = process.ExitCode == 0 ? null : $"exit code {process.ExitCode}. {errors.Result.Trim()}";
        return new Measured(wall, ChildrenCpu() - before, peak, [.. runs], failure);
    }

    /// <summary>In a peer's process: does a job several times and prints the seconds of each.</summary>
    public static int Child(Action job, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            job();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>The kernel's own high-water mark, which grows until the process ends.</summary>
    private static long? Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The processor time of all children that have ended (getrusage, RUSAGE_CHILDREN).</summary>
    private static double? ChildrenCpu()
    {
        const int Children = -1;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<long> usage = stackalloc long[18];
        return GetUsage(Children, ref usage[0]) == 0 ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6) : null;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
