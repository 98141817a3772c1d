namespace DataTools.Databases.Sqlite;

/// <summary>
/// The declared types of SQLite and ours. A declared type is a hint: its letters give the column an affinity (https://www.sqlite.org/datatype3.html, 3.1), and
/// any column of a table that is not STRICT may hold anything. Names ending in _TEXT keep exact values from becoming floats: their affinity is TEXT.
/// </summary>
internal static class SqliteTypes
{
    public static TypeMap Map { get; } = new(
        "Sqlite",
        Reads:
        [
            new("boolean", "bool"), new("bool", "bool"),
            new("tinyint", "int64"), new("smallint", "int64"), new("mediumint", "int64"), new("int", "int64"), new("integer", "int64"), new("bigint", "int64"),
            new("int2", "int64"), new("int8", "int64"), new("unsigned big int", "int64"),
            new("real", "double"), new("double", "double"), new("double precision", "double"), new("float", "double"), new("float4", "float"),
            new("decimal when precision <= 38 and scale >= 0", "decimal({precision},{scale})"), new("decimal", "decimal"),
            new("numeric when precision <= 38 and scale >= 0", "decimal({precision},{scale})"), new("numeric", "decimal"),
            new("decimal_text when precision <= 38 and scale >= 0", "decimal({precision},{scale})"), new("decimal_text", "decimal"),
            new("text", "text"), new("clob", "text"), new("char", "text"), new("varchar", "text"), new("nchar", "text"), new("nvarchar", "text"), new("character", "text"),
            new("varying character", "text"), new("native character", "text"),
            new("blob", "binary"), new("binary", "binary"), new("varbinary", "binary"),
            new("date", "date"), new("time", "time"),
            new("datetime", "timestamp"), new("timestamp", "timestamp"), new("timestamptz", "timestamptz"), new("timestamp with time zone", "timestamptz"),
            new("duration_text", "duration"), new("uuid", "uuid"), new("uuid_text", "uuid"), new("guid", "uuid"), new("json", "json"), new("json_text", "json"),
        ],
        Writes:
        [
            new("bool", "BOOLEAN"), new("int8", "INTEGER"), new("int16", "INTEGER"), new("int32", "INTEGER"), new("int64", "INTEGER"),
            new("uint64", "DECIMAL_TEXT(20,0)"), new("float", "FLOAT4"), new("double", "REAL", "NaN has no place"),
            new("decimal when precision <= 38", "DECIMAL_TEXT({precision},{scale})"), new("decimal", "DECIMAL_TEXT"),
            new("text when length > 0", "VARCHAR({length})"), new("text", "TEXT"), new("json", "JSON_TEXT"), new("binary", "BLOB"),
            new("date", "DATE"), new("time", "TIME"), new("timestamp", "TIMESTAMP"), new("timestamptz", "TIMESTAMPTZ"), new("duration", "DURATION_TEXT"), new("uuid", "UUID_TEXT"),
            new("list", "JSON_TEXT", "a list becomes JSON"), new("struct", "JSON_TEXT", "a struct becomes JSON"),
        ]);
}
