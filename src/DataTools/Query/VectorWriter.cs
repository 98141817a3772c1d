using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>Copies rows of an Arrow array into a DuckDB vector, from its first row on. One per type; it keeps nothing between calls.</summary>
internal abstract unsafe class VectorWriter
{
    /// <summary>The writer for a type.</summary>
    public static VectorWriter For(DataType type) => type switch
    {
        BoolType => new BoolWriter(),
        DecimalType { Precision: <= 4 } => new NarrowWriter<short>(),
        DecimalType { Precision: <= 9 } => new NarrowWriter<int>(),
        DecimalType { Precision: <= 18 } => new NarrowWriter<long>(),
        DurationType => new IntervalWriter(),
        UuidType => new UuidWriter(),
        BytesType => new BytesWriter(),
        ListDataType list => new ListWriter(For(list.Item)),
        StructDataType structure => new StructWriter([.. structure.Members.Select(m => For(m.Value))]),
        FixedType<sbyte> => new CopyWriter<sbyte>(),
        FixedType<short> => new CopyWriter<short>(),
        FixedType<int> or FixedType<float> => new CopyWriter<int>(),
        FixedType<Int128> => new CopyWriter<Int128>(),
        _ => new CopyWriter<long>(),
    };

    /// <summary>Writes <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public void Write(nint vector, IArrowArray array, int start, int count)
    {
        WriteValues(vector, array, start, count);
        var bits = array.Validity(out var first);
        if (!bits.IsEmpty)
        {
            MarkNulls(vector, bits, first + start, count);
        }
    }

    /// <summary>Marks the rows null whose bit is not set.</summary>
    public virtual void MarkNulls(nint vector, ReadOnlySpan<byte> bits, int start, int count)
    {
        DuckNative.EnsureValidity(vector);
        var mask = DuckNative.VectorValidity(vector);
        for (var row = 0; row < count; row++)
        {
            if (!BitUtility.GetBit(bits, start + row))
            {
                mask[row >> 6] &= ~(1UL << row);
            }
        }
    }

    protected abstract void WriteValues(nint vector, IArrowArray array, int start, int count);

    protected static Span<T> Target<T>(nint vector, int count)
        where T : unmanaged => new(DuckNative.VectorData(vector), count);

    private sealed class CopyWriter<T> : VectorWriter
        where T : unmanaged
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count) =>
            array.Values<T>().Slice(start, count).CopyTo(Target<T>(vector, count));
    }

    private sealed class BoolWriter : VectorWriter
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            var bits = array.Data.Buffers[1].Span;
            var target = Target<bool>(vector, count);
            var first = array.Data.Offset + start;
            for (var row = 0; row < count; row++)
            {
                target[row] = BitUtility.GetBit(bits, first + row);
            }
        }
    }

    /// <summary>DuckDB keeps short decimals in short integers. The value of a null may be anything, so it is cut without a check.</summary>
    private sealed class NarrowWriter<T> : VectorWriter
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            // The low half of each value holds all of its digits.
            var values = MemoryMarshal.Cast<Int128, long>(array.Values<Int128>().Slice(start, count));
            var target = Target<T>(vector, count);
            for (var row = 0; row < target.Length; row++)
            {
                target[row] = T.CreateTruncating(values[2 * row]);
            }
        }
    }

    private sealed class IntervalWriter : VectorWriter
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            var values = array.Values<long>().Slice(start, count);
            var target = Target<Interval>(vector, count);
            for (var row = 0; row < target.Length; row++)
            {
                target[row] = new Interval(0, 0, values[row]);
            }
        }
    }

    /// <summary>DuckDB keeps a UUID as a signed 128-bit number whose first bit is flipped, so that it sorts as its text.</summary>
    private sealed class UuidWriter : VectorWriter
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            var values = MemoryMarshal.Cast<UuidBytes, UInt128>(array.Values<UuidBytes>().Slice(start, count));
            var target = Target<UInt128>(vector, count);
            for (var row = 0; row < target.Length; row++)
            {
                target[row] = BinaryPrimitives.ReverseEndianness(values[row]) ^ (UInt128.One << 127);
            }
        }
    }

    private sealed class BytesWriter : VectorWriter
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            var offsets = array.Offsets().Slice(start, count + 1);
            var target = (ShortText*)DuckNative.VectorData(vector);
            fixed (byte* bytes = array.Data.Buffers[2].Span)
            {
                for (var row = 0; row < count; row++)
                {
                    var length = offsets[row + 1] - offsets[row];
                    if (length <= ShortText.Capacity)
                    {
                        target[row] = new ShortText(new ReadOnlySpan<byte>(bytes + offsets[row], length));
                    }
                    else
                    {
                        DuckNative.AssignBytes(vector, (ulong)row, bytes + offsets[row], (ulong)length);
                    }
                }
            }
        }
    }

    private sealed class ListWriter(VectorWriter items) : VectorWriter
    {
        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            var offsets = array.Offsets().Slice(start, count + 1);
            var total = offsets[count] - offsets[0];
            NativeMethods.Vectors.DuckDBListVectorReserve(vector, (ulong)total);
            NativeMethods.Vectors.DuckDBListVectorSetSize(vector, (ulong)total);
            var target = Target<DuckDBListEntry>(vector, count);
            for (var row = 0; row < count; row++)
            {
                target[row] = new DuckDBListEntry((ulong)(offsets[row] - offsets[0]), (ulong)(offsets[row + 1] - offsets[row]));
            }

            items.Write(NativeMethods.Vectors.DuckDBListVectorGetChild(vector), ((ListArray)array).Values, offsets[0], total);
        }
    }

    private sealed class StructWriter(VectorWriter[] members) : VectorWriter
    {
        /// <summary>DuckDB reads a member without asking whether the struct is null.</summary>
        public override void MarkNulls(nint vector, ReadOnlySpan<byte> bits, int start, int count)
        {
            base.MarkNulls(vector, bits, start, count);
            for (var i = 0; i < members.Length; i++)
            {
                members[i].MarkNulls(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i), bits, start, count);
            }
        }

        protected override void WriteValues(nint vector, IArrowArray array, int start, int count)
        {
            // Fields moves the members to the array's own offset.
            var fields = ((StructArray)array).Fields;
            for (var i = 0; i < members.Length; i++)
            {
                members[i].Write(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i), fields[i], start, count);
            }
        }
    }
}
