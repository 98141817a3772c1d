namespace DataTools.Databases.MongoDb;

/// <summary>
/// The types of BSON, by the names that $type has for them, and ours. Beside these: "uuid" is binary data of subtype 4, "json" any value. Values of several types in
/// one field become json, which is Extended JSON; so does each type without a line (regex, timestamp, minKey, javascript, other binary data), and nothing of it
/// is lost. Numbers of several types become the widest.
/// A collection that is made by -CreateTable remembers our types in a $jsonSchema that checks nothing (validationLevel off), so that what is written as another
/// type (date, time, duration, float, uint64, json) is read as it was.
/// </summary>
internal static class MongoTypes
{
    public const string Name = "MongoDb";

    public static TypeMap Map { get; } = new(
        Name,
        Reads:
        [
            new("objectId", "text"), new("string", "text"), new("bool", "bool"), new("int", "int32"), new("long", "int64"), new("double", "double"),
            new("decimal when precision <= 38", "decimal({precision},{scale})"), new("decimal", "decimal", "NaN and the infinities are no numbers here"),
            new("date", "timestamptz", "years before 1 and after 9999 have no place"),
            new("binData", "binary"), new("uuid", "uuid"), new("json", "json"), new("object", "struct"), new("array", "list"),
        ],
        Writes:
        [
            new("bool", "bool"), new("int8", "int"), new("int16", "int"), new("int32", "int"), new("int64", "long"), new("uint64", "decimal"),
            new("float", "double"), new("double", "double"), new("decimal when precision <= 34", "decimal"), new("decimal", "decimal", "a decimal has at most 34 digits"),
            new("text", "string"), new("json", "json"), new("binary", "binData"), new("uuid", "uuid"),
            new("date", "date"), new("time", "string"), new("duration", "string"),
            new("timestamp", "date", "milliseconds in UTC: finer digits have no place"), new("timestamptz", "date", "milliseconds: finer digits have no place"),
            new("list", "array"), new("struct", "object"),
        ]);
}
