using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>Writes documents byte by byte, so that a row becomes one without an object per value.</summary>
internal sealed class BsonBuffer
{
    private const int FirstCapacity = 1024;

    private byte[] _bytes = new byte[FirstCapacity];

    /// <summary>The bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Drops what was written from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Begins a document or array, whose length is filled in by <see cref="End"/>; gives its place.</summary>
    public int Begin()
    {
        var start = Length;
        Reserve(4);
        Length += 4;
        return start;
    }

    /// <summary>Ends the document that began at <paramref name="start"/>.</summary>
    public void End(int start)
    {
        Byte(0);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), Length - start);
    }

    /// <summary>Writes the type and the name before a value.</summary>
    public void Header(BsonType type, ReadOnlySpan<byte> name)
    {
        Byte((byte)type);
        Raw(name);
        Byte(0);
    }

    public void Null(ReadOnlySpan<byte> name) => Header(BsonType.Null, name);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Int32(utf8.Length + 1);
        Raw(utf8);
        Byte(0);
    }

    public void Binary(BsonBinarySubType subtype, ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        Byte((byte)subtype);
        Raw(bytes);
    }

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
