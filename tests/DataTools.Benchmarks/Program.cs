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
    var databases = args.Contains("--databases");
    var (text, passed) = databases ? Databases(options) : Files(options);
    Console.WriteLine(text);
    Store(text, Option("--output", full ? Path.Combine(Contenders.Place("Repository"), "docs", databases ? "benchmarks-databases.md" : "benchmarks.md") : ""));
    return passed ? 0 : 1;
}

static void Store(string text, string path)
{
    if (path.Length > 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
    }
}

(string Text, bool Passed) Files(BenchOptions options)
{
    var contenders = new Contenders(options.Folder);
    var bench = new Bench(options, contenders);
    bench.Run();
    var report = new Report(bench, contenders, options);
    return (report.Write(), report.Passed);
}

(string Text, bool Passed) Databases(BenchOptions options)
{
    var bench = new DatabaseBench(options);
    return (bench.Run(), bench.Passed);
}

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
