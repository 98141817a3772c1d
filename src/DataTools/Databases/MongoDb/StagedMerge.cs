using DataTools.Databases.MongoDb.Bson;
using DataTools.Errors;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>
/// Brings rows that wait in a staging collection into another by their key: in the order of the key, so that of rows with one key the last counts (for Ignore the first).
/// </summary>
internal sealed class StagedMerge(MongoSession session, MongoWritePlan plan, bool updates)
{
    private const int WritesAtOnce = 1000;

    private readonly List<WriteModel<RawDocument>> _writes = [];
    private readonly List<(long Row, byte[] Document)> _rows = [];
    private Action<Reject> _reject = _ => { };
    private bool _isIndexed;

    /// <summary>The rows that are in the collection.</summary>
    public long Written { get; private set; }

    /// <summary>Merges what waits, and gives the number of rows whose key another row had too.</summary>
    public long Run(Action<Reject> reject, CancellationToken cancellation)
    {
        _reject = reject;
        Index(cancellation);
        var duplicates = 0L;
        Staged? last = null;
        using var cursor = session.Find(plan.Waiting!, [], new() { Sort = new BsonDocument { { "k", 1 }, { "_id", 1 } } }, cancellation);
        while (session.Guarded(() => cursor.MoveNext(cancellation), cancellation))
        {
            foreach (var staged in cursor.Current.Select(Staged.Read))
            {
                var isSame = last is not null && last.Key.AsSpan().SequenceEqual(staged.Key);
                duplicates += isSame ? 1 : 0;
                if (last is not null && !isSame)
                {
                    Add(last, cancellation);
                }

                last = isSame && !updates ? last : staged;
            }
        }

        if (last is not null)
        {
            Add(last, cancellation);
        }

        Send(cancellation);
        session.Guarded(() => session.Write(plan.Waiting!, [new DeleteManyModel<RawDocument>(new BsonDocument())], cancellation), cancellation);
        return duplicates;
    }

    private void Index(CancellationToken cancellation)
    {
        if (!_isIndexed)
        {
            var index = new BsonDocument { { "key", new BsonDocument { { "k", 1 }, { "_id", 1 } } }, { "name", "order" } };
            session.Run(plan.Target.Schema, new BsonDocument { { "createIndexes", plan.Waiting!.Name }, { "indexes", new BsonArray { index } } }, cancellation);
            _isIndexed = true;
        }
    }

    private void Add(Staged staged, CancellationToken cancellation)
    {
        var key = BsonSerializer.Deserialize<BsonDocument>(staged.Key);
        var document = BsonSerializer.Deserialize<BsonDocument>(staged.Document);
        // A null finds documents without the field, too, as the field is null there.
        var filter = new BsonDocument(key.Select(k => new BsonElement(k.Name, new BsonDocument("$eq", k.Value))));
        _writes.Add(updates
            ? new UpdateManyModel<RawDocument>(filter, Update(key, document)) { IsUpsert = true }
            : new UpdateOneModel<RawDocument>(filter, new BsonDocument("$setOnInsert", document)) { IsUpsert = true });
        _rows.Add((staged.Row, staged.Document));
        if (_writes.Count == WritesAtOnce)
        {
            Send(cancellation);
        }
    }

    /// <summary>The fields that a document gets; its key is what it was found by.</summary>
    private static BsonDocument Update(BsonDocument key, BsonDocument document)
    {
        var set = new BsonDocument(document.Where(f => !key.Contains(f.Name)));
        return set.ElementCount > 0 ? new BsonDocument("$set", set) : new BsonDocument("$setOnInsert", key);
    }

    private void Send(CancellationToken cancellation)
    {
        if (_writes.Count == 0)
        {
            return;
        }

        var refused = session.TryWrite(plan.Filled, _writes, cancellation);
        Written += _writes.Count - refused.Count;
        _writes.Clear();
        foreach (var error in refused)
        {
            var (row, document) = _rows[error.Index];
            _reject(new Reject(plan.Target.ToString(), row, 0, null, null, $"is refused: {MongoFaults.Of(error).Message}", ExtendedJson.ToText(document)));
        }

        _rows.Clear();
    }

    /// <summary>A row that waits.</summary>
    private sealed record Staged(long Row, byte[] Key, byte[] Document)
    {
        public static Staged Read(RawDocument document)
        {
            var row = 0L;
            byte[] key = [], fields = [];
            var cursor = new BsonCursor(document.Bytes);
            while (cursor.Next())
            {
                switch (cursor.Name[0])
                {
                    case (byte)'_':
                        row = BsonValues.ToInt64(cursor.Value);
                        break;
                    case (byte)'k':
                        key = cursor.Value.ToArray();
                        break;
                    default:
                        fields = cursor.Value.ToArray();
                        break;
                }
            }

            return new Staged(row, key, fields);
        }
    }
}
