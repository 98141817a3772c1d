using DataTools.Migrations;
using DataTools.Schemas;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>The commands that undo others, by what the server says before those are run: indexes and validators come back as they were.</summary>
internal static class CommandInverse
{
    private static readonly string[] ValidatorFields = ["validator", "validationLevel", "validationAction"];

    /// <summary>Whether there is a way back that nobody needs to write.</summary>
    public static bool IsKnown(BsonDocument command) => command.GetElement(0).Name switch
    {
        "create" => true,
        "createIndexes" => command.GetValue("indexes", null) is BsonArray indexes && indexes.All(i => i is BsonDocument index && index.Contains("name")),
        "dropIndexes" => command.GetValue("index", "*") is BsonString or BsonArray,
        "collMod" => command.Names.Skip(1).All(n => ValidatorFields.Contains(n)),
        "renameCollection" => !command.GetValue("dropTarget", false).ToBoolean(),
        _ => CollectionMigration.Of(command) is { } migration && CollectionInverse.WhyNever(migration) is null,
    };

    /// <summary>The migration whose way back undoes commands, the last first; where one of them has none, a migration that says why.</summary>
    public static string? Migration(MongoSession session, IReadOnlyList<BsonDocument> commands)
    {
        if (commands.Count == 0)
        {
            return null;
        }

        var states = new Dictionary<string, CollectionState>();
        var inverse = new List<BsonDocument>();
        foreach (var command in commands)
        {
            var (statements, whyNot) = IsKnown(command) ? Of(session, command, states) : ([], WhyUnknown(command));
            if (whyNot is not null)
            {
                return MongoJson.Text(new BsonDocument("irreversible", $"{whyNot}, and its file has no \"down\""));
            }

            inverse.InsertRange(0, statements.Reverse());
        }

        return JsonMigration.Write(null, [(SectionKind.Down, $"[\n    {string.Join(",\n    ", inverse.Select(MongoJson.Text))}\n  ]")]);
    }

    private static string WhyUnknown(BsonDocument command) =>
        CollectionMigration.Of(command) is { } migration ? CollectionInverse.WhyNever(migration)! : $"what undoes \"{command.GetElement(0).Name}\" cannot be told from the command";

    /// <summary>What undoes a command, where the collections are as the commands before it leave them.</summary>
    private static (IEnumerable<BsonDocument> Statements, string? WhyNot) Of(MongoSession session, BsonDocument command, Dictionary<string, CollectionState> states)
    {
        var name = command[0].ToString()!;
        if (CollectionMigration.Of(command) is { } migration)
        {
            var state = State(session, name, states);
            var (statement, whyNot) = new CollectionInverse(session, migration, state.Stored, state.Touched).Find();
            state.Touched.AddRange(CollectionInverse.Fields(migration));
            return (statement is null ? [] : [statement], whyNot);
        }

        return (OfCommand(session, command, name, states), null);
    }

    private static IEnumerable<BsonDocument> OfCommand(MongoSession session, BsonDocument command, string name, Dictionary<string, CollectionState> states)
    {
        switch (command.GetElement(0).Name)
        {
            case "create":
                states[name] = new CollectionState(name, new BsonDocument(command.Skip(1)), []);
                return [new BsonDocument("drop", name)];
            case "renameCollection":
                states[command["to"].AsString] = State(session, name, states);
                states.Remove(name);
                return [new BsonDocument { { "renameCollection", command["to"] }, { "to", name } }];
            case "createIndexes":
                return Without(name, command["indexes"].AsBsonArray.Cast<BsonDocument>(), State(session, name, states).Indexes);
            case "dropIndexes":
                return Back(name, command.GetValue("index", "*"), State(session, name, states).Indexes);
            default:
                return [Former(name, command, State(session, name, states).Options)];
        }
    }

    private static CollectionState State(MongoSession session, string name, Dictionary<string, CollectionState> states)
    {
        if (!states.TryGetValue(name, out var state))
        {
            var table = new TableName(null, name);
            var entry = CollectionCatalog.Entry(session, table, CancellationToken.None);
            var options = entry?["options"].AsBsonDocument ?? [];
            states[name] = state = new CollectionState(name, options, entry is null || options.Contains("viewOn") ? [] : CollectionCatalog.IndexDefinitions(session, table, CancellationToken.None));
        }

        return state;
    }

    /// <summary>What was there before stays.</summary>
    private static IEnumerable<BsonDocument> Without(string collection, IEnumerable<BsonDocument> created, List<BsonDocument> indexes)
    {
        var added = created.Where(n => !indexes.Exists(i => i["name"] == n["name"])).ToList();
        indexes.AddRange(added);
        return added.Count == 0 ? [] : [new BsonDocument { { "dropIndexes", collection }, { "index", new BsonArray(added.Select(n => n["name"])) } }];
    }

    private static IEnumerable<BsonDocument> Back(string collection, BsonValue dropped, List<BsonDocument> indexes)
    {
        var gone = indexes.Where(i => dropped == "*" || dropped == i["name"] || (dropped is BsonArray names && names.Contains(i["name"]))).ToList();
        gone.ForEach(i => indexes.Remove(i));
        return gone.Count == 0 ? [] : [new BsonDocument { { "createIndexes", collection }, { "indexes", new BsonArray(gone) } }];
    }

    private static BsonDocument Former(string collection, BsonDocument command, BsonDocument options)
    {
        var former = new BsonDocument
        {
            { "collMod", collection }, { "validator", options.GetValue("validator", new BsonDocument()) }, { "validationLevel", options.GetValue("validationLevel", "strict") },
            { "validationAction", options.GetValue("validationAction", "error") },
        };
        options.Merge(new BsonDocument(command.Skip(1)), overwriteExistingElements: true);
        return former;
    }

    /// <summary>What a collection is at a point of a migration.</summary>
    /// <param name="Stored">The name that it had at the beginning.</param>
    /// <param name="Options">Its validator and other options.</param>
    /// <param name="Indexes">Its indexes.</param>
    private sealed record CollectionState(string Stored, BsonDocument Options, List<BsonDocument> Indexes)
    {
        /// <summary>The fields that were changed.</summary>
        public List<string> Touched { get; } = [];
    }
}
