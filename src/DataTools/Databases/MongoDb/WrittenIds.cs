using DataTools.Databases.MongoDb.Bson;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>
/// The _ids of the documents that a run has added, so that they can be taken back: ranges where the run gave them itself, else a temporary file of them. A document whose _id
/// was taken is not the run's, so only those count that the server has taken.
/// </summary>
internal sealed class WrittenIds(bool areGiven) : IDisposable
{
    private const int IdsAtOnce = 1000;

    private readonly RunIds _ids = new();
    private readonly BsonBuffer _buffer = new();
    private FileStream? _file;

    /// <summary>Whether the rows bring the _ids.</summary>
    public bool AreGiven => areGiven;

    /// <summary>Whether anything was written since the last time that it was kept.</summary>
    public bool Any { get; private set; }

    /// <summary>Whether a request with _ids of the rows has not been answered.</summary>
    public bool IsUncertain { get; private set; }

    /// <summary>The next _id of the run.</summary>
    public void Next(Span<byte> id) => _ids.Next(id);

    /// <summary>A request begins, whose answer may never come.</summary>
    public void Sending()
    {
        Any = true;
        IsUncertain = areGiven;
    }

    /// <summary>A request was answered: these documents are there but for the refused ones.</summary>
    public void Sent(IReadOnlyList<WriteModel<RawDocument>> writes, HashSet<int> refused)
    {
        IsUncertain = false;
        if (!areGiven)
        {
            return;
        }

        _file ??= new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        for (var i = 0; i < writes.Count; i++)
        {
            if (!refused.Contains(i))
            {
                Note(((InsertOneModel<RawDocument>)writes[i]).Document);
            }
        }
    }

    /// <summary>What was written stays.</summary>
    public void Keep()
    {
        Any = false;
        _ids.Mark();
        _file?.SetLength(0);
    }

    /// <summary>Filters that find what was written.</summary>
    public IEnumerable<BsonDocument> Filters()
    {
        if (!areGiven)
        {
            return _ids.Ranges();
        }

        return _file is null ? [] : Noted().Chunk(IdsAtOnce).Select(ids => new BsonDocument(CollectionCatalog.Id, new BsonDocument("$in", new BsonArray(ids))));
    }

    /// <summary>Where to look for what could not be taken back.</summary>
    public string Describe() => areGiven ? "" : $"It is what {string.Join(" or ", _ids.Ranges().Select(r => r.ToJson()))} finds.";

    public void Dispose() => _file?.Dispose();

    private void Note(RawDocument document)
    {
        var cursor = new BsonCursor(document.Bytes);
        while (cursor.Next())
        {
            if (cursor.Name.SequenceEqual("_id"u8))
            {
                _buffer.Truncate(0);
                var start = _buffer.Begin();
                _buffer.Header(cursor.Type, "v"u8);
                _buffer.Raw(cursor.Value);
                _buffer.End(start);
                _file!.Write(_buffer.Written);
                return;
            }
        }
    }

    private IEnumerable<BsonValue> Noted()
    {
        _file!.Position = 0;
        var length = new byte[4];
        while (_file.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4)
        {
            var document = new byte[BitConverter.ToInt32(length)];
            length.CopyTo(document, 0);
            _file.ReadExactly(document.AsSpan(4));
            yield return MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(document)["v"];
        }
    }
}
