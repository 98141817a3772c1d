using DataTools.Errors;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>Runs commands as users write them, and makes errors of all that a reply says of failure.</summary>
internal static class MongoCommands
{
    /// <summary>What a majority has is not lost when another member becomes primary.</summary>
    public static BsonDocument Majority => new("w", "majority");

    /// <summary>Runs a command and gives its reply.</summary>
    public static BsonDocument Run(MongoSession session, BsonDocument command, CancellationToken cancellation)
    {
        var reply = command.GetElement(0).Name switch
        {
            // What a pipeline writes has a cursor all the same.
            "aggregate" when !command.Contains("cursor") => session.Run(null, new BsonDocument(command) { { "cursor", new BsonDocument() } }, cancellation),
            "renameCollection" => session.Run("admin", WithDatabase(session, command), cancellation),
            _ => session.Run(null, command, cancellation),
        };
        if (reply.GetValue("writeErrors", null) is BsonArray { Count: > 0 } errors)
        {
            throw DataErrors.RowRefused(session.Address.ToString(), errors[0]["errmsg"].AsString, null);
        }

        return reply.GetValue("writeConcernError", null) is BsonDocument late
            ? throw DataErrors.ConnectionFailed(session.Address.ToString(), $"the write was not confirmed by as many members as it should: {late.GetValue("errmsg", "")}", null)
            : reply;
    }

    /// <summary>All documents of a command that opens a cursor; such lists are short.</summary>
    public static List<BsonDocument> Documents(MongoSession session, BsonDocument command, CancellationToken cancellation) =>
        All(session, Run(session, command, cancellation)["cursor"].AsBsonDocument, cancellation);

    /// <summary>The documents of a cursor that a command opened.</summary>
    public static List<BsonDocument> All(MongoSession session, BsonDocument cursor, CancellationToken cancellation)
    {
        var documents = cursor["firstBatch"].AsBsonArray.Cast<BsonDocument>().ToList();
        var name = cursor["ns"].AsString;
        while (cursor["id"].ToInt64() is not 0 and var id)
        {
            cursor = session.Run(null, new BsonDocument { { "getMore", id }, { "collection", name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] } }, cancellation)["cursor"].AsBsonDocument;
            documents.AddRange(cursor["nextBatch"].AsBsonArray.Cast<BsonDocument>());
        }

        return documents;
    }

    /// <summary>The server wants both names with their databases, in the database admin; users name collections.</summary>
    private static BsonDocument WithDatabase(MongoSession session, BsonDocument command)
    {
        var prefix = session.Address.Database + ".";
        return new BsonDocument(command.Select(e => e.Name is "renameCollection" or "to" && e.Value is BsonString { Value: var name } && !name.StartsWith(prefix, StringComparison.Ordinal)
            ? new BsonElement(e.Name, prefix + name)
            : e));
    }
}
