using System.Globalization;
using DataTools.Data;
using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases.PostgreSql;

/// <summary>Hashes of rows made by PostgreSQL (13 and later), in databases of UTF-8 and sessions that write dates as ISO 8601 does.</summary>
internal sealed class PostgresHashes : IServerHashes
{
    public static readonly PostgresHashes Instance = new();

    public string? Field(CompareForm form, ColumnSchema column, string name) => Text(form, column, name) is { } text ? column.Nullable ? $"coalesce({text}, '~')" : text : null;

    public string Join(IReadOnlyList<string> fields) => string.Join(" || '|' || ", fields);

    public string RangeBucket(string column, long least, int shift, int last) => string.Create(
        CultureInfo.InvariantCulture,
        $"CASE WHEN {column} > {least} THEN least(({column}::bigint - ({least})) >> {shift}, {last})::int ELSE 0 END");

    public string TextBucket(string text) => $"('x' || substr(md5({text}), 1, 3))::bit(12)::int";

    /// <summary>
    /// The planner takes an expression of a key for as many groups as there are rows, and would sort them all on disk. Of a union's column it expects few, and the second part is
    /// gone before anything is read.
    /// </summary>
    public string Sums(string table, string? condition, string bucket, string row) =>
        $"SELECT b, count(*), sum(h)::text FROM (SELECT {bucket} AS b, ('x' || md5({row}))::bit(64)::bigint AS h FROM {table}{(condition is null ? "" : $" WHERE {condition}")} "
        + "UNION ALL SELECT NULL::int, NULL::bigint WHERE false) AS q GROUP BY 1";

    private static string? Text(CompareForm form, ColumnSchema column, string name) => form switch
    {
        CompareForm.Number or CompareForm.Boolean => Number(column, name),
        // The server's own text of char(n) lacks the spaces that fill it up.
        CompareForm.Text => column.NativeType.StartsWith("character(", StringComparison.Ordinal) || column.NativeType == "character" ? null : $"octet_length({name}::text) || ':' || {name}::text",
        CompareForm.Bytes => $"encode({name}, 'hex')",
        CompareForm.Uuid => $"{name}::text",
        CompareForm.Date => $"{name}::text",
        CompareForm.Timestamp => Timestamp(column.Type is TimestampType { IsUtc: true } ? $"({name} AT TIME ZONE 'UTC')" : $"{name}::timestamp"),
        CompareForm.Span => $"(extract(epoch FROM {name}) * 1000000)::bigint::text",
        _ => null,
    };

    /// <summary>Whole seconds, which most have, are faster without a format.</summary>
    private static string Timestamp(string value) => $"CASE WHEN {value} = {value}::timestamp(0) THEN {value}::text || '.000000' ELSE to_char({value}, 'YYYY-MM-DD HH24:MI:SS.US') END";

    private static string? Number(ColumnSchema column, string name) => column.Type switch
    {
        BoolType => $"{name}::int::text",
        DecimalType or DecimalTextType => column.NativeType == "money" ? null : $"trim_scale({name})::text",
        _ => $"{name}::text",
    };
}
