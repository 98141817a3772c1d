using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DataTools.Databases.Writing;

namespace DataTools.Databases.PostgreSql;

/// <summary>The bytes of COPY's binary form on their way to the server, in network order.</summary>
internal sealed class CopyBuffer(Stream stream) : ByteBuffer(FlushAt * 2)
{
    private const int FlushAt = 1 << 17;

    /// <summary>Sends what is there when there is enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndRow()
    {
        if (Length >= FlushAt)
        {
            Flush();
        }
    }

    /// <summary>Sends what is there.</summary>
    public void Flush()
    {
        stream.Write(Written);
        Truncate(0);
    }

    /// <summary>Where the next byte goes, for <see cref="EndField"/>.</summary>
    public int Position => Length;

    /// <summary>Writes the length of a field that began, with room for it, at a position.</summary>
    public void EndField(int start) => BinaryPrimitives.WriteInt32BigEndian(Written[start..], Length - start - 4);

    public void Short(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);
}
