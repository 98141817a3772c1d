using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Schemas;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>The history of migrations as a collection, a document for each; its _id is the migration's id.</summary>
internal sealed class MongoHistory(MongoSession session, string name)
{
    private const string Down = "down_text";

    /// <summary>The documents in the order in which migrations were applied; null where the server lists no collection of the name.</summary>
    public IReadOnlyList<MigrationRecord>? Read(CancellationToken cancellation)
    {
        if (CollectionCatalog.Entry(session, new TableName(null, name), cancellation) is null)
        {
            return null;
        }

        var command = new BsonDocument { { "find", name }, { "projection", new BsonDocument(Down, 0) } };
        return [.. MongoCommands.Documents(session, command, cancellation).Select(Record).OrderBy(r => r.Position).ThenBy(r => r.Id, StringComparer.Ordinal)];
    }

    /// <summary>The text that undoes a migration.</summary>
    public string? ReadDownText(string id, CancellationToken cancellation)
    {
        var command = new BsonDocument { { "find", name }, { "filter", ById(id) }, { "projection", new BsonDocument(Down, 1) }, { "singleBatch", true } };
        return MongoCommands.Documents(session, command, cancellation) is [var found] && found.GetValue(Down, BsonNull.Value) is BsonString text ? text.Value : null;
    }

    /// <summary>Writes a document; one that should be there and is not is an error.</summary>
    public void Save(MigrationRecord record, bool isNew, CancellationToken cancellation)
    {
        var reply = MongoCommands.Run(session, SaveCommand(record, isNew).Add("writeConcern", MongoCommands.Majority), cancellation);
        if (reply["n"].ToInt32() == 0)
        {
            throw DataErrors.StatementFailed(session.Address.ToString(), $"The history '{name}' has lost its document of {record.Id} while it ran.", null);
        }
    }

    /// <summary>The command that writes a document. The text that undoes it stays as it is where the record does not bring one.</summary>
    public BsonDocument SaveCommand(MigrationRecord record, bool isNew)
    {
        var values = Values(record);
        if (isNew || record.DownText is not null)
        {
            values.Add(Down, Text(record.DownText));
        }

        var update = new BsonDocument { { "q", ById(record.Id) }, { "u", new BsonDocument("$set", values) }, { "upsert", isNew } };
        return new BsonDocument { { "update", name }, { "updates", new BsonArray { update } } };
    }

    private static BsonDocument ById(string id) => new(CollectionCatalog.Id, id);

    private static BsonValue Text(string? text) => text is null ? BsonNull.Value : text;

    private static BsonDocument Values(MigrationRecord record) => new()
    {
        { "name", record.Name },
        { "checksum", record.Checksum },
        { "state", record.State.ToString() },
        { "phase", record.Phase.ToString() },
        { "position", record.Position },
        { "batch", record.Batch },
        { "applied_at", new BsonDateTime(DateTime.SpecifyKind(record.AppliedAt, DateTimeKind.Utc)) },
        { "duration_ms", (long)record.Duration.TotalMilliseconds },
        { "applied_by", record.AppliedBy },
        { "host", record.Host },
        { "statements_total", record.StatementsTotal },
        { "statements_done", record.StatementsDone },
        { "statement_begun", record.StatementBegun },
        { "statement_hashes", record.StatementHashes },
        { "error", Text(record.Error) },
        { "tool_version", record.ToolVersion },
        { "backfill_cursor", Text(record.Cursor) },
    };

    private MigrationRecord Record(BsonDocument d)
    {
        try
        {
            return new MigrationRecord(d[CollectionCatalog.Id].AsString, d["name"].AsString)
            {
                Checksum = d["checksum"].AsString,
                State = Enum.Parse<RecordState>(d["state"].AsString),
                Phase = Enum.Parse<SectionKind>(d["phase"].AsString),
                Position = d["position"].ToInt64(),
                Batch = d["batch"].ToInt64(),
                AppliedAt = d["applied_at"].ToUniversalTime(),
                Duration = TimeSpan.FromMilliseconds(d["duration_ms"].ToInt64()),
                AppliedBy = d["applied_by"].AsString,
                Host = d["host"].AsString,
                StatementsTotal = d["statements_total"].ToInt32(),
                StatementsDone = d["statements_done"].ToInt32(),
                StatementBegun = d["statement_begun"].ToInt32(),
                StatementHashes = d["statement_hashes"].AsString,
                Error = d["error"].IsBsonNull ? null : d["error"].AsString,
                ToolVersion = d["tool_version"].AsString,
                Cursor = d["backfill_cursor"].IsBsonNull ? null : d["backfill_cursor"].AsString,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidCastException or ArgumentException or NotSupportedException)
        {
            throw DataErrors.StatementFailed(session.Address.ToString(), $"'{name}' is no history of migrations, or one of a later version: {e.Message} in the document {MongoJson.Text(d.GetValue(CollectionCatalog.Id, BsonNull.Value))}.", e);
        }
    }
}
