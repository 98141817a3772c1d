using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Formats;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// Writes the values of a column as the binary form of a PostgreSQL type: the length in four bytes and what the type's receive function takes (its
/// sources under src/backend/utils/adt).
/// </summary>
internal abstract class PostgresEncoder
{
    /// <summary>Microseconds from 1970 to 2000, where PostgreSQL's time begins.</summary>
    public const long EpochMicros = 946_684_800_000_000;

    /// <summary>Days from 1970 to 2000.</summary>
    public const int EpochDays = 10_957;

    private ReadOnlyMemory<byte> _validity;
    private int _offset;
    private bool _hasNulls;

    /// <summary>The type's number in every PostgreSQL.</summary>
    public int Oid { get; private init; }

    /// <summary>An encoder for a column of a native type; null where the type has none.</summary>
    public static PostgresEncoder? For(string native, DataType type, string column, LossPolicy onLoss)
    {
        if (type is ListDataType list && native.EndsWith("[]", StringComparison.Ordinal))
        {
            return For(native[..^2], list.Item, column, onLoss) is { } item ? new ArrayEncoder(item, ArrayOid(item.Oid)) : null;
        }

        var name = NativeType.Parse(native);
        return (name.Name, type) switch
        {
            ("boolean", BoolType) => new BoolEncoder { Oid = 16 },
            ("smallint", IntegerType<short>) => new FixedEncoder<short> { Oid = 21 },
            ("integer", IntegerType<int>) => new FixedEncoder<int> { Oid = 23 },
            ("bigint", IntegerType<long>) => new FixedEncoder<long> { Oid = 20 },
            ("real", FloatType<float>) => new FixedEncoder<int> { Oid = 700 },
            ("double precision", FloatType<double>) => new FixedEncoder<long> { Oid = 701 },
            ("numeric", DecimalType number) => new NumericEncoder(number.Scale) { Oid = 1700 },
            ("numeric", DecimalTextType) => new NumericTextEncoder(column, name.Scale) { Oid = 1700 },
            ("date", DateType) => new FixedEncoder<int>(EpochDays) { Oid = 1082 },
            ("time without time zone", TimeType) => new FixedEncoder<long> { Oid = 1083 },
            ("timestamp without time zone", TimestampType { IsUtc: false }) => new FixedEncoder<long>(EpochMicros) { Oid = 1114 },
            ("timestamp with time zone", TimestampType { IsUtc: true }) => new FixedEncoder<long>(EpochMicros) { Oid = 1184 },
            (_, DurationType) when native.StartsWith("interval", StringComparison.Ordinal) => new IntervalEncoder { Oid = 1186 },
            ("uuid", UuidType) => new UuidEncoder { Oid = 2950 },
            ("bytea", BinaryDataType) => new BytesEncoder { Oid = 17 },
            ("jsonb", JsonType) => new TextEncoder(column, onLoss, version: 1) { Oid = 3802 },
            ("json", JsonType) => new TextEncoder(column, onLoss) { Oid = 114 },
            ("text", TextType) => new TextEncoder(column, onLoss) { Oid = 25 },
            ("character varying", TextType) => new TextEncoder(column, onLoss) { Oid = 1043 },
            ("character", TextType) => new TextEncoder(column, onLoss) { Oid = 1042 },
            _ => null,
        };
    }

    /// <summary>The number of an array type of the elements' type.</summary>
    public static int ArrayOid(int item) => item switch
    {
        16 => 1000, 17 => 1001, 20 => 1016, 21 => 1005, 23 => 1007, 25 => 1009, 114 => 199, 700 => 1021, 701 => 1022, 1042 => 1014, 1043 => 1015, 1082 => 1182, 1083 => 1183,
        1114 => 1115, 1184 => 1185, 1186 => 1187, 1700 => 1231, 2950 => 2951, 3802 => 3807,
        _ => 0,
    };

    /// <summary>The array of the rows.</summary>
    protected IArrowArray Values { get; private set; } = null!;

    /// <summary>Takes the array of the next rows.</summary>
    public virtual void Open(IArrowArray array)
    {
        Values = array;
        _hasNulls = array.NullCount > 0;
        _validity = _hasNulls ? array.Data.Buffers[0].Memory : default;
        _offset = array.Data.Offset;
    }

    /// <summary>Writes the field of a row: its length and bytes, or the length -1 for null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(CopyBuffer into, int row)
    {
        if (_hasNulls && !BitUtility.GetBit(_validity.Span, _offset + row))
        {
            into.Int(-1);
        }
        else
        {
            WriteValue(into, row);
        }
    }

    /// <summary>Whether a row is null.</summary>
    protected bool IsNull(int row) => _hasNulls && !BitUtility.GetBit(_validity.Span, _offset + row);

