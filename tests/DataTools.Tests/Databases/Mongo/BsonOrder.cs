using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>How MongoDB orders values of all types (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order): numbers by value whatever their type.</summary>
internal sealed class BsonOrder : IComparer<BsonValue>
{
    internal static BsonOrder Instance { get; } = new();

    public int Compare(BsonValue? x, BsonValue? y)
    {
        var (a, b) = (x ?? BsonNull.Value, y ?? BsonNull.Value);
        var classes = Class(a).CompareTo(Class(b));
        return classes != 0 ? classes : a.BsonType switch
        {
            BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => Numbers(a, b),
            BsonType.String or BsonType.Symbol => string.CompareOrdinal(a.ToString(), b.ToString()),
            BsonType.Document => Documents(a.AsBsonDocument, b.AsBsonDocument),
            BsonType.Array => Lists([.. a.AsBsonArray], [.. b.AsBsonArray]),
            BsonType.Binary => Bytes(a.AsBsonBinaryData, b.AsBsonBinaryData),
            BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
            _ => a.CompareTo(b),
        };
    }

    /// <summary>The place of the type; comparisons such as $gt hold only within one.</summary>
    internal static int Class(BsonValue value) => value.BsonType switch
    {
        BsonType.MinKey => 0,
        BsonType.Null or BsonType.Undefined => 1,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => 2,
        BsonType.String or BsonType.Symbol => 3,
        BsonType.Document => 4,
        BsonType.Array => 5,
        BsonType.Binary => 6,
        BsonType.ObjectId => 7,
        BsonType.Boolean => 8,
        BsonType.DateTime => 9,
        BsonType.Timestamp => 10,
        BsonType.RegularExpression => 11,
        BsonType.MaxKey => 99,
        _ => 20,
    };

    private static int Numbers(BsonValue a, BsonValue b)
    {
        if (a.BsonType is BsonType.Int32 or BsonType.Int64 && b.BsonType is BsonType.Int32 or BsonType.Int64)
        {
            return a.ToInt64().CompareTo(b.ToInt64());
        }

        // Decimal128 holds every int64, and doubles to more digits than the tests have.
        return a.BsonType == BsonType.Double && b.BsonType == BsonType.Double ? a.AsDouble.CompareTo(b.AsDouble) : a.ToDecimal128().CompareTo(b.ToDecimal128());
    }

    private int Documents(BsonDocument a, BsonDocument b)
    {
        foreach (var (left, right) in a.Zip(b))
        {
            var found = Class(left.Value).CompareTo(Class(right.Value));
            found = found != 0 ? found : string.CompareOrdinal(left.Name, right.Name);
            found = found != 0 ? found : Compare(left.Value, right.Value);
            if (found != 0)
            {
                return found;
            }
        }

        return a.ElementCount.CompareTo(b.ElementCount);
    }

    private int Lists(List<BsonValue> a, List<BsonValue> b)
    {
        foreach (var (left, right) in a.Zip(b))
        {
            if (Compare(left, right) is not 0 and var found)
            {
                return found;
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    private static int Bytes(BsonBinaryData a, BsonBinaryData b)
    {
        var found = a.Bytes.Length.CompareTo(b.Bytes.Length);
        found = found != 0 ? found : a.SubType.CompareTo(b.SubType);
        return found != 0 ? found : a.Bytes.AsSpan().SequenceCompareTo(b.Bytes);
    }
}
