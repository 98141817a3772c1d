using System.Globalization;
using DataTools.Data;
using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases.MySql;

/// <summary>Hashes of rows made by MySQL and MariaDB.</summary>
internal sealed class MySqlHashes : IServerHashes
{
    public static readonly MySqlHashes Instance = new();

    /// <summary>The fraction of a whole second.</summary>
    private const string Zeros = ".000000";

    public string? Field(CompareForm form, ColumnSchema column, string name) => Text(form, column, name) is { } text ? column.Nullable ? $"COALESCE({text}, '~')" : text : null;

    public string Join(IReadOnlyList<string> fields) => $"CONCAT_WS('|', {string.Join(", ", fields)})";

    public string RangeBucket(string column, long least, int shift, int last) =>
        string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {column} > {least} THEN LEAST(({column} - ({least})) >> {shift}, {last}) ELSE 0 END");

    public string TextBucket(string text) => $"CAST(CONV(SUBSTR(MD5({text}), 1, 3), 16, 10) AS UNSIGNED)";

    public string Sums(string table, string? condition, string bucket, string row) =>
        $"SELECT {bucket}, COUNT(*), CAST(SUM(CAST(CONV(LEFT(MD5({row}), 16), 16, -10) AS SIGNED)) AS CHAR) FROM {table}{(condition is null ? "" : $" WHERE {condition}")} GROUP BY 1";

    /// <summary>The length in bytes before the text.</summary>
    private static string Counted(string text) => $"CONCAT(LENGTH({text}), ':', {text})";

    private static string? Text(CompareForm form, ColumnSchema column, string name) => form switch
    {
        CompareForm.Number or CompareForm.Boolean => Number(column, name),
        CompareForm.Text => Counted(column.Collation?.StartsWith("utf8", StringComparison.Ordinal) == true ? name : $"CONVERT({name} USING utf8mb4)"),
        CompareForm.Bytes => $"LOWER(HEX({name}))",
        CompareForm.Uuid => $"LOWER(CAST({name} AS CHAR))",
        CompareForm.Date => $"CAST({name} AS CHAR)",
        CompareForm.Timestamp => $"CONCAT({name}, '{Zeros[(NativeType.Parse(column.NativeType).Length is { } digits and > 0 ? digits + 1 : 0)..]}')",
        // MariaDB gives the fraction too, MySQL only whole seconds.
        CompareForm.Span => $"CAST(FLOOR(TIME_TO_SEC({name})) * 1000000 + MICROSECOND({name}) AS CHAR)",
        _ => null,
    };

    private static string Number(ColumnSchema column, string name)
    {
        var plain = $"CAST({name} AS CHAR)";
        var trimmed = $"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {plain}))";
        return column.Type switch
        {
            _ when column.NativeType.StartsWith("bit", StringComparison.OrdinalIgnoreCase) => $"CAST({name} + 0 AS CHAR)",
            DecimalType { Scale: > 0 } => trimmed,
            DecimalTextType => $"IF(LOCATE('.', {name}) > 0, {trimmed}, {plain})",
            _ => plain,
        };
    }
}
