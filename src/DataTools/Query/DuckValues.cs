using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataTools.Query;

/// <summary>duckdb_interval: its three parts are independent, as a month has no fixed length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Interval(int Months, int Days, long Micros);

/// <summary>duckdb_string_t: the length, then up to twelve bytes in place, or a prefix of four and a pointer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal readonly unsafe struct ShortText
{
    /// <summary>The bytes that are kept in place.</summary>
    public const int Capacity = 12;

    [FieldOffset(0)]
    private readonly int _length;

    [FieldOffset(4)]
    private readonly Inline _bytes;

    [FieldOffset(8)]
    private readonly byte* _pointer;

    /// <summary>A text of up to twelve bytes.</summary>
    public ShortText(ReadOnlySpan<byte> text)
    {
        _length = text.Length;
        Span<byte> bytes = _bytes;
        text.CopyTo(bytes);
    }

    /// <summary>The bytes of a text at its place; valid while the vector is.</summary>
    public static ReadOnlySpan<byte> Read(ShortText* text) =>
        text->_length <= Capacity ? new((byte*)text + sizeof(int), text->_length) : new(text->_pointer, text->_length);

    [InlineArray(Capacity)]
    private struct Inline
    {
        private byte _first;
    }
}
