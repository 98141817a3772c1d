using System.Globalization;
using DataTools.Data;
using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases.PostgreSql;

/// <summary>Hashes of rows made by PostgreSQL (13 and later), in databases of UTF-8 and sessions that write dates as ISO 8601 does.</summary>
internal sealed class PostgresHashes : IServerHashes
{
    public static readonly PostgresHashes Instance = new();

    /// <summary>Its workers help the one.</summary>
    public int Connections => 1;

    public string? Field(CompareForm form, bool isPlain, ColumnSchema column, string name) => form switch
    {
        CompareForm.Number or CompareForm.Boolean => Number(column, name, isPlain),
        // The server's own text of char(n) lacks the spaces that fill it up.
        CompareForm.Text => column.NativeType.StartsWith("character(", StringComparison.Ordinal) || column.NativeType == "character" ? null : $"{name}::text",
        CompareForm.Bytes => $"encode({name}, 'hex')",
        CompareForm.Uuid or CompareForm.Date => name,
        CompareForm.Timestamp => column.Type is TimestampType { IsUtc: true } ? $"({name} AT TIME ZONE 'UTC')" : $"{name}::timestamp",
        CompareForm.Span => $"(extract(epoch FROM {name}) * 1000000)::bigint",
        _ => null,
    };

    public string RangeBucket(string column, long least, int shift) => string.Create(CultureInfo.InvariantCulture, $"({column}::bigint - ({least})) >> {shift}");

    public string TextBucket(string text) => $"{Bits(text, 2)}::bit(12)::bigint";

    /// <summary>
    /// The planner takes an expression of a key for as many groups as there are rows, and would sort them all on disk. Of a union's column it expects few; the second part is gone
    /// before anything is read, and names the table, for without one no workers would read the first.
    /// </summary>
    public string Sums(string table, string? condition, string bucket, string row) =>
        $"SELECT b, count(*), sum(h)::text FROM (SELECT {bucket} AS b, {Bits(row, 8)}::bit(64)::bigint AS h FROM {table}{(condition is null ? "" : $" WHERE {condition}")} "
        + $"UNION ALL SELECT NULL::bigint, NULL::bigint FROM {table} WHERE false) AS q GROUP BY 1";

    public bool LieInOrder(TableSchema table, string column) => false;

    /// <summary>The first bytes of the SHA-256 of a text as what is read as bits.</summary>
    private static string Bits(string text, int bytes) => string.Create(CultureInfo.InvariantCulture, $"('x' || encode(substr(sha256(textsend({text})), 1, {bytes}), 'hex'))");

    private static string? Number(ColumnSchema column, string name, bool isPlain) => column.Type switch
    {
        BoolType => $"{name}::int",
        DecimalType or DecimalTextType => column.NativeType == "money" ? null : isPlain ? name : $"trim_scale({name})",
        _ => name,
    };
}
