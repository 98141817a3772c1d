using System.Data;
using System.Globalization;
using DuckDB.NET.Data;

namespace DataTools.Benchmarks;

/// <summary>DuckDB: a peer in a process of its own, and here the judge of what came out.</summary>
internal static class Duck
{
    /// <summary>Its version.</summary>
    public static string Version => Rows("SELECT version()")[0];

    /// <summary>A CSV file with the options that make its result comparable.</summary>
    public static string ReadCsv(string path) => $"read_csv('{path}', header = true)";

    /// <summary>Runs statements.</summary>
    public static void Run(string sql) => Rows(sql);

    /// <summary>The rows of a query, values joined by bars.</summary>
    public static List<string> Rows(string sql)
    {
        var rows = new List<string>();
        Read(sql, reader => rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)))));
        return rows;
    }

    /// <summary>Calls <paramref name="row"/> at each row of a query.</summary>
    public static void Read(string sql, Action<IDataReader> row) => Open(sql, reader =>
    {
        while (reader.Read())
        {
            row(reader);
        }
    });

    /// <summary>Hands the result of a query over.</summary>
    public static void Open(string sql, Action<IDataReader> use)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The harness writes its own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        use(reader);
    }

    /// <summary>The peer's process: runs a statement several times and prints the seconds of each run.</summary>
    public static int Child(string sql, int times) => Measured.Child(() => Run(sql), times);

    /// <summary>What must be the same in every contender's output; an empty note is the same as none, as CSV does not tell.</summary>
    public static string Digest(string path)
    {
        var table = path.EndsWith(".parquet", StringComparison.Ordinal) ? $"read_parquet('{path}')" : ReadCsv(path);
        var columns = Rows($"DESCRIBE FROM {table}");
        return Rows(columns.Exists(c => c.StartsWith("total|", StringComparison.Ordinal))
            ? $"SELECT count(*), sum(n), round(sum(total), 2), string_agg(category, ',' ORDER BY category) FROM {table}"
            : $"""
              SELECT count(*), sum(id), min(ts::timestamp), max(ts::timestamp), count(distinct customer), max(category), round(sum(amount), 2),
                     sum(qty), count(*) FILTER (active), sum(coalesce(length(note), 0)) FROM {table}
              """)[0];
    }
}
