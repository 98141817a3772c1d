using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Formats;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>What becomes of digits that no document can hold, and how often that was.</summary>
internal sealed class EncodeLoss(LossPolicy policy)
{
    /// <summary>The values that lost something.</summary>
    public long Count { get; private set; }

    /// <summary>A value loses something: an error, or it is counted.</summary>
    public void Lose(string reason)
    {
        if (policy == LossPolicy.Stop)
        {
            throw new FormatException($"{reason}. Use -OnLoss Warn or Allow to accept the loss");
        }

        Count++;
    }
}

/// <summary>
/// Writes the values of a column as elements of documents. A value that no document can hold is a <see cref="FormatException"/> whose message says why, as a clause.
/// </summary>
internal abstract class BsonEncoder
{
    /// <summary>Writes the value of a row, which is not null.</summary>
    public abstract void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row);

    /// <summary>The encoder from a type of ours to one of MongoDB.</summary>
    public static BsonEncoder For(DataType type, string native, EncodeLoss loss) => (native, type) switch
    {
        ("objectId", _) => new ObjectIds(),
        ("string", TextType) => new Texts(),
        ("string", _) => new Formatted(type),
        ("long", FixedType<long> and not IntegerType<long>) => new Longs(),
        _ => For(type, loss),
    };

    /// <summary>Whether an encoder writes the type as that type of MongoDB.</summary>
    public static bool Takes(DataType type, string native) => native switch
    {
        "objectId" => type is TextType,
        "string" => type is TextType,
        "date" => type is TimestampType or DateType,
        "json" or "object" or "array" => type is NestedDataType or JsonType,
        "bool" => type is BoolType,
        "uuid" => type is UuidType,
        "binData" => type is BinaryDataType,
        _ => DataTypes.IsNumber(type),
    };

    private static BsonEncoder For(DataType type, EncodeLoss loss) => type switch
    {
        StructDataType structure => IsForm(structure) ? new Json(type) : new Structs(structure, loss),
        ListDataType list => new Lists(list, loss),
        BoolType => new Bools(),
        TextType => new Texts(),
        JsonType => new Json(null),
        BinaryDataType => new Binaries(),
        UuidType => new Uuids(),
        TimestampType => new Times(loss),
        DateType => new Dates(),
        _ => Number(type, loss) ?? new Formatted(type),
    };

    private static BsonEncoder? Number(DataType type, EncodeLoss loss) => type.Name switch
    {
        "int8" => new Ints(static (a, i) => a.Values<sbyte>()[i]),
        "int16" => new Ints(static (a, i) => a.Values<short>()[i]),
        "int32" => new Ints(static (a, i) => a.Values<int>()[i]),
        "int64" => new Longs(),
        "float" => new Doubles(static (a, i) => a.Values<float>()[i]),
        "double" => new Doubles(static (a, i) => a.Values<double>()[i]),
        _ when type is DecimalType or DecimalTextType or IntegerType<ulong> => new Decimals(type, loss),
        _ => null,
    };

    /// <summary>Structs of a JSON file that hold the forms of Extended JSON, such as the export of a collection.</summary>
    private static bool IsForm(StructDataType type) => type.Members.Any(m => m.Key.StartsWith('$'));

    private sealed class Bools : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Boolean, name);
            buffer.Byte(array.Bit(row) ? (byte)1 : (byte)0);
        }
    }

    private sealed class Ints(Func<IArrowArray, int, int> value) : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Int32, name);
            buffer.Int32(value(array, row));
        }
    }

    private sealed class Longs : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Int64, name);
            buffer.Int64(array.Values<long>()[row]);
        }
    }

    private sealed class Doubles(Func<IArrowArray, int, double> value) : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Double, name);
            buffer.Double(value(array, row));
        }
    }

    private sealed class Decimals(DataType type, EncodeLoss loss) : BsonEncoder
    {
        private byte[] _text = new byte[64];

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            if (!TryBits(array, row, out var bits))
            {
                loss.Lose($"has more than {DecimalBits.MaxDigits} digits, the most of a decimal of MongoDB");
                bits = Rounded(array, row);
            }

            buffer.Header(BsonType.Decimal128, name);
            bits.Write(buffer);
        }

        private bool TryBits(IArrowArray array, int row, out DecimalBits bits) => type switch
        {
            DecimalType number => TryUnscaled(array.Values<Int128>()[row], number.Scale, out bits),
            IntegerType<ulong> => DecimalBits.TryMake(false, array.Values<ulong>()[row], 0, out bits),
            _ => DecimalBits.TryParse(array.Bytes(row), out bits),
        };

        private static bool TryUnscaled(Int128 value, int scale, out DecimalBits bits) => DecimalBits.TryMake(value < 0, (UInt128)Int128.Abs(value), scale, out bits);

        /// <summary>The nearest decimal: the first 34 digits, rounded.</summary>
        private DecimalBits Rounded(IArrowArray array, int row)
        {
            var length = type.MaxTextLength(array, row);
            if (_text.Length < length)
            {
                _text = new byte[length];
            }

            type.TryFormat(array, row, _text, out var written);
            var rounded = Decimal128.Parse(Encoding.ASCII.GetString(_text, 0, written));
            var bytes = new byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, rounded.GetIEEELowBits());
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), rounded.GetIEEEHighBits());
            return DecimalBits.TryRead(bytes, out var bits) ? bits : throw new FormatException("is out of the range of MongoDB's decimals");
        }
    }

    private sealed class Texts : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.String, name);
            buffer.Text(array.Bytes(row));
        }
    }

    /// <summary>Times of day, durations and whatever else is written as its text.</summary>
    private sealed class Formatted(DataType type) : BsonEncoder
    {
        private byte[] _text = new byte[64];

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            var most = type.MaxTextLength(array, row);
            if (_text.Length < most)
            {
                _text = new byte[most];
            }

            type.TryFormat(array, row, _text, out var written);
            buffer.Header(BsonType.String, name);
            buffer.Text(_text.AsSpan(0, written));
        }
    }

    private sealed class ObjectIds : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            Span<byte> id = stackalloc byte[12];
            if (Convert.FromHexString(Encoding.UTF8.GetString(array.Bytes(row)), id, out var used, out var written) != System.Buffers.OperationStatus.Done || written != 12 || used != 24)
            {
                throw new FormatException("is no ObjectId of 24 hexadecimal digits, as the field's other values are");
            }

            buffer.Header(BsonType.ObjectId, name);
            buffer.Raw(id);
        }
    }

    /// <summary>JSON, and nested values that hold forms of Extended JSON.</summary>
    private sealed class Json(DataType? nested) : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row) =>
            ExtendedJsonParser.Append(buffer, name, nested is null ? array.Bytes(row) : NestedText.ToJson(nested, array, row));
    }

    private sealed class Binaries : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Binary, name);
            buffer.Binary(BsonBinarySubType.Binary, array.Bytes(row));
        }
    }

    private sealed class Uuids : BsonEncoder
    {
        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.Binary, name);
            buffer.Binary(BsonBinarySubType.UuidStandard, System.Runtime.InteropServices.MemoryMarshal.AsBytes(array.Values<UuidBytes>().Slice(row, 1)));
        }
    }

    private sealed class Times(EncodeLoss loss) : BsonEncoder
    {
        private const long MicrosecondsOfOne = 1000;

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            var microseconds = array.Values<long>()[row];
            var rest = (microseconds % MicrosecondsOfOne + MicrosecondsOfOne) % MicrosecondsOfOne;
            if (rest != 0)
            {
                loss.Lose("has digits beyond the milliseconds that a date of MongoDB has");
            }

            buffer.Header(BsonType.DateTime, name);
            buffer.Int64((microseconds - rest) / MicrosecondsOfOne);
        }
    }

    private sealed class Dates : BsonEncoder
    {
        private const long MillisecondsPerDay = 86_400_000;

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            buffer.Header(BsonType.DateTime, name);
            buffer.Int64(array.Values<int>()[row] * MillisecondsPerDay);
        }
    }

    private sealed class Lists(ListDataType type, EncodeLoss loss) : BsonEncoder
    {
        private readonly BsonEncoder _items = For(type.Item, loss);

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            var offsets = array.Offsets();
            var values = ((ListArray)array).Values;
            buffer.Header(BsonType.Array, name);
            var start = buffer.Begin();
            for (var i = offsets[row]; i < offsets[row + 1]; i++)
            {
                WriteOrNull(_items, buffer, ArrayNames.Of(i - offsets[row]), values, i);
            }

            buffer.End(start);
        }
    }

    private sealed class Structs(StructDataType type, EncodeLoss loss) : BsonEncoder
    {
        private readonly byte[][] _names = [.. type.Members.Select(m => Encoding.UTF8.GetBytes(m.Key))];
        private readonly BsonEncoder[] _members = [.. type.Members.Select(m => For(m.Value, loss))];

        public override void Write(BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
        {
            var fields = ((StructArray)array).Fields;
            buffer.Header(BsonType.Document, name);
            var start = buffer.Begin();
            for (var i = 0; i < _members.Length; i++)
            {
                WriteOrNull(_members[i], buffer, _names[i], fields[i], row);
            }

            buffer.End(start);
        }
    }

    private static void WriteOrNull(BsonEncoder encoder, BsonBuffer buffer, ReadOnlySpan<byte> name, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            buffer.Null(name);
        }
        else
        {
            encoder.Write(buffer, name, array, row);
        }
    }
}
