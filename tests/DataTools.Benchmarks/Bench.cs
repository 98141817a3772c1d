namespace DataTools.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Rows">The rows of the input.</param>
/// <param name="Runs">The runs of which the median counts.</param>
/// <param name="Filter">Parts of the names of the jobs to run, with commas between them.</param>
/// <param name="Folder">Where inputs, outputs and peers are; kept, so that the next run finds them.</param>
internal sealed record BenchOptions(long Rows, int Runs, string Filter, string Folder)
{
    /// <summary>Whether a job is one of those to run.</summary>
    public bool Wants(string job) => Filter.Split(',').Any(part => job.Contains(part, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a contender made of a job: the median of the whole process, and of the job alone in a warm session.</summary>
internal sealed record Result(double Wall, double? Cpu, long? Peak, double Warm, long OutputBytes, string? Digest, string? Error);

/// <summary>Runs every job with every contender, in turns, so that a change of the machine's mood meets all.</summary>
internal sealed class Bench(BenchOptions options, Contenders contenders)
{
    public Dictionary<(string Job, string Contender), Result> Results { get; } = [];

    /// <summary>The memory of jobs in which it is judged, with two multiples of the rows; null where it is not known.</summary>
    public Dictionary<string, (long? From, long? To)> Grown { get; } = [];

    public IEnumerable<Job> Selected => Jobs.All.Where(j => options.Wants(j.Name));

    public void Run()
    {
        foreach (var job in Selected)
        {
            RunJob(job);
            if (job.MostMegabytes is not null)
            {
                Grown[job.Name] = (Peak(job, job.FlatFrom), Peak(job, job.Growth));
            }
        }
    }

    private long? Peak(Job job, int times) => One(job, Jobs.Ours, Source(job, Rows(job) * times), 1) is { Error: null, PeakBytes: var peak } ? peak : null;

    /// <summary>The rows that a job is measured with.</summary>
    public long Rows(Job job) => Math.Min(options.Rows, job.MostRows);

    private string Source(Job job, long rows) => InputData.Make(options.Folder, rows, job.Input, WriteBook);

    private void WriteBook(string csv, string book)
    {
        var job = Jobs.All.Single(j => j.Name == Jobs.WriteBook);
        var maker = contenders.Present.Contains(Jobs.OpenPyXl) ? Jobs.OpenPyXl : Jobs.MiniExcel;
        if (Measured.Run(contenders.Command(maker, job, csv, book, 1)).Error is { } error)
        {
            throw new InvalidOperationException(error);
        }
    }

    private void RunJob(Job job)
    {
        var source = Source(job, Rows(job));
        var who = contenders.Present.Where(c => contenders.Does(c, job)).ToList();
        var cold = who.ToDictionary(c => c, _ => new List<Measured>());
        for (var round = 0; round < options.Runs; round++)
        {
            foreach (var contender in who)
            {
                cold[contender].Add(One(job, contender, source, 1));
            }
        }

        foreach (var contender in who)
        {
            // The first run of a session warms it.
            var warm = One(job, contender, source, options.Runs + 1);
            Results[(job.Name, contender)] = Summary(cold[contender], warm.Runs.Skip(1), Target(job, contender));
            Console.Error.WriteLine($"{job.Name} {contender}: {Results[(job.Name, contender)]}");
        }
    }

    private Measured One(Job job, string contender, string source, int times)
    {
        var target = Target(job, contender);
        File.Delete(target);
        return Measured.Run(contenders.Command(contender, job, source, target, times));
    }

    private string Target(Job job, string contender) => Path.Combine(options.Folder, $"out-{job.Name}-{contender}{job.Output}");

    private static Result Summary(List<Measured> cold, IEnumerable<double> warm, string target)
    {
        var exists = File.Exists(target);
        return new Result(
            Median(cold.Select(m => m.Wall)),
            cold[0].Cpu is null ? null : Median(cold.Select(m => m.Cpu!.Value)),
            cold.Max(m => m.PeakBytes),
            Median(warm),
            exists ? new FileInfo(target).Length : 0,
            !exists ? null : target.EndsWith(".xlsx", StringComparison.Ordinal) ? Books.Digest(target) : Duck.Digest(target),
            cold.Find(m => m.Error is not null)?.Error);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
