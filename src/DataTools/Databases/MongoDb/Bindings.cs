using System.Collections;
using System.Globalization;
using System.Numerics;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Errors;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>
/// Puts the values of parameters into JSON that was read already: the text "@name" stands for the value of that name. A value never becomes an operator, for it is put
/// in as a value, after the operators were read.
/// </summary>
internal static class Bindings
{
    /// <summary>The document with its parameters' values.</summary>
    public static BsonDocument Apply(BsonDocument document, IReadOnlyDictionary<string, object?> parameters) => (BsonDocument)Bind(document, parameters);

    /// <summary>A value as BSON.</summary>
    public static BsonValue ToBson(object? value) => value switch
    {
        null or DBNull => BsonNull.Value,
        bool flag => (BsonBoolean)flag,
        string text => (BsonString)text,
        byte or sbyte or short or ushort or int => (BsonInt32)Convert.ToInt32(value, CultureInfo.InvariantCulture),
        uint or long => (BsonInt64)Convert.ToInt64(value, CultureInfo.InvariantCulture),
        double or float => (BsonDouble)Convert.ToDouble(value, CultureInfo.InvariantCulture),
        decimal or ulong => new BsonDecimal128(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        byte[] bytes => new BsonBinaryData(bytes),
        Guid guid => new BsonBinaryData(guid, GuidRepresentation.Standard),
        _ => ToOther(value),
    };

    private static BsonValue ToOther(object value) => value switch
    {
        DateTime time => new BsonDateTime(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateTimeOffset time => new BsonDateTime(time.UtcDateTime),
        DateOnly date => new BsonDateTime(date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)),
        BigInteger number => new BsonDecimal128(Decimal128.Parse(number.ToString(CultureInfo.InvariantCulture))),
        IDictionary or IEnumerable => FromJson(value),
        _ => (BsonString)(DataTypes.TextOf(value) ?? value.ToString()!),
    };

    /// <summary>Nested values, in which the forms of Extended JSON are known: @{ '$oid' = '...' }.</summary>
    private static BsonValue FromJson(object value)
    {
        var buffer = new BsonBuffer();
        var start = buffer.Begin();
        ExtendedJsonParser.Append(buffer, "v"u8, NestedText.ToJson(value));
        buffer.End(start);
        return MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(buffer.Written.ToArray())["v"];
    }

    private static BsonValue Bind(BsonValue value, IReadOnlyDictionary<string, object?> parameters) => value switch
    {
        BsonString { Value: ['@', .. var name] } when parameters.TryGetValue(name, out var given) => ToBson(given) is var bound && HasOperator(bound) ? throw DataErrors.ParameterUnfit(name, given!) : bound,
        BsonDocument document => new BsonDocument(document.Select(e => new BsonElement(e.Name, Bind(e.Value, parameters)))),
        BsonArray items => new BsonArray(items.Select(i => Bind(i, parameters))),
        _ => value,
    };

    /// <summary>Where a document stands for a value, names with a dollar would be read as operators.</summary>
    private static bool HasOperator(BsonValue value) => value switch
    {
        BsonDocument document => document.Any(e => e.Name.StartsWith('$') || HasOperator(e.Value)),
        BsonArray items => items.Any(HasOperator),
        _ => false,
    };
}
