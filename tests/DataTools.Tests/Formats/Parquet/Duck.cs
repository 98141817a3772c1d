using DuckDB.NET.Data;

namespace DataTools.Tests.Formats.Parquet;

/// <summary>A second implementation of Parquet to check ours by.</summary>
internal static class Duck
{
    public static List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "set timezone='UTC'; " + sql;
        using var reader = command.ExecuteReader();
        while (reader.FieldCount == 0 && reader.NextResult())
        {
        }

        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    /// <summary>The rows of a query, each as text with bars between its values.</summary>
    public static string[] Text(string sql) =>
        [.. Query($"select concat_ws('|', coalesce(columns(*)::varchar, 'NULL')) from ({sql})").Select(r => string.Join("|", r))];
}
