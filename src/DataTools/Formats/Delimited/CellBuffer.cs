using System.Runtime.CompilerServices;

namespace DataTools.Formats.Delimited;

/// <summary>The texts of one column for a block of rows, one behind the other.</summary>
internal sealed class CellBuffer
{
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
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, (int)Math.Max(Math.Min(_bytes.Length * 2L, Array.MaxLength), checked(_length + count)));
        }

        return _bytes.AsSpan(_length);
    }

    /// <summary>Ends the cell that has been written to <see cref="Reserve"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Close(int length)
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        _length += length;
        _ends[Count++] = _length;
    }

    /// <summary>Adds a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Close(text.Length);
    }
}
