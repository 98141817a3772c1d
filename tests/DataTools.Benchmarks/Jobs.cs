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
internal sealed record Job(string Name, string Title, string Input, string Output, string Script, string Sql, Limit[] Must, Limit? Aim)
{
    /// <summary>Who does it besides us, and DuckDB where it has a statement.</summary>
    public string[] Peers { get; init; } = [];

    /// <summary>The most rows that it is measured with.</summary>
    public long MostRows { get; init; } = long.MaxValue;

    /// <summary>The most memory that our process may hold; it may not grow with the rows either. Null where it is not judged.</summary>
    public int? MostMegabytes { get; init; }

    /// <summary>How many times the rows the growth of memory is judged by.</summary>
    public int Growth { get; init; } = 4;

    /// <summary>From how many times the rows: so many that the batches on their way between reader and writer are as many as there may be.</summary>
    public int FlatFrom { get; init; } = 1;
}

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
    public const string OpenPyXl = "openpyxl";
    public const string MiniExcel = "MiniExcel";
    public const string ExcelDataReader = "ExcelDataReader";

    /// <summary>The rows of the books that jobs write and read.</summary>
    private const long BookRows = 200_000;

    /// <summary>The rows of 200 MB of XML.</summary>
    private const long XmlRows = 1_000_000;

    /// <summary>The job whose size of file is judged too.</summary>
    public const string CsvToParquet = "csv-parquet";

    /// <summary>Writes a book.</summary>
    public const string WriteBook = "xlsx-write";

    /// <summary>Reads one.</summary>
    public const string ReadBook = "xlsx-read";

    public static readonly Job[] All =
    [
        new(CsvToParquet, "CSV to Parquet, snappy", ".csv", ".parquet",
            "Import-DataFile $source | Export-Parquet $target",
            ToParquet("read_csv('{0}')"), [new Limit(1.0, DuckDb)], new Limit(1.0, Polars)) { Peers = [Polars, Pandas], MostMegabytes = 500 },
        new("parquet-csv", "Parquet to CSV", ".parquet", ".csv",
            "Import-DataFile $source | Export-DataFile $target",
            "COPY (FROM read_parquet('{0}')) TO '{1}' (FORMAT csv, HEADER)", [new Limit(1.0, DuckDb)], new Limit(1.0, Polars)) { Peers = [Polars, Pandas] },
        new("csv-filter-parquet", "CSV, filter by a PowerShell expression, to Parquet", ".csv", ".parquet",
            "Import-DataFile $source | Convert-Data -Where { $_.amount -gt 10 } | Export-Parquet $target",
            ToParquet("read_csv('{0}') WHERE amount > 10"), [new Limit(1.1, Ours, CsvToParquet)], null),
        new("csv-group", "CSV, group and sum with Invoke-DataQuery", ".csv", ".csv",
            "Invoke-DataQuery \"select category, count(*) as n, sum(amount) as total from '$source' group by category order by category\" | Export-DataFile $target",
            "COPY (SELECT category, count(*) AS n, sum(amount) AS total FROM read_csv('{0}') GROUP BY category ORDER BY category) TO '{1}' (FORMAT csv, HEADER)",
            [new Limit(1.3, DuckDb)], new Limit(1.0, DuckDb)) { Peers = [Polars, Pandas] },
        new("ndjson-parquet", "NDJSON to Parquet", ".ndjson", ".parquet",
            "Import-DataFile $source | Export-Parquet $target",
            ToParquet("read_json('{0}')"), [new Limit(1.5, DuckDb)], new Limit(1.0, DuckDb)) { Peers = [Polars, Pandas] },
        new("rows", "rows to a foreign command", ".csv", "",
            "Import-DataFile $source | ForEach-Object { }", "", [], null),
        new(WriteBook, "CSV to an Excel book", ".csv", ".xlsx",
            "Import-DataFile $source | Export-DataFile $target", "", [new Limit(0.5, OpenPyXl), new Limit(1.0, MiniExcel)], null)
        {
            Peers = [OpenPyXl, MiniExcel], MostRows = BookRows, MostMegabytes = 400, FlatFrom = 2,
        },
        new(ReadBook, "an Excel book to Parquet (peers read it only)", ".xlsx", ".parquet",
            "Import-DataFile $source | Export-Parquet $target", "", [new Limit(0.5, OpenPyXl), new Limit(1.1, ExcelDataReader)], null)
        {
            Peers = [OpenPyXl, ExcelDataReader], MostRows = BookRows, MostMegabytes = 400,
        },
        new("xml-parquet", "XML (200 MB) to Parquet", ".xml", ".parquet",
            "Import-DataFile $source | Export-Parquet $target", "", [], null) { MostRows = XmlRows, MostMegabytes = 300, Growth = 2 },
    ];

    private static string ToParquet(string from) => $"COPY (FROM {from}) TO '{{1}}' (FORMAT parquet, COMPRESSION snappy)";
}
