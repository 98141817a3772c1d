using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;

namespace DataTools.Formats.Delimited;

/// <summary>The texts of one column for a block of rows, one behind the other.</summary>
internal sealed class CellBuffer
{
    /// <summary>Bytes behind the last cell, so that short cells are moved by one load and one store of this size.</summary>
    private const int Slack = 16;

    private byte[] _bytes = new byte[16 << 10];
    private int[] _ends = new int[1024];
    private int _length;

    /// <summary>The cells so far.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a cell.</summary>
    public ReadOnlySpan<byte> this[int cell]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var start = cell == 0 ? 0 : _ends[cell - 1];
            return _bytes.AsSpan(start, _ends[cell] - start);
        }
    }

    /// <summary>The texts of all cells.</summary>
    public ReadOnlySpan<byte> All => _bytes.AsSpan(0, _length);

    /// <summary>Drops all cells.</summary>
    public void Clear() => Count = _length = 0;

    /// <summary>Room for at least <paramref name="count"/> bytes of the next cell; <see cref="Close"/> says how many it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count + Slack)
        {
            Grow(count);
        }

        return _bytes.AsSpan(_length);
    }

    /// <summary>Ends the cell that has been written to <see cref="Reserve"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Close(int length)
    {
        _length += length;
        ReserveCells(1);
        _ends[Count++] = _length;
    }

    /// <summary>Adds a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Close(text.Length);
    }

    /// <summary>Adds bytes to the cell that the next <see cref="Close"/> ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }

    /// <summary>
    /// Copies a cell to where <paramref name="to"/> points and gives its length. The target needs room for the cell and, as <see cref="Reserve"/>
    /// gives it, the slack behind: what is there is overwritten.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CopyCell(int cell, ref byte to)
    {
        var text = this[cell];
        if (text.Length <= Slack)
        {
            Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text)).StoreUnsafe(ref to);
        }
        else
        {
            text.CopyTo(MemoryMarshal.CreateSpan(ref to, text.Length));
        }

        return text.Length;
    }

    /// <summary>
    /// Adds texts that lie one behind the other, each between two of the offsets. False, and nothing is added, where one that is not null
    /// is empty or starts with <paramref name="stop"/>.
    /// </summary>
    public bool TryAddAll(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> validity, int bit, byte stop)
    {
        ReserveCells(offsets.Length - 1);
        var shift = _length - offsets[0];
        var ends = _ends.AsSpan(Count);
        for (var i = 0; i < offsets.Length - 1; i++)
        {
            var start = offsets[i];
            var isEmpty = start == offsets[i + 1];
            var isNull = !validity.IsEmpty && !BitUtility.GetBit(validity, bit + i);
            if (isEmpty != isNull || (!isEmpty && bytes[start] == stop))
            {
                return false;
            }

            ends[i] = offsets[i + 1] + shift;
        }

        Append(bytes[offsets[0]..offsets[^1]]);
        Count += offsets.Length - 1;
        return true;
    }

    private void ReserveCells(int count)
    {
        if (_ends.Length - Count < count)
        {
            System.Array.Resize(ref _ends, Math.Max(Count * 2, Count + count));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count) =>
        System.Array.Resize(ref _bytes, (int)Math.Max(Math.Min(_bytes.Length * 2L, System.Array.MaxLength), checked(_length + count + Slack)));
}
