namespace DataTools.Databases.PostgreSql;

/// <summary>The types of PostgreSQL and ours. A type without a line (inet, ranges, tsvector, enumerations, geometry, ...) is read as the server's text of it, and written as such.</summary>
internal static class PostgresTypes
{
    /// <summary>The fields of intervals that hold no months; what a type with other fields holds stays text.</summary>
    private static readonly string[] IntervalFields =
        ["day", "hour", "minute", "second", "day to hour", "day to minute", "day to second", "hour to minute", "hour to second", "minute to second"];

    public static TypeMap Map { get; } = new(
        "PostgreSql",
        Reads:
        [
            new("boolean", "bool"),
            new("smallint", "int16"), new("integer", "int32"), new("bigint", "int64"), new("oid", "int64"),
            new("real", "float"), new("double precision", "double"),
            new("numeric when precision <= 38 and scale >= 0 and scale <= precision", "decimal({precision},{scale})"),
            new("numeric", "decimal"), new("money", "decimal"),
            new("text", "text"), new("character varying", "text"), new("character", "text"), new("name", "text"), new("xml", "text"),
            new("json", "json"), new("jsonb", "json"),
            new("bytea", "binary"), new("uuid", "uuid"),
            new("date", "date"), new("time without time zone", "time"),
            new("timestamp without time zone", "timestamp"), new("timestamp with time zone", "timestamptz"),
            new("interval", "duration", "months have no fixed length"),
            .. IntervalFields.Select(f => new TypeRule($"interval {f}", "duration")),
        ],
        Writes:
        [
            new("bool", "boolean"), new("int8", "smallint"), new("int16", "smallint"), new("int32", "integer"), new("int64", "bigint"), new("uint64", "numeric(20)"),
            new("float", "real"), new("double", "double precision"),
            new("decimal when precision <= 38", "numeric({precision},{scale})"), new("decimal", "numeric"),
            new("text when length > 0 and length <= 10485760", "character varying({length})"), new("text", "text", "NUL has no place"),
            new("json", "jsonb", "jsonb keeps the last of duplicate members, and not their order"), new("binary", "bytea"), new("uuid", "uuid"),
            new("date", "date"), new("time", "time"), new("timestamp", "timestamp"), new("timestamptz", "timestamptz"), new("duration", "interval"),
            new("list", "jsonb", "a list of nested values becomes JSON"), new("struct", "jsonb", "a struct becomes JSON"),
        ])
    {
        HasArrays = true,
    };
}
