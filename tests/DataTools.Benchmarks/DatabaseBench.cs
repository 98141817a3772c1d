using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataTools.Benchmarks;

/// <summary>Runs the jobs of databases with every contender, in turns, and writes what came out as Markdown.</summary>
internal sealed partial class DatabaseBench(BenchOptions options)
{
    private const long MemoryLimit = 400_000_000;

    /// <summary>A contender that takes longer is not run again: its median would change nothing.</summary>
    private const double LongRun = 40;

    private readonly StringBuilder _limits = new();
    private readonly StringBuilder _times = new();

    /// <summary>Whether every "must" is met and all contenders wrote the same.</summary>
    public bool Passed { get; private set; } = true;

    public string Run()
    {
        using var servers = new BenchServers();
        var source = InputData.Make(options.Folder, options.Rows, ".csv", (_, _) => { });
        foreach (var job in DatabaseJobs.All(servers, source, options.Folder).Where(j => options.Wants(j.Name)))
        {
            var (limits, times) = (_limits.Length, _times.Length);
            Measure(job, source);
            // A run of half an hour that is broken off has told what it found until then.
            Console.Error.Write(_limits.ToString(limits, _limits.Length - limits) + _times.ToString(times, _times.Length - times));
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            # Benchmarks of databases

            {options.Rows:N0} rows; each number is the median of {options.Runs} runs (of one, where a run takes longer than {LongRun:0} s); the servers run on the same processors. {Report.Machine()} {Report.Versions()}

            *Must* is for the whole process, start-up included; *aim* for the job alone in a warm session. Seconds; ratios below 1 are faster than the peer.

            | job | must | measured | | aim | measured | |
            | --- | --- | --- | --- | --- | --- | --- |
            {_limits.ToString().TrimEnd()}

            | job | contender | process | processor time | peak MB | warm |
            | --- | --- | ---: | ---: | ---: | ---: |
            {_times.ToString().TrimEnd()}

            The processor time is that of the client. What was loaded is compared by counts and sums.

            """);
    }

    private void Measure(DatabaseJob job, string source)
    {
        var contenders = new Dictionary<string, string>(job.Peers) { [Jobs.Ours] = "" };
        var cold = contenders.Keys.ToDictionary(c => c, _ => new List<Measured>());
        var digests = new Dictionary<string, string>();
        Prepare(job.Setup);
        for (var round = 0; round < options.Runs; round++)
        {
            foreach (var (name, command) in contenders.Where(c => cold[c.Key].All(r => r.Wall < LongRun)))
            {
                cold[name].Add(One(job, command, source, 1));
                if (job.Digest.Length > 0)
                {
                    digests[name] = Digest(job.Digest);
                }
            }
        }

        // What is asked for a wait alone is done once: no aim is for a warm session.
        var warm = Enumerable.Range(0, job.MostWait is null ? options.Runs : 0).Select(_ => One(job, "", source, 2).Runs.LastOrDefault(double.NaN)).ToList();
        foreach (var (name, runs) in cold)
        {
            _times.AppendLine(Row(job.Name, name, runs, warm));
        }

        Judge(job, cold, Median(warm));
        if (job.MostWait is { } most)
        {
            // The worst of all runs, for one stop is too many.
            var wait = cold[Jobs.Ours].Max(r => r.Error is null ? r.Runs[0] : double.PositiveInfinity);
            Passed &= wait <= most;
            _limits.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| longest wait of a client meanwhile: {job.Title} | ≤ {most:0.0} s | {wait:0.00} s | {Word(wait <= most)} | - | | |"));
        }

        if (digests.Values.Select(Numbers).Distinct().Count() > 1)
        {
            Passed = false;
            _limits.Append("| ").Append(job.Title).Append(": **the contenders wrote different rows:** ").AppendJoin("; ", digests.Select(d => $"{d.Key}: {d.Value}")).AppendLine(" | | | | | | |");
        }
    }

    /// <summary>A contender's times; of our own process the memory too, which of a chain of others' no one tells.</summary>
    private static string Row(string job, string name, List<Measured> runs, List<double> warm)
    {
        if (runs.Find(r => r.Error is not null)?.Error is { } error)
        {
            return $"| {job} | {name} | failed: {error.ReplaceLineEndings(" ")} | | | |";
        }

        var (peak, alone) = name == Jobs.Ours ? (runs.Max(r => r.PeakBytes) / 1e6, Median(warm)) : ((double?)null, (double?)null);
        return string.Create(CultureInfo.InvariantCulture, $"| {job} | {name} | {Median(runs.Select(r => r.Wall)):0.00} | {Median(runs.Select(r => r.Cpu ?? double.NaN)):0.00} | {peak:0} | {alone:0.00} |");
    }

    private void Judge(DatabaseJob job, Dictionary<string, List<Measured>> cold, double warm)
    {
        var ours = cold[Jobs.Ours].Exists(r => r.Error is not null) ? double.NaN : Median(cold[Jobs.Ours].Select(r => r.Wall));
        foreach (var (peer, must, aim) in job.Limits)
        {
            var theirs = cold[peer].Exists(r => r.Error is not null) ? double.NaN : Median(cold[peer].Select(r => r.Wall));
            var passed = must is null || ours / theirs <= must;
            Passed &= passed || double.IsNaN(theirs);
            _limits.Append(CultureInfo.InvariantCulture, $"| {job.Title} | {(must is { } m ? string.Create(CultureInfo.InvariantCulture, $"≤ {m:0.0#} × {peer}") : peer)} | {ours / theirs:0.00} | {(must is null ? "" : Word(passed))} | ");
            _limits.AppendLine(aim is { } a ? string.Create(CultureInfo.InvariantCulture, $"≤ {a:0.0} × | {warm / theirs:0.00} | {Word(warm / theirs <= a)} |") : "- | | |");
        }

        var peak = cold[Jobs.Ours].Max(r => r.PeakBytes) ?? 0;
        Passed &= peak <= MemoryLimit;
        _limits.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| peak memory of {job.Title} | ≤ {MemoryLimit / 1e6:0} MB | {peak / 1e6:0} MB | {Word(peak <= MemoryLimit)} | - | | |"));
    }

    /// <summary>Runs a contender once, on an empty table; ours has no command, and may run several times in one session.</summary>
    private Measured One(DatabaseJob job, string command, string source, int times)
    {
        Prepare(job.Before);
        return command.Length > 0 ? Measured.Run(BenchServers.Start(command)) : Measured.Run(Contenders.Runner(options.Folder, job.Name, job.Script, source, job.Target, times));
    }

    private static void Prepare(string command)
    {
        if (command.Length > 0 && Measured.Run(BenchServers.Start(command)).Error is { } error)
        {
            throw new InvalidOperationException($"{command} failed: {error}");
        }
    }

    private static string Digest(string command)
    {
        using var process = System.Diagnostics.Process.Start(BenchServers.Start(command))!;
        return process.StandardOutput.ReadToEnd().Trim();
    }

    /// <summary>Programs print numbers and times in their own ways: zeros at the end of fractions do not count.</summary>
    private static string Numbers(string digest) => EndOfTime().Replace(digest.Replace('T', ' ').Replace('\t', '|'), "");

    [GeneratedRegex(@"(?<=:\d\d)(\.0+)?(\+00)?$")]
    private static partial Regex EndOfTime();

    private static string Word(bool passed) => passed ? "yes" : "**no**";

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
