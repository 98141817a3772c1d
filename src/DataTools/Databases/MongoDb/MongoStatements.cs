using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.Reading;
using DataTools.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>Runs commands and queries that users write as JSON: { "aggregate": "orders", "pipeline": [...] }, { "find": ... }, or any command of the server.</summary>
internal static class MongoStatements
{
    private const string Hint = "MongoDB takes commands as JSON, such as { \"aggregate\": \"orders\", \"pipeline\": [ { \"$match\": { \"qty\": 5 } } ] } or { \"find\": \"orders\", \"filter\": { \"qty\": 5 } }";

    /// <summary>What a reply holds besides its values.</summary>
    private static readonly string[] Envelope = ["ok", "$clusterTime", "operationTime", "electionId", "opTime"];

    /// <summary>The rows of one query.</summary>
    public static DocumentReader Read(MongoSession session, TableQuery query, DatabaseContext context)
    {
        var commands = Parse(query.Text!, query.Parameters);
        return commands is [var only] && Rows(session, only, query, context) is { } rows ? rows
            : throw DataErrors.InvalidOption("-Query takes one command that gives rows. Invoke-DataQuery runs others, and several.");
    }

    /// <summary>Runs commands one after the other.</summary>
    public static IEnumerable<StatementResult> Run(MongoSession session, string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context)
    {
        var query = new TableQuery { Text = statements };
        foreach (var command in Parse(statements, parameters))
        {
            if (Rows(session, command, query, context) is { } rows)
            {
                using (rows)
                {
                    yield return new StatementResult(rows, -1);
                }
            }
            else if (RunOther(session, command, query, context) is { } result)
            {
                yield return result;
                result.Rows?.Dispose();
            }
        }
    }

    private static List<BsonDocument> Parse(string text, IReadOnlyDictionary<string, object?> parameters)
    {
        var commands = MongoJson.Documents(text, Hint);
        if (commands.Count == 0 || commands.Exists(c => c.ElementCount == 0 || c.GetElement(0).Name.StartsWith('$')))
        {
            throw DataErrors.InvalidOption($"{Hint}. A pipeline alone does not say which collection it is for.");
        }

        return [.. commands.Select(c => Bindings.Apply(c, parameters))];
    }

    /// <summary>A reader of what the command gives, where it is one that reads.</summary>
    private static DocumentReader? Rows(MongoSession session, BsonDocument command, TableQuery query, DatabaseContext context)
    {
        Func<IAsyncCursor<RawDocument>>? start =
            command.Contains("aggregate") ? Aggregation(session, command, context.Cancellation)
            : command.Contains("find") ? Finding(session, command, context.Cancellation)
            : null;
        return start is null ? null : DocumentReader.Open(() => new DocumentStream(session, start()), query, context);
    }

    private static Func<IAsyncCursor<RawDocument>>? Aggregation(MongoSession session, BsonDocument command, CancellationToken cancellation)
    {
        var stages = command.GetValue("pipeline", null) is BsonArray array && array.All(s => s is BsonDocument)
            ? array.Cast<BsonDocument>().ToList()
            : throw DataErrors.InvalidOption("An aggregate has a pipeline, which is an array of stages: { \"aggregate\": \"orders\", \"pipeline\": [ ... ] }.");
        // What a pipeline writes is a command without rows.
        if (stages is [.., var last] && last.ElementCount == 1 && last.GetElement(0).Name is "$out" or "$merge")
        {
            return null;
        }

        var options = new AggregateOptions();
        foreach (var option in command.Where(e => e.Name is not ("aggregate" or "pipeline" or "cursor")))
        {
            Set(options, option);
        }

        return command["aggregate"] is BsonString collection
            ? () => session.Aggregate(new Schemas.TableName(null, collection.Value), stages, options, cancellation)
            : () => session.Aggregate(stages, options, cancellation);
    }

    private static void Set(AggregateOptions options, BsonElement option)
    {
        switch (option.Name)
        {
            case "allowDiskUse":
                options.AllowDiskUse = option.Value.ToBoolean();
                break;
            case "hint":
                options.Hint = option.Value;
                break;
            case "let":
                options.Let = option.Value.AsBsonDocument;
                break;
            case "collation":
                options.Collation = Collation.FromBsonDocument(option.Value.AsBsonDocument);
                break;
            case "maxTimeMS":
                options.MaxTime = TimeSpan.FromMilliseconds(option.Value.ToDouble());
                break;
            default:
                throw Unknown("aggregate", option.Name, "pipeline, allowDiskUse, hint, let, collation, maxTimeMS");
        }
    }

    private static Func<IAsyncCursor<RawDocument>> Finding(MongoSession session, BsonDocument command, CancellationToken cancellation)
    {
        var options = new FindOptions<RawDocument, RawDocument>();
        foreach (var option in command.Where(e => e.Name is not ("find" or "filter")))
        {
            Set(options, option);
        }

        var filter = command.GetValue("filter", new BsonDocument()).AsBsonDocument;
        return () => session.Find(new Schemas.TableName(null, command["find"].AsString), filter, options, cancellation);
    }

    private static void Set(FindOptions<RawDocument, RawDocument> options, BsonElement option)
    {
        switch (option.Name)
        {
            case "projection":
                options.Projection = option.Value.AsBsonDocument;
                break;
            case "sort":
                options.Sort = option.Value.AsBsonDocument;
                break;
            case "limit":
                options.Limit = option.Value.ToInt32();
                break;
            case "skip":
                options.Skip = option.Value.ToInt32();
                break;
            case "allowDiskUse":
                options.AllowDiskUse = option.Value.ToBoolean();
                break;
            case "hint":
                options.Hint = option.Value;
                break;
            case "collation":
                options.Collation = Collation.FromBsonDocument(option.Value.AsBsonDocument);
                break;
            default:
                throw Unknown("find", option.Name, "filter, projection, sort, limit, skip, allowDiskUse, hint, collation");
        }
    }

    private static StatementResult? RunOther(MongoSession session, BsonDocument command, TableQuery query, DatabaseContext context)
    {
        var reply = MongoCommands.Run(session, command, context.Cancellation);
        if (command.Contains("aggregate") || reply.Contains("n"))
        {
            return reply.GetValue("n", null) is { } count ? new StatementResult(null, count.ToInt64()) : null;
        }

        var documents = reply.GetValue("cursor", null) is BsonDocument cursor
            ? MongoCommands.All(session, cursor, context.Cancellation)
            : [new BsonDocument(reply.Where(e => !Envelope.Contains(e.Name)))];
        return documents is [{ ElementCount: 0 }] ? null
            : new StatementResult(DocumentReader.Open(() => new DocumentStream(session, new ListCursor(documents)), query, context), -1);
    }

    private static DataException Unknown(string command, string option, string known) =>
        DataErrors.InvalidOption($"'{option}' is no option of {command} here; its options are {known}.");

    /// <summary>Documents at hand, as a cursor gives them.</summary>
    private sealed class ListCursor(IEnumerable<BsonDocument> documents) : IAsyncCursor<RawDocument>
    {
        private bool _begun;

        public IEnumerable<RawDocument> Current => documents.Select(d => new RawDocument(d.ToBson()));

        public bool MoveNext(CancellationToken cancellationToken = default) => !_begun && (_begun = true);

        public Task<bool> MoveNextAsync(CancellationToken cancellationToken = default) => Task.FromResult(MoveNext(cancellationToken));

        public void Dispose()
        {
        }
    }
}
