namespace DataTools.Databases.DuckDb;

/// <summary>The types of DuckDB and ours. A type without a line is read as DuckDB's text of it, and written as such.</summary>
internal static class DuckDbTypes
{
    public static TypeMap Map { get; } = new(
        "DuckDb",
        Reads:
        [
            new("boolean", "bool"),
            new("tinyint", "int8"), new("smallint", "int16"), new("integer", "int32"), new("bigint", "int64"),
            new("utinyint", "int16"), new("usmallint", "int32"), new("uinteger", "int64"), new("ubigint", "uint64"),
            new("hugeint", "decimal(38,0)", "39 digits are an error"), new("uhugeint", "decimal(38,0)", "39 digits are an error"), new("bignum", "decimal"),
            new("float", "float"), new("double", "double"), new("decimal", "decimal({precision},{scale})"),
            new("varchar", "text"), new("enum", "text"), new("bit", "text"), new("json", "json"), new("variant", "json", "types that JSON lacks become text"), new("union", "json"),
            new("time with time zone", "text"), new("time_ns", "text"), new("geometry", "text"),
            new("blob", "binary"), new("uuid", "uuid"),
            new("date", "date"), new("time", "time"),
            new("timestamp", "timestamp"), new("timestamp_s", "timestamp"), new("timestamp_ms", "timestamp"), new("timestamp_ns", "timestamp", "parts of a microsecond are an error"),
            new("timestamp with time zone", "timestamptz"), new("interval", "duration", "months have no fixed length"),
            new("list", "list"), new("array", "list"), new("map", "list"), new("struct", "struct"),
        ],
        Writes:
        [
            new("bool", "BOOLEAN"), new("int8", "TINYINT"), new("int16", "SMALLINT"), new("int32", "INTEGER"), new("int64", "BIGINT"), new("uint64", "UBIGINT"),
            new("float", "FLOAT"), new("double", "DOUBLE"), new("decimal when precision <= 38", "DECIMAL({precision},{scale})"), new("decimal", "VARCHAR", "a number without a scale becomes text"),
            new("text", "VARCHAR"), new("json", "JSON"), new("binary", "BLOB"), new("uuid", "UUID"),
            new("date", "DATE"), new("time", "TIME"), new("timestamp", "TIMESTAMP"), new("timestamptz", "TIMESTAMP WITH TIME ZONE"), new("duration", "INTERVAL"),
            new("list", "{item}[]"), new("struct", "STRUCT({members})"),
        ])
    {
        ParseNested = DuckDbTypeText.Parse,
        // A text would be cast to some member of a union, and to a text within a variant; no list is cast to a map.
        ReadOnly = ["union", "variant", "map"],
    };
}
