using System.Globalization;
using DataTools.Data;
using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases.MySql;

/// <summary>Hashes of rows made by MySQL and MariaDB.</summary>
internal sealed class MySqlHashes : IServerHashes
{
    public static readonly MySqlHashes Instance = new();

    /// <summary>One connection has one processor, and hashing is all that it does.</summary>
    public int Connections => 2;

    public string? Field(CompareForm form, bool isPlain, ColumnSchema column, string name) => form switch
    {
        CompareForm.Number or CompareForm.Boolean => Number(column, name, isPlain),
        CompareForm.Text => column.Collation?.StartsWith("utf8", StringComparison.Ordinal) == true ? name : $"CONVERT({name} USING utf8mb4)",
        CompareForm.Bytes => $"LOWER(HEX({name}))",
        CompareForm.Uuid => $"LOWER(CAST({name} AS CHAR))",
        CompareForm.Date => name,
        CompareForm.Timestamp when column.Type is DateType => $"CONCAT({name}, ' 00:00:00')",
        CompareForm.Timestamp => NativeType.Parse(column.NativeType).Length > 0 ? Trimmed(name) : name,
        // MariaDB gives the fraction too, MySQL only whole seconds.
        CompareForm.Span => $"FLOOR(TIME_TO_SEC({name})) * 1000000 + MICROSECOND({name})",
        _ => null,
    };

    public string RangeBucket(string column, long least, int shift) => string.Create(CultureInfo.InvariantCulture, $"(CAST({column} AS SIGNED) - ({least})) >> {shift}");

    public string TextBucket(string text) => $"CAST(CONV(LEFT(SHA2({text}, 256), 3), 16, 10) AS UNSIGNED)";

    public string Sums(string table, string? condition, string bucket, string row) =>
        $"SELECT {bucket}, COUNT(*), CAST(SUM(CAST(CONV(LEFT(SHA2({row}, 256), 16), 16, -10) AS SIGNED)) AS CHAR) FROM {table}{(condition is null ? "" : $" WHERE {condition}")} GROUP BY 1";

    /// <summary>Other engines keep rows in no order, and MEMORY would read all of them for each range.</summary>
    public bool LieInOrder(TableSchema table, string column) => table.Engine == "InnoDB" && table.PrimaryKey?.Columns[0] == column;

    private static string Number(ColumnSchema column, string name, bool isPlain) => column.Type switch
    {
        _ when column.NativeType.StartsWith("bit", StringComparison.OrdinalIgnoreCase) || column.NativeType.Contains("zerofill", StringComparison.OrdinalIgnoreCase) && column.Type is not DecimalType => $"{name} + 0",
        DecimalType { Scale: > 0 } when !isPlain => Trimmed(name),
        DecimalTextType => $"IF(LOCATE('.', {name}) > 0, {Trimmed(name)}, {name})",
        _ => name,
    };

    /// <summary>Without the zeros at the end of the fraction, which is there.</summary>
    private static string Trimmed(string name) => $"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {name}))";
}
