using System.Globalization;
using System.Text;

namespace DataTools.Benchmarks;

/// <summary>The results as Markdown.</summary>
internal sealed class Report(Bench bench, Contenders contenders, BenchOptions options)
{
    /// <summary>What runs of the same rows differ by as well, as the collector finds its time.</summary>
    private const double MemoryGrowth = 1.2;
    private const double SizeLimit = 1.1;
    private const double LeastRowsPerSecond = 400_000;

    private readonly StringBuilder _text = new();

    /// <summary>Whether every "must" is met and all outputs agree.</summary>
    public bool Passed { get; private set; } = true;

    public string Write()
    {
        Line("# Benchmarks");
        Line("");
        Line($"{options.Rows:N0} rows (books {bench.Rows(Jobs.All.Single(j => j.Name == Jobs.WriteBook)):N0}); each number is the median of {options.Runs} runs. {Machine()} {Versions()}");
        contenders.Missing.ForEach(m => Line($"\nNot measured: {m}"));
        Line("");
        Line("*Must* is for the whole process, start-up included; *aim* for the job alone in a warm session. Seconds; ratios below 1 are faster than the peer.");
        Line("");
        Line("| job | must | measured | | aim | measured | |");
        Line("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (job, must) in bench.Selected.SelectMany(j => j.Must.Select(m => (j, m))))
        {
            Line($"| {job.Title} | {Judge(job, must, r => r.Wall, isMust: true)} | {Judge(job, job.Aim, r => r.Warm, isMust: false)} |");
        }

        Extras();
        Line("");
        Times();
        Agreement();
        return _text.ToString();
    }

    private static string Pass(bool passed) => passed ? "yes" : "**no**";

    public static string Machine()
    {
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cpu ?? "Unknown processor"}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}.");
    }

    public static string Versions() => $"{System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, DuckDB {Duck.Version}.";

    private void Line(FormattableString text) => Line(text.ToString(CultureInfo.InvariantCulture));

    private void Line(string text) => _text.Append(text).Append('\n');

    private Result? Find(string job, string contender) =>
        bench.Results.TryGetValue((job, contender), out var result) && result.Error is null ? result : null;

    private string Judge(Job job, Limit? limit, Func<Result, double> measure, bool isMust)
    {
        if (limit is null)
        {
            return "- | | ";
        }

        var bound = string.Create(CultureInfo.InvariantCulture, $"≤ {limit.Ratio:0.0} × {(limit.Job is null ? limit.Peer : "without the filter")}");
        if (Find(job.Name, Jobs.Ours) is not { } ours)
        {
            Passed &= !isMust;
            return $"{bound} | failed | **no**";
        }

        if (Find(limit.Job ?? job.Name, limit.Peer) is not { } peer)
        {
            return $"{bound} | not measured | ";
        }

        var ratio = measure(ours) / measure(peer);
        Passed &= !isMust || ratio <= limit.Ratio;
        return string.Create(CultureInfo.InvariantCulture, $"{bound} | {ratio:0.00} | {Pass(ratio <= limit.Ratio)}");
    }

    private void Extras()
    {
        if (Find(Jobs.CsvToParquet, Jobs.Ours) is { } ours)
        {
            if (Find(Jobs.CsvToParquet, Jobs.Polars) is { } polars)
            {
                var ratio = (double)ours.OutputBytes / polars.OutputBytes;
                Must($"size of that Parquet file | ≤ {SizeLimit} × polars's | {ratio:0.00}", ratio <= SizeLimit);
            }
        }

        foreach (var job in bench.Selected.Where(j => j.MostMegabytes is not null))
        {
            if (bench.Grown[job.Name] is { From: { } from, To: { } to })
            {
                var growth = job.FlatFrom == 1 ? $"at {job.Growth} times the rows" : $"at {job.Growth} times the rows than at {job.FlatFrom} times, which fill the queues";
                Must(
                    $"peak memory of {job.Title} | ≤ {job.MostMegabytes} MB, no more {growth} | {from / 1e6:0} MB, {to / 1e6:0} MB",
                    Math.Max(from, to) <= job.MostMegabytes * 1e6 && to <= from * MemoryGrowth);
            }
        }

        if (Find("rows", Jobs.Ours) is { } rows)
        {
            var rate = options.Rows / rows.Warm;
            Must($"rows to a foreign command, warm | ≥ {LeastRowsPerSecond:N0} rows/s | {rate:N0} rows/s", rate >= LeastRowsPerSecond);
        }
    }

    private void Must(FormattableString text, bool passed)
    {
        Passed &= passed;
        Line($"| {text.ToString(CultureInfo.InvariantCulture)} | {Pass(passed)} | | | |");
    }

    private void Times()
    {
        Line("| job | contender | process | processor time | peak MB | warm | output MB |");
        Line("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var ((job, contender), r) in bench.Results)
        {
            Line(r.Error is null
                ? $"| {job} | {contender} | {r.Wall:0.00} | {r.Cpu:0.00} | {r.Peak / 1e6:0} | {r.Warm:0.00} | {r.OutputBytes / 1e6:0.0} |"
                : $"| {job} | {contender} | failed: {r.Error.ReplaceLineEndings(" ")} | | | | |");
        }
    }

    /// <summary>Outputs are compared by counts, sums and extremes of their columns.</summary>
    private void Agreement()
    {
        Line("");
        foreach (var job in bench.Selected.Where(j => j.Output.Length > 0))
        {
            var digests = bench.Results.Where(r => r.Key.Job == job.Name && r.Value is { Error: null, Digest: not null }).GroupBy(r => r.Value.Digest).ToList();
            if (digests.Count > 1)
            {
                Passed = false;
                Line($"**The outputs of {job.Name} differ:** {string.Join("; ", digests.Select(d => $"{string.Join(", ", d.Select(r => r.Key.Contender))}: {d.Key}"))}");
            }
        }

        Line("Outputs are compared by the counts, sums and extremes of their columns.");
    }
}
