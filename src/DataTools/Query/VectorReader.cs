using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>Appends rows of a DuckDB vector to the builder of a column.</summary>
internal abstract unsafe class VectorReader
{
    /// <summary>
    /// The reader for DuckDB's type. <paramref name="unfit"/> tells what becomes of a value that our type cannot hold: an error, or null for a null.
    /// </summary>
    public static VectorReader For(DuckDBLogicalType type, string column, Func<DataException, Exception?> unfit)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        return id switch
        {
            DuckDBType.Decimal => Integers(NativeMethods.LogicalType.DuckDBDecimalInternalType(type)),
            DuckDBType.Enum => new EnumReader(type),
            DuckDBType.List => new ListReader(Child(NativeMethods.LogicalType.DuckDBListTypeChildType(type), column, unfit)),
            DuckDBType.Array => ArrayOf(type, column, unfit),
            DuckDBType.Map => new ListReader(new StructReader(
            [
                Child(NativeMethods.LogicalType.DuckDBMapTypeKeyType(type), column, unfit),
                Child(NativeMethods.LogicalType.DuckDBMapTypeValueType(type), column, unfit),
            ])),
            DuckDBType.Struct => new StructReader(
                [.. Enumerable.Range(0, (int)NativeMethods.LogicalType.DuckDBStructTypeChildCount(type))
                    .Select(i => Child(NativeMethods.LogicalType.DuckDBStructTypeChildType(type, i), column, unfit))]),
            _ => Scalar(id, column, unfit),
        };
    }

    /// <summary>Appends <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public void Read(nint vector, int start, int count, ColumnBuilder into)
    {
        var mask = DuckNative.VectorValidity(vector);
        if (mask is null)
        {
            ReadValues(vector, start, count, into);
            return;
        }

        // Runs without nulls are read at once.
        for (var row = start; row < start + count;)
        {
            var end = row;
            while (end < start + count && (mask[end >> 6] & (1UL << end)) != 0)
            {
                end++;
            }

            ReadValues(vector, row, end - row, into);
            for (row = end; row < start + count && (mask[row >> 6] & (1UL << row)) == 0; row++)
            {
                into.AppendNull();
            }
        }
    }

    /// <summary>Appends rows of which none is null.</summary>
    protected abstract void ReadValues(nint vector, int start, int count, ColumnBuilder into);

    private static VectorReader Scalar(DuckDBType id, string column, Func<DataException, Exception?> unfit) => id switch
    {
        DuckDBType.Boolean => new BoolReader(),
        DuckDBType.TinyInt => new CopyReader<sbyte>(),
        DuckDBType.SmallInt => new CopyReader<short>(),
        DuckDBType.Integer => new CopyReader<int>(),
        DuckDBType.BigInt or DuckDBType.Time => new CopyReader<long>(),
        DuckDBType.UnsignedBigInt => new CopyReader<ulong>(),
        DuckDBType.UnsignedTinyInt => new Reader<byte, short>(v => v),
        DuckDBType.UnsignedSmallInt => new Reader<ushort, int>(v => v),
        DuckDBType.UnsignedInteger => new Reader<uint, long>(v => v),
        DuckDBType.HugeInt => new Reader<Int128, Int128>(v => Int128.Abs(v) < MaxHuge ? v : throw TooLong(column, $"{v}"), unfit),
        DuckDBType.UnsignedHugeInt => new Reader<UInt128, Int128>(v => v < (UInt128)MaxHuge ? (Int128)v : throw TooLong(column, $"{v}"), unfit),
        DuckDBType.Float => new CopyReader<float>(),
        DuckDBType.Double => new CopyReader<double>(),
        DuckDBType.Bit => new BitReader(),
        DuckDBType.Uuid => new Reader<UInt128, UuidBytes>(
            v => Unsafe.BitCast<UInt128, UuidBytes>(BinaryPrimitives.ReverseEndianness(v ^ (UInt128.One << 127)))),
        DuckDBType.Interval => new Reader<Interval, long>(v => v.Months == 0 ? Micros(v, column)
            : throw DataErrors.QueryValueUnfit(column, $"{v.Months} months, {v.Days} days", "has months, which have no fixed length"), unfit),
        _ => Temporal(id, column, unfit) ?? new BytesReader(),
    };

    private static long Micros(Interval value, string column)
    {
        var micros = ((Int128)value.Days * TemporalText.MicrosecondsPerDay) + value.Micros;
        return micros == (long)micros ? (long)micros : throw DataErrors.QueryValueUnfit(column, $"{value.Days} days", "is too long");
    }

    private static VectorReader? Temporal(DuckDBType id, string column, Func<DataException, Exception?> unfit)
    {
        return id switch
        {
            DuckDBType.Date => new Reader<int, int>(v => v is >= MinDay and <= MaxDay ? v : throw OutOfRange(v), unfit),
            DuckDBType.Timestamp or DuckDBType.TimestampTz => new Reader<long, long>(v => Micros(v, 1, v), unfit),
            DuckDBType.TimestampS => new Reader<long, long>(v => Micros(v, 1_000_000, v), unfit),
            DuckDBType.TimestampMs => new Reader<long, long>(v => Micros(v, 1000, v), unfit),
            DuckDBType.TimestampNs => new Reader<long, long>(v => v % 1000 == 0 ? Micros(v / 1000, 1, v)
                : throw DataErrors.QueryValueUnfit(column, $"{v} ns since 1970", "is no whole number of microseconds"), unfit),
            _ => null,
        };

        DataException OutOfRange(long raw) =>
            DataErrors.QueryValueUnfit(column, raw is int.MaxValue or long.MaxValue ? "infinity" : raw is -int.MaxValue or -long.MaxValue ? "-infinity" : $"{raw} since 1970", "is not between the years 1 and 9999");

        long Micros(long value, long factor, long raw) =>
            value >= MinDay * TemporalText.MicrosecondsPerDay / factor && value < (MaxDay + 1L) * TemporalText.MicrosecondsPerDay / factor ? value * factor : throw OutOfRange(raw);
    }

    private static VectorReader Integers(DuckDBType physical) => physical switch
    {
        DuckDBType.SmallInt => new Reader<short, Int128>(v => v),
        DuckDBType.Integer => new Reader<int, Int128>(v => v),
        DuckDBType.BigInt => new Reader<long, Int128>(v => v),
        _ => new CopyReader<Int128>(),
    };

    private static ArrayReader ArrayOf(DuckDBLogicalType type, string column, Func<DataException, Exception?> unfit) =>
        new(Child(NativeMethods.LogicalType.DuckDBArrayTypeChildType(type), column, unfit), (int)NativeMethods.LogicalType.DuckDBArrayVectorGetSize(type));

    private static VectorReader Child(DuckDBLogicalType type, string column, Func<DataException, Exception?> unfit)
    {
        using (type)
        {
            return For(type, column, unfit);
        }
    }

    private static DataException TooLong(string column, string value) => DataErrors.QueryValueUnfit(column, value, "has more than 38 digits");

    private static ReadOnlySpan<T> Source<T>(nint vector, int start, int count)
        where T : unmanaged => new((T*)DuckNative.VectorData(vector) + start, count);

    private const int MinDay = -719_162;
    private const int MaxDay = 2_932_896;

    private static readonly Int128 MaxHuge = Int128.Parse("100000000000000000000000000000000000000", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class CopyReader<T> : VectorReader
        where T : unmanaged
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (FixedColumnBuilder<T>)into;
            foreach (var value in Source<T>(vector, start, count))
            {
                builder.Append(value);
            }
        }
    }

    private sealed class Reader<TFrom, TTo>(Func<TFrom, TTo> convert, Func<DataException, Exception?>? unfit = null) : VectorReader
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (FixedColumnBuilder<TTo>)into;
            foreach (var value in Source<TFrom>(vector, start, count))
            {
                try
                {
                    builder.Append(convert(value));
                }
                catch (DataException e) when (unfit is not null)
                {
                    if (unfit(e) is { } error)
                    {
                        throw error;
                    }

                    builder.AppendNull();
                }
            }
        }
    }

    private sealed class BoolReader : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            foreach (var value in Source<byte>(vector, start, count))
            {
                into.TryAppend(value != 0);
            }
        }
    }

    private sealed class BytesReader : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (BytesColumnBuilder)into;
            var texts = (ShortText*)DuckNative.VectorData(vector);
            for (var row = start; row < start + count; row++)
            {
                builder.Append(ShortText.Read(texts + row));
            }
        }
    }

    /// <summary>The first byte of a BIT tells how many bits of the next are no part of it.</summary>
    private sealed class BitReader : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var texts = (ShortText*)DuckNative.VectorData(vector);
            for (var row = start; row < start + count; row++)
            {
                var bytes = ShortText.Read(texts + row);
                var bits = string.Concat(bytes[1..].ToArray().Select(b => b.ToString("B8", System.Globalization.CultureInfo.InvariantCulture)));
                ((BytesColumnBuilder)into).Append(bits[bytes[0]..]);
            }
        }
    }

    private sealed class EnumReader : VectorReader
    {
        private readonly DuckDBType _physical;
        private readonly string[] _values;

        public EnumReader(DuckDBLogicalType type)
        {
            _physical = NativeMethods.LogicalType.DuckDBEnumInternalType(type);
            _values = new string[NativeMethods.LogicalType.DuckDBEnumDictionarySize(type)];
            for (var i = 0; i < _values.Length; i++)
            {
                _values[i] = NativeMethods.LogicalType.DuckDBEnumDictionaryValue(type, i);
            }
        }

        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var data = DuckNative.VectorData(vector);
            for (var row = start; row < start + count; row++)
            {
                var index = _physical switch
                {
                    DuckDBType.UnsignedTinyInt => ((byte*)data)[row],
                    DuckDBType.UnsignedSmallInt => ((ushort*)data)[row],
                    _ => ((uint*)data)[row],
                };
                ((BytesColumnBuilder)into).Append(_values[index]);
            }
        }
    }

    private sealed class ListReader(VectorReader items) : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (ListColumnBuilder)into;
            var child = NativeMethods.Vectors.DuckDBListVectorGetChild(vector);
            foreach (var entry in Source<DuckDBListEntry>(vector, start, count))
            {
                items.Read(child, (int)entry.Offset, (int)entry.Length, builder.Items);
                builder.EndList();
            }
        }
    }

    private sealed class ArrayReader(VectorReader items, int size) : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (ListColumnBuilder)into;
            var child = NativeMethods.Vectors.DuckDBArrayVectorGetChild(vector);
            for (var row = start; row < start + count; row++)
            {
                items.Read(child, row * size, size, builder.Items);
                builder.EndList();
            }
        }
    }

    private sealed class StructReader(VectorReader[] members) : VectorReader
    {
        protected override void ReadValues(nint vector, int start, int count, ColumnBuilder into)
        {
            var builder = (StructColumnBuilder)into;
            for (var i = 0; i < members.Length; i++)
            {
                members[i].Read(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i), start, count, builder.Members[i]);
            }

            for (var row = 0; row < count; row++)
            {
                builder.EndStruct();
            }
        }
    }
}
