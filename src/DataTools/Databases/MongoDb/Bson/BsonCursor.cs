using System.Buffers.Binary;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>
/// Goes through the elements of a document where its bytes lie, without an object per value (https://bsonspec.org/spec.html). A value is its bytes; the methods
/// of <see cref="BsonValues"/> read them.
/// </summary>
internal ref struct BsonCursor(ReadOnlySpan<byte> document)
{
    private ReadOnlySpan<byte> _rest = document.Length > 5 ? document[4..^1] : [];

    /// <summary>The type of the element on which the cursor stands.</summary>
    public BsonType Type { get; private set; }

    /// <summary>Its name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The bytes of its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next element; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        // The two keys that order before and behind all others have the types 255 and 127.
        Type = (BsonType)_rest[0];
        var end = _rest[1..].IndexOf((byte)0);
        Name = _rest.Slice(1, end);
        _rest = _rest[(end + 2)..];
        var length = BsonValues.Length(Type, _rest);
        Value = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}

/// <summary>Reads the bytes of values.</summary>
internal static class BsonValues
{
    /// <summary>The length of the value at the start of <paramref name="bytes"/>.</summary>
    public static int Length(BsonType type, ReadOnlySpan<byte> bytes) => type switch
    {
        BsonType.Double or BsonType.DateTime or BsonType.Int64 or BsonType.Timestamp => 8,
        BsonType.Int32 => 4,
        BsonType.Boolean => 1,
        BsonType.ObjectId => 12,
        BsonType.Decimal128 => 16,
        BsonType.String or BsonType.JavaScript or BsonType.Symbol => 4 + ToInt32(bytes),
        BsonType.Document or BsonType.Array or BsonType.JavaScriptWithScope => ToInt32(bytes),
        BsonType.Binary => 5 + ToInt32(bytes),
        BsonType.RegularExpression => RegexLength(bytes),
        // A reference of old: the collection's name and an ObjectId.
        (BsonType)0x0C => 4 + ToInt32(bytes) + 12,
        BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
        _ => throw new FormatException($"A document holds an element of the unknown type {(int)type}."),
    };

    public static int ToInt32(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt32LittleEndian(value);

    public static long ToInt64(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value);

    public static double ToDouble(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadDoubleLittleEndian(value);

    /// <summary>The UTF-8 of a string, without its length and its end.</summary>
    public static ReadOnlySpan<byte> ToText(ReadOnlySpan<byte> value) => value[4..^1];

    /// <summary>The bytes of a binary value, and what they are.</summary>
    public static ReadOnlySpan<byte> ToBytes(ReadOnlySpan<byte> value, out BsonBinarySubType subtype)
    {
        subtype = (BsonBinarySubType)value[4];
        // The old binary type has its length twice.
#pragma warning disable CS0618
        return subtype == BsonBinarySubType.OldBinary ? value[9..] : value[5..];
#pragma warning restore CS0618
    }

    private static int RegexLength(ReadOnlySpan<byte> bytes)
    {
        var pattern = bytes.IndexOf((byte)0) + 1;
        return pattern + bytes[pattern..].IndexOf((byte)0) + 1;
    }
}
