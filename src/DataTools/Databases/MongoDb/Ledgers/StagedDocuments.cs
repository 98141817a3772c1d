using DataTools.Databases.MongoDb.Bson;
using DataTools.Errors;
using DataTools.Schemas;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb.Ledgers;

/// <summary>Documents that wait in a collection, and the one in which they are to be.</summary>
internal sealed class StagedDocuments(MongoSession session, TableName staged, TableName place, DatabaseContext context)
{
    private const int WritesAtOnce = 5000;
    private const int IdsAtOnce = 1000;

    /// <summary>
    /// Brings them there, each once, whoever has brought some of them before, and says how many they are. A document that is refused ends it, unless refused ones may be put aside.
    /// </summary>
    /// <param name="count">How many there are.</param>
    /// <param name="allowsRejects">Whether refused ones may be put aside.</param>
    /// <param name="mayBeThere">Whether one that is there already is the same; else it is refused.</param>
    /// <param name="mayTakeBack">Whether what was brought may be taken back where one is refused; is told whether some were there before.</param>
    public long Move(long count, bool allowsRejects, bool mayBeThere, Func<bool, bool> mayTakeBack)
    {
        var (seen, refused, found) = (0L, 0L, false);
        foreach (var some in Documents(context.Cancellation).Chunk(WritesAtOnce))
        {
            var errors = session.TryWrite(place, [.. some.Select(d => new InsertOneModel<RawDocument>(d))], context.Cancellation).ToList();
            found |= mayBeThere && errors.RemoveAll(e => IsThere(e, some[e.Index])) > 0;
            if (errors.Count > 0 && !allowsRejects)
            {
                if (mayTakeBack(found))
                {
                    TakeBack(Documents(CancellationToken.None).Take((int)seen).Concat(some.Where((_, i) => !errors.Exists(e => e.Index == i))));
                }

                throw DataErrors.RowRefused(session.Address.ToString(), MongoFaults.Of(errors[0]).Message, null);
            }

            foreach (var error in errors)
            {
                context.Rejects.Add(new Reject(place.ToString(), seen + error.Index + 1, 0, null, null, $"is refused: {MongoFaults.Of(error).Message}", ExtendedJson.ToText(some[error.Index].Bytes)));
            }

            (seen, refused) = (seen + some.Length, refused + errors.Count);
        }

        return seen == count ? seen - refused
            : throw DataErrors.StatementFailed(session.Address.ToString(), $"Of {count} documents that waited in '{staged}', {seen} are there. Somebody changed the collection.", null);
    }

    private static BsonValue IdOf(RawDocument document) => BsonSerializer.Deserialize<BsonDocument>(document.Bytes)[CollectionCatalog.Id];

    /// <summary>The documents, always in the same order.</summary>
    private IEnumerable<RawDocument> Documents(CancellationToken cancellation)
    {
        using var cursor = session.Find(staged, [], new() { Sort = new BsonDocument(CollectionCatalog.Id, 1) }, cancellation);
        while (session.Guarded(() => cursor.MoveNext(cancellation), cancellation))
        {
            foreach (var document in cursor.Current)
            {
                yield return document;
            }
        }
    }

    /// <summary>Whether a document was refused because the very same is there.</summary>
    private bool IsThere(BulkWriteError error, RawDocument document)
    {
        if (error.Category != ServerErrorCategory.DuplicateKey)
        {
            return false;
        }

        using var cursor = session.Find(place, new BsonDocument(CollectionCatalog.Id, IdOf(document)), new(), context.Cancellation);
        return session.Guarded(() => cursor.MoveNext(context.Cancellation), context.Cancellation) && cursor.Current.FirstOrDefault()?.Bytes.AsSpan().SequenceEqual(document.Bytes) == true;
    }

    private void TakeBack(IEnumerable<RawDocument> documents)
    {
        foreach (var ids in documents.Select(IdOf).Chunk(IdsAtOnce))
        {
            var filter = new BsonDocument(CollectionCatalog.Id, new BsonDocument("$in", new BsonArray(ids)));
            session.Guarded(() => session.Write(place, [new DeleteManyModel<RawDocument>(filter)], CancellationToken.None));
        }
    }
}
