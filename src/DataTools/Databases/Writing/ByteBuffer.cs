using System.Runtime.CompilerServices;

namespace DataTools.Databases.Writing;

/// <summary>Bytes on their way to a server, in a buffer that grows.</summary>
internal class ByteBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>The bytes that are there.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that are there.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Drops the bytes from a position on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Room for some bytes, which count as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Take(int count)
    {
        var room = Room(count);
        Length += count;
        return room;
    }

    /// <summary>Room for some bytes at most; <see cref="Advance"/> says how many were written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Room(int most)
    {
        if (_bytes.Length - Length < most)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + most));
        }

        return _bytes.AsSpan(Length, most);
    }

    /// <summary>Counts bytes of <see cref="Room"/> as written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Writes bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(byte value) => Take(1)[0] = value;
}
