using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Direct views of Arrow buffers, already moved to the array's offset.</summary>
public static class ArrowAccess
{
    /// <summary>The values of a fixed-width array; those of null rows are undefined.</summary>
    public static ReadOnlySpan<T> Values<T>(this IArrowArray array)
        where T : unmanaged
    {
        var data = array.Data;
        return MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);
    }

    /// <summary>The offsets of a utf8, binary or list array: one more than it has rows.</summary>
    public static ReadOnlySpan<int> Offsets(this IArrowArray array)
    {
        var data = array.Data;
        // Arrow allows an empty offsets buffer for an empty array.
        return data.Buffers[1].Length == 0
            ? new int[1]
            : MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);
    }

    /// <summary>The bytes of a utf8 or binary value.</summary>
    public static ReadOnlySpan<byte> Bytes(this IArrowArray array, int row)
    {
        var data = array.Data;
        var offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        var start = offsets[data.Offset + row];
        return data.Buffers[2].Span[start..offsets[data.Offset + row + 1]];
    }

    /// <summary>The bit of a boolean value.</summary>
    public static bool Bit(this IArrowArray array, int row)
    {
        var data = array.Data;
        return BitUtility.GetBit(data.Buffers[1].Span, data.Offset + row);
    }

    /// <summary>The validity bits, and the bit at which row 0 starts; empty when the array has no null.</summary>
    public static ReadOnlySpan<byte> Validity(this IArrowArray array, out int start)
    {
        start = array.Data.Offset;
        return array.NullCount == 0 ? default : array.Data.Buffers[0].Span;
    }

    /// <summary>A buffer over an array that nobody writes to any more; no copy.</summary>
    public static ArrowBuffer Wrap<T>(T[] values, int count)
        where T : unmanaged =>
        typeof(T) == typeof(byte)
            ? new ArrowBuffer(new ReadOnlyMemory<byte>(Unsafe.As<T[], byte[]>(ref values), 0, count))
            : new ArrowBuffer(new ArrayBytes<T>(values).Memory[..(count * Unsafe.SizeOf<T>())]);

    /// <summary>Sees an array of any element as bytes, without a copy.</summary>
    private sealed class ArrayBytes<T>(T[] array) : System.Buffers.MemoryManager<byte>
        where T : unmanaged
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(array.AsSpan());

        public override unsafe System.Buffers.MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = GCHandle.Alloc(array, GCHandleType.Pinned);
            return new System.Buffers.MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle);
        }

        public override void Unpin()
        {
            // The handle that Pin returns frees itself.
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
