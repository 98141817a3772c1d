using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>Takes the values of a field into a column; false, and nothing appended, where a value is none of the column's type.</summary>
internal abstract class BsonCell
{
    /// <summary>Takes a value.</summary>
    public abstract bool TryAppend(BsonType type, ReadOnlySpan<byte> value);

    /// <summary>The cell for a column. JSON columns that were written as such tell null from missing.</summary>
    public static BsonCell For(ColumnBuilder builder, bool isDeclared = false) => builder switch
    {
        StructColumnBuilder members => new StructCell(members),
        ListColumnBuilder list => new ListCell(list),
        BytesColumnBuilder { Type: JsonType } json => new JsonCell(json, isDeclared),
        BytesColumnBuilder { Type: TextType } text => new TextCell(text),
        FixedColumnBuilder<long> { Type: IntegerType<long> } whole => new LongCell(whole),
        FixedColumnBuilder<double> real => new DoubleCell(real),
        FixedColumnBuilder<Int128> number => new DecimalCell(number),
        FixedColumnBuilder<long> { Type: TimestampType } time => new TimeCell(time),
        _ => new ValueCell(builder),
    };

    /// <summary>Text, and ObjectIds as their 24 digits.</summary>
    private sealed class TextCell(BytesColumnBuilder builder) : BsonCell
    {
        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type == BsonType.ObjectId)
            {
                Span<byte> digits = stackalloc byte[24];
                for (var i = 0; i < value.Length; i++)
                {
                    value[i].TryFormat(digits[(i * 2)..], out _, "x2", CultureInfo.InvariantCulture);
                }

                builder.Append(digits);
                return true;
            }

            if (type != BsonType.String || !Utf8.IsValid(BsonValues.ToText(value)))
            {
                return false;
            }