    protected abstract void WriteValue(CopyBuffer into, int row);

    private sealed class BoolEncoder : PostgresEncoder
    {
        protected override void WriteValue(CopyBuffer into, int row)
        {
            var room = into.Take(5);
            BinaryPrimitives.WriteInt32BigEndian(room, 1);
            room[4] = Values.Bit(row) ? (byte)1 : (byte)0;
        }
    }

    /// <summary>Numbers, moved by the distance of the epochs and turned to network order.</summary>
    private sealed class FixedEncoder<T>(T epoch = default) : PostgresEncoder
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        private ReadOnlyMemory<byte> _values;

        public override void Open(IArrowArray array)
        {
            base.Open(array);
            var size = Unsafe.SizeOf<T>();
            _values = array.Data.Buffers[1].Memory.Slice(array.Data.Offset * size, array.Length * size);
        }

        protected override void WriteValue(CopyBuffer into, int row)
        {
            var size = Unsafe.SizeOf<T>();
            var room = into.Take(4 + size);
            BinaryPrimitives.WriteInt32BigEndian(room, size);
            var value = System.Runtime.InteropServices.MemoryMarshal.Read<T>(_values.Span[(row * size)..]) - epoch;
            value.WriteBigEndian(room[4..]);
        }
    }

    private sealed class IntervalEncoder : PostgresEncoder
    {
        protected override void WriteValue(CopyBuffer into, int row)
        {
            var room = into.Take(20);
            room.Clear();
            BinaryPrimitives.WriteInt32BigEndian(room, 16);
            BinaryPrimitives.WriteInt64BigEndian(room[4..], Values.Values<long>()[row]);
        }
    }

    private sealed class UuidEncoder : PostgresEncoder
    {
        protected override void WriteValue(CopyBuffer into, int row)
        {
            var room = into.Take(20);
            BinaryPrimitives.WriteInt32BigEndian(room, 16);
            Values.Data.Buffers[1].Span.Slice((Values.Data.Offset + row) * 16, 16).CopyTo(room[4..]);
        }
    }

    private class BytesEncoder : PostgresEncoder
    {
        protected override void WriteValue(CopyBuffer into, int row) => Take(into, row, Values.Bytes(row));

        protected virtual void Take(CopyBuffer into, int row, ReadOnlySpan<byte> bytes)
        {
            var room = into.Take(4 + bytes.Length);
            BinaryPrimitives.WriteInt32BigEndian(room, bytes.Length);
            bytes.CopyTo(room[4..]);
        }
    }

    /// <summary>Text, in which NUL has no place, before it the version that jsonb has.</summary>
    private sealed class TextEncoder(string column, LossPolicy onLoss, byte version = 0) : BytesEncoder
    {
        protected override void Take(CopyBuffer into, int row, ReadOnlySpan<byte> bytes)
        {
            if (bytes.Contains((byte)0))
            {
                bytes = WithoutNul(row, bytes);
            }

            var prefix = version == 0 ? 0 : 1;
            var room = into.Take(4 + prefix + bytes.Length);
            BinaryPrimitives.WriteInt32BigEndian(room, prefix + bytes.Length);
            room[4..(4 + prefix)].Fill(version);
            bytes.CopyTo(room[(4 + prefix)..]);
        }

        private byte[] WithoutNul(int row, ReadOnlySpan<byte> bytes) => onLoss == LossPolicy.Stop
            ? throw new LoadFaultException(new LoadFault(row, column, System.Text.Encoding.UTF8.GetString(bytes), "holds the character NUL, which PostgreSQL has no place for; -OnLoss Warn or Allow drops it"))
            : [.. bytes.ToArray().Where(b => b != 0)];
    }

    /// <summary>One-dimensional arrays: dimensions, whether there are nulls, the elements' type, length and lower bound, the elements.</summary>
    private sealed class ArrayEncoder : PostgresEncoder
    {
        private readonly PostgresEncoder _item;
        public ArrayEncoder(PostgresEncoder item, int oid)
        {
            _item = item;
            Oid = oid;
        }

        public override void Open(IArrowArray array)
        {
            base.Open(array);
            _item.Open(((ListArray)array).Values);
        }

        protected override void WriteValue(CopyBuffer into, int row)
        {
            var offsets = Values.Offsets();
            var (from, to) = (offsets[row], offsets[row + 1]);
            var start = into.Position;
            into.Int(0);
            into.Int(from == to ? 0 : 1);
            into.Int(Enumerable.Range(from, to - from).Any(_item.IsNull) ? 1 : 0);
            into.Int(_item.Oid);
            if (from < to)
            {
                into.Int(to - from);
                into.Int(1);
            }

            for (var i = from; i < to; i++)
            {
                _item.Write(into, i);
            }

            into.EndField(start);
        }
    }
}
