namespace DataTools.Benchmarks;

/// <summary>A job of the table.</summary>
/// <param name="Name">Its name, which peers know it by too.</param>
/// <param name="Title">Its name in the report.</param>
/// <param name="Input">The extension of its input.</param>
/// <param name="Output">The extension of its output; empty where it has none.</param>
/// <param name="Script">Our pipeline; $source and $target are the files.</param>
/// <param name="Sql">DuckDB's statement; {0} and {1} are the files; empty where DuckDB is no peer.</param>
/// <param name="Must">The most that the whole process may take, as a multiple of another contender's (or of another job of ours).</param>
/// <param name="Aim">The same for the job alone in a warm session.</param>
internal sealed record Job(string Name, string Title, string Input, string Output, string Script, string Sql, Limit? Must, Limit? Aim);

/// <summary>A bound on a ratio.</summary>
/// <param name="Ratio">The most that the ratio may be.</param>
/// <param name="Peer">The contender that it is measured by.</param>
/// <param name="Job">The job of the contender, where it is another.</param>
internal sealed record Limit(double Ratio, string Peer, string? Job = null);

/// <summary>All jobs.</summary>
internal static class Jobs
{
    public const string Ours = "DataTools";
    public const string DuckDb = "DuckDB";
    public const string Polars = "polars";
    public const string Pandas = "pandas";

    /// <summary>The job whose memory and size of file are judged too.</summary>
    public const string CsvToParquet = "csv-parquet";

    public static readonly Job[] All =
    [
        new(CsvToParquet, "CSV to Parquet, snappy", ".csv", ".parquet",
            "Import-DataFile $source | Export-Parquet $target",
            ToParquet("read_csv('{0}')"), new Limit(1.0, DuckDb), new Limit(1.0, Polars)),
        new("parquet-csv", "Parquet to CSV", ".parquet", ".csv",
            "Import-DataFile $source | Export-DataFile $target",
            "COPY (FROM read_parquet('{0}')) TO '{1}' (FORMAT csv, HEADER)", new Limit(1.0, DuckDb), new Limit(1.0, Polars)),
        new("csv-filter-parquet", "CSV, filter by a PowerShell expression, to Parquet", ".csv", ".parquet",
            "Import-DataFile $source | Convert-Data -Where { $_.amount -gt 10 } | Export-Parquet $target",
            ToParquet("read_csv('{0}') WHERE amount > 10"), new Limit(1.1, Ours, CsvToParquet), null),
        new("csv-group", "CSV, group and sum with Invoke-DataQuery", ".csv", ".csv",
            "Invoke-DataQuery \"select category, count(*) as n, sum(amount) as total from '$source' group by category order by category\" | Export-DataFile $target",
            "COPY (SELECT category, count(*) AS n, sum(amount) AS total FROM read_csv('{0}') GROUP BY category ORDER BY category) TO '{1}' (FORMAT csv, HEADER)",
            new Limit(1.3, DuckDb), new Limit(1.0, DuckDb)),
        new("ndjson-parquet", "NDJSON to Parquet", ".ndjson", ".parquet",
            "Import-DataFile $source | Export-Parquet $target",
            ToParquet("read_json('{0}')"), new Limit(1.5, DuckDb), new Limit(1.0, DuckDb)),
        new("rows", "rows to a foreign command", ".csv", "",
            "Import-DataFile $source | ForEach-Object { }", "", null, null),
    ];

    private static string ToParquet(string from) => $"COPY (FROM {from}) TO '{{1}}' (FORMAT parquet, COMPRESSION snappy)";
}