            builder.Append(BsonValues.ToText(value));
            return true;
        }
    }

    private sealed class JsonCell(BytesColumnBuilder builder, bool isDeclared) : BsonCell
    {
        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type == BsonType.Null && !isDeclared)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(ExtendedJson.ToJson(type, value));
            }

            return true;
        }
    }

    private sealed class LongCell(FixedColumnBuilder<long> builder) : BsonCell
    {
        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            switch (type)
            {
                case BsonType.Int64:
                    builder.Append(BsonValues.ToInt64(value));
                    return true;
                case BsonType.Int32:
                    builder.Append(BsonValues.ToInt32(value));
                    return true;
                default:
                    return Convert(builder, type, value);
            }
        }
    }

    private sealed class DoubleCell(FixedColumnBuilder<double> builder) : BsonCell
    {
        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type != BsonType.Double)
            {
                return Convert(builder, type, value);
            }

            builder.Append(BsonValues.ToDouble(value));
            return true;
        }
    }

    private sealed class DecimalCell(FixedColumnBuilder<Int128> builder) : BsonCell
    {
        private static readonly DecimalType Whole = new(DecimalType.MaxPrecision, 0);

        private readonly DecimalType _type = (DecimalType)builder.Type;

        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type != BsonType.Decimal128)
            {
                return Convert(builder, type, value);
            }

            if (!DecimalBits.TryRead(value, out var bits) || bits.Exponent > DecimalType.MaxPrecision)
            {
                return false;
            }

            var digits = (Int128)bits.Digits;
            for (var i = 0; i < bits.Exponent; i++)
            {
                if (!Whole.TryRescale(digits * 10, 0, out digits))
                {
                    return false;
                }
            }

            if (!_type.TryRescale(bits.IsNegative ? -digits : digits, Math.Max(0, -bits.Exponent), out var unscaled))
            {
                return false;
            }

            builder.Append(unscaled);
            return true;
        }
    }

    /// <summary>Milliseconds, of the years that a timestamp has.</summary>
    private sealed class TimeCell(FixedColumnBuilder<long> builder) : BsonCell
    {
        public const long First = -62_135_596_800_000;
        public const long Last = 253_402_300_799_999;

        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type != BsonType.DateTime || BsonValues.ToInt64(value) is not (>= First and <= Last and var milliseconds))
            {
                return Convert(builder, type, value);
            }

            builder.Append(milliseconds * 1000);
            return true;
        }
    }

    /// <summary>All other types: from the value, or from its text.</summary>
    private sealed class ValueCell(ColumnBuilder builder) : BsonCell
    {
        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value) => Convert(builder, type, value);
    }

    private sealed class ListCell(ListColumnBuilder builder) : BsonCell
    {
        private readonly BsonCell _items = For(builder.Items);

        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type != BsonType.Array)
            {
                return false;
            }

            var cursor = new BsonCursor(value);
            while (cursor.Next())
            {
                if (cursor.Type is BsonType.Null or BsonType.Undefined)
                {
                    builder.Items.AppendNull();
                }
                else if (!_items.TryAppend(cursor.Type, cursor.Value))
                {
                    builder.AbandonList();
                    return false;
                }
            }

            builder.EndList();
            return true;
        }
    }

    private sealed class StructCell(StructColumnBuilder builder) : BsonCell
    {
        private readonly FieldIndex _index = new([.. ((StructDataType)builder.Type).Members.Select(m => m.Key)]);
        private readonly BsonCell[] _members = [.. builder.Members.Select(m => For(m))];

        public override bool TryAppend(BsonType type, ReadOnlySpan<byte> value)
        {
            if (type != BsonType.Document)
            {
                return false;
            }

            var cursor = new BsonCursor(value);
            _index.Restart();
            while (cursor.Next())
            {
                var at = _index.Find(cursor.Name);
                // A member that is null is one that is missing; an unknown one, or one that is there twice, has no place.
                if (at < 0 || builder.Members[at].Count != builder.Count || !Append(at, cursor.Type, cursor.Value))
                {
                    builder.AbandonStruct();
                    return false;
                }
            }

            builder.EndStruct();
            return true;
        }

        private bool Append(int at, BsonType type, ReadOnlySpan<byte> value)
        {
            if (type is not (BsonType.Null or BsonType.Undefined))
            {
                return _members[at].TryAppend(type, value);
            }

            builder.Members[at].AppendNull();
            return true;
        }
    }

    private static bool Convert(ColumnBuilder builder, BsonType type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Int32 => builder.TryAppend(BsonValues.ToInt32(value)),
        BsonType.Int64 => builder.TryAppend(BsonValues.ToInt64(value)),
        BsonType.Double => builder.TryAppend(BsonValues.ToDouble(value)),
        BsonType.Boolean => builder.TryAppend(value[0] != 0),
        BsonType.Decimal128 => DecimalBits.TryRead(value, out var bits) && bits.Exponent < 6000 && builder.TryAppendText(Encoding.ASCII.GetBytes(bits.ToString()), TextRules.Default),
        BsonType.DateTime => TryTime(value, out var time) && builder.TryAppend(time),
        BsonType.Binary => Bytes(builder, value),
        BsonType.String => builder.Type is not NestedDataType && builder.TryAppendText(BsonValues.ToText(value), TextRules.Default),
        _ => false,
    };

    /// <summary>What is written for a date is midnight in UTC; timestamps without a zone are what they are in UTC.</summary>
    private static bool TryTime(ReadOnlySpan<byte> value, out DateTime time)
    {
        var milliseconds = BsonValues.ToInt64(value);
        var isInRange = milliseconds is >= TimeCell.First and <= TimeCell.Last;
        time = DateTime.SpecifyKind(isInRange ? DateTime.UnixEpoch.AddMilliseconds(milliseconds) : default, DateTimeKind.Unspecified);
        return isInRange;
    }

    private static bool Bytes(ColumnBuilder builder, ReadOnlySpan<byte> value)
    {
        var bytes = BsonValues.ToBytes(value, out var subtype);
        return builder.Type switch
        {
            UuidType => subtype == BsonBinarySubType.UuidStandard && bytes.Length == 16 && builder.TryAppend(new Guid(bytes, bigEndian: true)),
            BinaryDataType => subtype == BsonBinarySubType.Binary && builder.TryAppend(bytes.ToArray()),
            _ => false,
        };
    }
}

/// <summary>Finds fields by name; documents mostly have them in the same order.</summary>
internal sealed class FieldIndex(IReadOnlyList<string> names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];
    private readonly Dictionary<string, int> _byName = names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
    private int _next;

    /// <summary>A new document begins.</summary>
    public void Restart() => _next = 0;

    /// <summary>The position of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (_next < _names.Length && name.SequenceEqual(_names[_next]))
        {
            return _next++;
        }

        if (!_byName.TryGetValue(Encoding.UTF8.GetString(name), out var found))
        {
            return -1;
        }

        _next = found + 1;
        return found;
    }
}
