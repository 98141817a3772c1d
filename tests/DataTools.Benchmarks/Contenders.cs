using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace DataTools.Benchmarks;

/// <summary>Who runs the jobs, each in a process of its own that prints the seconds of each run.</summary>
internal sealed class Contenders
{
    /// <summary>Debian's, whose packages another python before it on the path would not find.</summary>
    private const string Python = "/usr/bin/python3";

    private readonly bool _readsParquet;
    private readonly string _folder;
    private readonly string _modules;

    /// <summary>Looks who is here; <see cref="Missing"/> says who is not, and why.</summary>
    public Contenders(string folder)
    {
        _folder = folder;
        _modules = Path.Combine(folder, "node");
        foreach (var name in (string[])["polars.js", "pandas.py", "books.py"])
        {
            using var script = typeof(Contenders).Assembly.GetManifestResourceStream($"DataTools.Benchmarks.Peers.{name}")!;
            using var file = File.Create(Path.Combine(folder, name));
            script.CopyTo(file);
        }

        Look(Jobs.Polars, FindPolars());
        Look(Jobs.Pandas, Try(Python, "-c", "import pandas"));
        _readsParquet = Try(Python, "-c", "import pyarrow") is null;
        if (!_readsParquet)
        {
            Missing.Add("pandas with Parquet: Debian has no pyarrow.");
        }

        Look(Jobs.OpenPyXl, Try(Python, "-c", "import openpyxl"));
        Present.AddRange([Jobs.MiniExcel, Jobs.ExcelDataReader]);
    }

    /// <summary>The contenders in the order of the report.</summary>
    public List<string> Present { get; } = [Jobs.Ours, Jobs.DuckDb];

    /// <summary>Who is not here, and why.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>A value that the build wrote into this assembly.</summary>
    public static string Place(string key) =>
        typeof(Contenders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <summary>Whether a contender does a job.</summary>
    public bool Does(string contender, Job job) => contender switch
    {
        Jobs.Ours => true,
        Jobs.DuckDb => job.Sql.Length > 0,
        Jobs.Pandas => job.Peers.Contains(contender) && (_readsParquet || !job.Name.Contains("parquet", StringComparison.Ordinal)),
        _ => job.Peers.Contains(contender),
    };

    /// <summary>The process that runs a job some times.</summary>
    public ProcessStartInfo Command(string contender, Job job, string source, string target, int times)
    {
        var count = times.ToString(CultureInfo.InvariantCulture);
        return contender switch
        {
            Jobs.Ours => Runner(_folder, job.Name, job.Script, source, target, times),
            Jobs.DuckDb => Start("dotnet", typeof(Contenders).Assembly.Location, "--duckdb", string.Format(CultureInfo.InvariantCulture, job.Sql, source, target), count),
            Jobs.Polars => Start("node", Path.Combine(_folder, "polars.js"), _modules, job.Name, source, target, count),
            Jobs.MiniExcel or Jobs.ExcelDataReader => Start("dotnet", typeof(Contenders).Assembly.Location, "--books", job.Name, source, target, count),
            Jobs.OpenPyXl => Start(Python, Path.Combine(_folder, "books.py"), job.Name, source, target, count),
            _ => Start(Python, Path.Combine(_folder, "pandas.py"), job.Name, source, target, count),
        };
    }

    private static ProcessStartInfo Start(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, info.ArgumentList.Add);
        return info;
    }

    private static string? Try(string program, params string[] arguments)
    {
        try
        {
            return Measured.Run(Start(program, arguments)).Error;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }

    private void Look(string contender, string? reason)
    {
        if (reason is null)
        {
            Present.Add(contender);
        }
        else
        {
            Missing.Add($"{contender}: {reason.ReplaceLineEndings(" ")}");
        }
    }

    private string? FindPolars()
    {
        Directory.CreateDirectory(_modules);
        var probe = $"require(require.resolve('nodejs-polars', {{ paths: ['{_modules}'] }}))";
        return Try("node", "-e", probe) is null
            ? null
            : Try("npm", "install", "--prefix", _modules, "--no-audit", "--no-fund", "--loglevel", "error", "nodejs-polars", "nodejs-polars-linux-x64-gnu") ?? Try("node", "-e", probe);
    }

    /// <summary>The process that runs a pipeline of ours some times; it sees $source and $target.</summary>
    public static ProcessStartInfo Runner(string folder, string name, string script, string source, string target, int times) =>
        Start("dotnet", Place("Runner"), Script(folder, name, script), source, target, times.ToString(CultureInfo.InvariantCulture));

    /// <summary>A command of the shell that runs a pipeline of ours once.</summary>
    public static string Shell(string folder, string name, string script) => $"dotnet '{Place("Runner")}' '{Script(folder, name, script)}' '' '' 1";

    private static string Script(string folder, string name, string script)
    {
        var path = Path.Combine(folder, name + ".ps1");
        File.WriteAllText(
            path,
            $$"""
            param([string] $source, [string] $target, [int] $times)
            $ErrorActionPreference = 'Stop'
            for ($i = 0; $i -lt $times; $i++) {
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                {{script}}
                [Console]::WriteLine($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))
            }
            """);
        return path;
    }
}
