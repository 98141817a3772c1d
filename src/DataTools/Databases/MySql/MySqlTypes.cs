namespace DataTools.Databases.MySql;

/// <summary>
/// The types of MySQL and MariaDB and ours. What they have no type for is marked by the column's comment: <c>datetime(6) comment 'UTC'</c> holds instants.
/// A type without a line (enumerations and sets, inet, ...) is read as the server's text of it, and written as such.
/// </summary>
internal static class MySqlTypes
{
    /// <summary>Comments that belong to a column's type.</summary>
    public static readonly string[] Marks = ["UTC", "microseconds", "uuid", "decimal", "JSON"];

    /// <summary>The longest text that is made a varchar; all columns of a row together may have 65,535 bytes.</summary>
    private const string VarChar = "text when length > 0 and length <= 1000";

    private static readonly TypeRule[] Reads =
    [
        new("tinyint when length = 1 and not unsigned", "bool", "2 and -1 are legal, and no booleans: -TypeMap reads numbers"),
        new("tinyint when unsigned", "int16"), new("tinyint", "int8"), new("smallint when unsigned", "int32"), new("smallint", "int16"), new("mediumint", "int32"),
        new("int when unsigned", "int64"), new("int", "int32"), new("bigint when unsigned", "uint64"), new("bigint comment 'microseconds'", "duration"), new("bigint", "int64"),
        new("year", "int16"), new("float", "float"), new("double", "double"),
        new("decimal when precision <= 38 and scale >= 0", "decimal({precision},{scale})"), new("decimal", "decimal"), new("longtext comment 'decimal'", "decimal"),
        new("bit when length = 1", "bool"), new("bit", "uint64"),
        new("char comment 'uuid'", "uuid"), new("uuid", "uuid"), new("char", "text"), new("varchar", "text"),
        new("tinytext", "text"), new("text", "text"), new("mediumtext", "text"), new("longtext comment 'json'", "json"), new("longtext", "text"), new("enum", "text"), new("set", "text"),
        new("json", "json"),
        new("binary", "binary"), new("varbinary", "binary"), new("tinyblob", "binary"), new("blob", "binary"), new("mediumblob", "binary"), new("longblob", "binary"),
        new("geometry", "binary"), new("point", "binary"), new("linestring", "binary"), new("polygon", "binary"), new("multipoint", "binary"),
        new("multilinestring", "binary"), new("multipolygon", "binary"), new("geometrycollection", "binary"),
        new("date", "date", "0000-00-00 has no place"), new("time", "time", "below zero and beyond a day have no place: -TypeMap reads durations"),
        new("datetime comment 'utc'", "timestamptz"), new("datetime", "timestamp", "0000-00-00 has no place"), new("timestamp", "timestamptz", "0000-00-00 has no place"),
    ];

    private static readonly TypeRule[] Writes =
    [
        new("bool", "tinyint(1)"), new("int8", "tinyint"), new("int16", "smallint"), new("int32", "int"), new("int64", "bigint"), new("uint64", "bigint unsigned"),
        new("float", "float", "NaN and infinity have no place"), new("double", "double", "NaN and infinity have no place"),
        new("decimal when precision <= 38 and scale <= 30", "decimal({precision},{scale})"), new("decimal", "longtext comment 'decimal'", "it is kept as text"),
        new(VarChar, "varchar({length})"), new("text", "longtext"),
        new("binary", "longblob"), new("uuid", "char(36) comment 'uuid'"),
        new("date", "date"), new("time", "time(6)"), new("timestamp", "datetime(6)"), new("timestamptz", "datetime(6) comment 'UTC'"),
        new("duration", "bigint comment 'microseconds'"),
    ];

    /// <summary>MySQL's map.</summary>
    public static TypeMap MySql { get; } = new(
        "MySql",
        Reads,
        [
            .. Writes, new("json", "json", "MySQL orders members and keeps the last of duplicate ones"), new("list", "json", "a list becomes JSON"), new("struct", "json", "a struct becomes JSON"),
        ]);

    /// <summary>MariaDB's map: its json is a longtext that is checked.</summary>
    public static TypeMap MariaDb { get; } = new(
        "MariaDb",
        Reads,
        [.. Writes, new("json", "json"), new("list", "json", "a list becomes JSON"), new("struct", "json", "a struct becomes JSON")]);

    /// <summary>A map for a server that has no type json.</summary>
    public static TypeMap WithoutJson(TypeMap map) => map with { Writes = [.. map.Writes.Select(w => w.To == "json" ? new TypeRule(w.From, "longtext comment 'JSON'", w.Loss) : w)] };
}
