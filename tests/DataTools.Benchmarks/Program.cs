using System.Globalization;
using DataTools.Benchmarks;

// DataTools.Benchmarks [--databases] [--full] [--rows n] [--runs n] [--job part-of-name] [--output file.md]
// Without --full: 500,000 rows and one run, for development. With --full the table is stored in docs/benchmarks.md, that of --databases in docs/benchmarks-databases.md.
return args switch
{
    ["--duckdb", var sql, var times] => Duck.Child(sql, int.Parse(times, CultureInfo.InvariantCulture)),
    ["--books", var job, var source, var target, var times] => Books.Child(job, source, target, int.Parse(times, CultureInfo.InvariantCulture)),
    _ => Measure(args.Contains("--full")),
};

int Measure(bool full)
{
    var options = new BenchOptions(
        long.Parse(Option("--rows", full ? "5000000" : "500000"), CultureInfo.InvariantCulture),
        int.Parse(Option("--runs", full ? "5" : "1"), CultureInfo.InvariantCulture),
        Option("--job", ""),
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "datatools-bench")).FullName);
    return args.Contains("--databases") ? Databases(options, full) : Files(options, full);
}

int End(string text, bool passed, string store)
{
    Console.WriteLine(text);
    Store(text, Option("--output", store));
    return passed ? 0 : 1;
}

static string Docs(bool full, string name) => full ? Path.Combine(Contenders.Place("Repository"), "docs", name) : "";

static void Store(string text, string path)
{
    if (path.Length > 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
    }
}

int Files(BenchOptions options, bool full)
{
    var contenders = new Contenders(options.Folder);
    var bench = new Bench(options, contenders);
    bench.Run();
    var report = new Report(bench, contenders, options);
    return End(report.Write(), report.Passed, Docs(full, "benchmarks.md"));
}

int Databases(BenchOptions options, bool full)
{
    var bench = new DatabaseBench(options);
    return End(bench.Run(), bench.Passed, Docs(full, "benchmarks-databases.md"));
}

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
