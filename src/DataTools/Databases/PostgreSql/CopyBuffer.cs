using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DataTools.Databases.PostgreSql;

/// <summary>The bytes of COPY's binary form on their way to the server, in network order.</summary>
internal sealed class CopyBuffer(Stream stream)
{
    private const int FlushAt = 1 << 17;

    private byte[] _bytes = new byte[FlushAt * 2];
    private int _length;

    /// <summary>Sends what is there when there is enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndRow()
    {
        if (_length >= FlushAt)
        {
            Flush();
        }
    }

    /// <summary>Sends what is there.</summary>
    public void Flush()
    {
        stream.Write(_bytes, 0, _length);
        _length = 0;
    }

    /// <summary>Room for some bytes, which count as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Grow(count);
        }

        var room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }

    /// <summary>Where the next byte goes, for <see cref="EndField"/>.</summary>
    public int Position => _length;

    /// <summary>Writes the length of a field that began, with room for it, at a position.</summary>
    public void EndField(int start) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start), _length - start - 4);

    public void Short(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
}
