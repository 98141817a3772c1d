using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Schemas;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>
/// Changes the documents of a collection in the order of their _id, of whatever type. The last _id is fixed when it begins, so that documents which come later cannot make it
/// endless. A batch is read along the index, reckoned, and written where the documents are still as they were read; what is not is read again.
/// </summary>
internal sealed class CollectionBatches : StatementBatches
{
    /// <summary>How often a batch is read again because others write its documents at the same time.</summary>
    private const int MostTries = 20;

    private readonly MongoSession _session;
    private readonly CollectionMigration _migration;
    private readonly string _statement;
    private readonly int _size;
    private readonly BsonValue? _upper;
    private BsonValue? _last;
    private long _rows;

    private CollectionBatches(MongoSession session, CollectionMigration migration, string statement, int size, BsonDocument? cursor, CancellationToken cancellation)
    {
        _session = session;
        _migration = migration;
        _statement = statement;
        _size = size;
        _last = cursor?.GetValue("last", null);
        _rows = cursor?["rows"].ToInt64() ?? 0;
        _upper = cursor?["upper"] ?? Greatest(cancellation);
    }

    public override string Cursor
    {
        get
        {
            var cursor = new BsonDocument { { "statement", _statement }, { "upper", _upper ?? BsonNull.Value }, { "rows", _rows } };
            return MongoJson.Text(_last is null ? cursor : cursor.Add("last", _last));
        }
    }

    public override long Rows => _rows;

    /// <summary>Begins, or goes on where an earlier run of the same statement has left it.</summary>
    public static CollectionBatches Open(MongoSession session, CollectionMigration migration, string statement, int size, string? cursor, CancellationToken cancellation)
    {
        if (CollectionCatalog.Entry(session, new TableName(null, migration.Collection), cancellation) is null)
        {
            throw DataErrors.TableNotFound(migration.Collection, session.Address.ToString(), " A migration makes a collection by { \"create\": ... }.");
        }

        var hash = MigrationChecksum.Of([new SqlStatement(statement, 0, 0)]);
        var left = cursor is null ? null : MongoJson.Document(cursor, "The history holds the place at which a statement stands");
        return new CollectionBatches(session, migration, hash, size, left?.GetValue("statement", "") == hash ? left : null, cancellation);
    }

    /// <summary>What is set without a version is never done.</summary>
    public override long? CountLeft(CancellationToken cancellation)
    {
        if (_migration.Set.ElementCount > 0 && (_migration.Version ?? _migration.DownTo) is null)
        {
            return null;
        }

        var stages = new BsonArray { new BsonDocument("$match", _migration.Waiting), new BsonDocument("$count", "n") };
        var counted = MongoCommands.Documents(_session, new BsonDocument { { "aggregate", _migration.Collection }, { "pipeline", stages } }, cancellation);
        return counted is [var one] ? one["n"].ToInt64() : 0;
    }

    public override bool Next(CancellationToken cancellation)
    {
        for (var tries = 0; _upper is not null && !_upper.Equals(_last) && tries < MostTries; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            var documents = Read(cancellation);
            var isLast = documents.Count == 0;
            if (isLast)
            {
                documents = ReadUpper(cancellation);
            }

            if (!Write(documents, cancellation))
            {
                continue;
            }

            _last = isLast ? _upper : documents[^1][CollectionCatalog.Id];
            return documents.Count > 0;
        }

        return _upper is null || _upper.Equals(_last) ? false
            : throw DataErrors.TransactionConflict(_session.Address.ToString(), $"Documents of '{_migration.Collection}' are written by others again and again while a batch is changed; a smaller batch gives them less time.", null);
    }

    private BsonValue? Greatest(CancellationToken cancellation)
    {
        var id = new BsonDocument(CollectionCatalog.Id, 1);
        var found = Find(new BsonDocument { { "sort", new BsonDocument(CollectionCatalog.Id, -1) }, { "projection", id }, { "limit", 1 } }, cancellation);
        return found is [var greatest] ? greatest[CollectionCatalog.Id] : null;
    }

    /// <summary>
    /// Documents behind the last that is done and before the upper one. The bounds are those of the index, for comparisons within a filter see only values of one type; the lower
    /// one is part of what they enclose.
    /// </summary>
    private List<BsonDocument> Read(CancellationToken cancellation)
    {
        var byId = new BsonDocument(CollectionCatalog.Id, 1);
        var options = new BsonDocument { { "filter", _migration.Waiting }, { "sort", byId }, { "limit", _size + 1 }, { "hint", byId }, { "max", new BsonDocument(CollectionCatalog.Id, _upper!) } };
        if (_last is not null)
        {
            options.Add("min", new BsonDocument(CollectionCatalog.Id, _last));
        }

        var found = Find(options.Add("projection", DocumentChange.Projection(_migration)), cancellation);
        return [.. found.Where(d => !d[CollectionCatalog.Id].Equals(_last)).Take(_size)];
    }

    private List<BsonDocument> ReadUpper(CancellationToken cancellation)
    {
        var filter = new BsonDocument("$and", new BsonArray { new BsonDocument(CollectionCatalog.Id, new BsonDocument("$eq", _upper!)), _migration.Waiting });
        return Find(new BsonDocument { { "filter", filter }, { "projection", DocumentChange.Projection(_migration) }, { "limit", 1 } }, cancellation);
    }

    /// <summary>A reply may hold less than is asked for, where documents are large, and is never empty then.</summary>
    private List<BsonDocument> Find(BsonDocument options, CancellationToken cancellation)
    {
        var command = new BsonDocument { { "find", _migration.Collection }, { "singleBatch", true }, { "batchSize", options["limit"] } };
        return MongoCommands.Documents(_session, command.AddRange(options), cancellation);
    }

    /// <summary>Writes what changes; false where documents were not any more as they were read.</summary>
    private bool Write(List<BsonDocument> documents, CancellationToken cancellation)
    {
        var changes = documents.Select(d => (Id: d[CollectionCatalog.Id], Write: new DocumentChange(_migration, d).ToWrite())).Where(c => c.Write is not null).ToList();
        if (changes.Count == 0)
        {
            return true;
        }

        try
        {
            var matched = _session.Guarded(() => _session.Write(new TableName(null, _migration.Collection), [.. changes.Select(c => c.Write!)], cancellation), cancellation).MatchedCount;
            _rows += matched;
            return matched == changes.Count;
        }
        catch (DataException e) when (e.InnerException is MongoBulkWriteException { WriteErrors: [var first, ..] })
        {
            throw DataErrors.DocumentUnfit(_migration.Collection, MongoJson.Shown(changes[first.Index].Id), MongoFaults.Of(first).Message);
        }
    }
}
