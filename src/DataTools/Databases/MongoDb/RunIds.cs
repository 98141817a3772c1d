using System.Buffers.Binary;
using System.Security.Cryptography;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>
/// The ObjectIds of one run. They share five random bytes and follow one another, so that what the run wrote lies in a few ranges that hold nothing else, and can be taken
/// back without a list of it.
/// </summary>
internal sealed class RunIds
{
    private const int LastCount = 0xFF_FFFF;

    private readonly byte[] _random = RandomNumberGenerator.GetBytes(5);
    private uint _seconds = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private uint _firstSeconds;
    private int _firstCount;
    private int _count;

    /// <summary>Ids from now on.</summary>
    public RunIds() => Mark();

    /// <summary>Begins a new part of the run, which can be taken back by itself.</summary>
    public void Mark() => (_firstSeconds, _firstCount) = (_seconds, _count);

    /// <summary>Writes the next id.</summary>
    public void Next(Span<byte> id)
    {
        Write(id, _seconds, _count);
        if (_count++ == LastCount)
        {
            _seconds++;
            _count = 0;
        }
    }

    /// <summary>The documents since the last mark, as filters.</summary>
    public IEnumerable<BsonDocument> Ranges()
    {
        for (var seconds = _firstSeconds; seconds <= _seconds; seconds++)
        {
            yield return new BsonDocument(CollectionCatalog.Id, new BsonDocument
            {
                { "$gte", Id(seconds, seconds == _firstSeconds ? _firstCount : 0) },
                { "$lte", Id(seconds, LastCount) },
            });
        }
    }

    private ObjectId Id(uint seconds, int count)
    {
        var bytes = new byte[12];
        Write(bytes, seconds, count);
        return new ObjectId(bytes);
    }

    private void Write(Span<byte> id, uint seconds, int count)
    {
        BinaryPrimitives.WriteUInt32BigEndian(id, seconds);
        _random.CopyTo(id[4..]);
        // The last three bytes, after the last of the random ones.
        id[9] = (byte)(count >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(id[10..], (ushort)count);
    }
}
