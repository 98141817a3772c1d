using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The records of a part of a binary book. [MS-XLSB] 2.1.4.</summary>
internal sealed class XlsbRecords(Stream stream) : IDisposable
{
    /// <summary>No record of a book comes near: the longest hold a cell's text.</summary>
    private const int MaxBytes = 1 << 24;

    private readonly BufferedStream _stream = new(stream, 1 << 16);
    private byte[] _data = new byte[1 << 12];
    private int _length;

    /// <summary>The number of the current record's type.</summary>
    public int Type { get; private set; }

    /// <summary>Moves to the next record; false at the end of the part.</summary>
    public bool Read()
    {
        var first = _stream.ReadByte();
        if (first < 0)
        {
            return false;
        }

        Type = first < 0x80 ? first : (first & 0x7F) | ((ReadByte() & 0x7F) << 7);
        _length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var part = ReadByte();
            _length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        if (_length > MaxBytes)
        {
            throw new InvalidDataException($"a record has {_length} bytes");
        }

        if (_length > _data.Length)
        {
            _data = new byte[_length];
        }

        _stream.ReadExactly(_data, 0, _length);
        return true;
    }

    /// <summary>The byte at a place.</summary>
    public byte Byte(int at) => Bytes(at, 1)[0];

    /// <summary>Two bytes as a number.</summary>
    public int UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2));

    /// <summary>Four bytes as a number.</summary>
    public int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(at, 4));

    /// <summary>Eight bytes as a number.</summary>
    public double Double(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(at, 8));

    /// <summary>A text, which has its length before it; <paramref name="next"/> is the place behind it.</summary>
    public ReadOnlySpan<char> Text(int at, out int next)
    {
        var count = Int32(at);
        next = at + 4;
        if (count < 0)
        {
            // What has no text at all says so by the greatest length.
            return count == -1 ? [] : throw new InvalidDataException("a text has no valid length");
        }

        var text = MemoryMarshal.Cast<byte, char>(Bytes(next, checked(count * 2)));
        next += count * 2;
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> Bytes(int at, int count) =>
        count >= 0 && at <= _length - count ? _data.AsSpan(at, count) : throw new InvalidDataException($"a record of type {Type} is too short");

    private int ReadByte() => _stream.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException("a record is cut off");
}
