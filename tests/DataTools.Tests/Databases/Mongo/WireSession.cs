using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>A client's connection: who it is, and which commands it may run with which fields.</summary>
internal sealed class WireSession(WireServer server, Store store)
{
    /// <summary>Fields that every command may have.</summary>
    private static readonly HashSet<string> Common = ["$db", "lsid", "$readPreference", "maxTimeMS", "comment", "writeConcern", "readConcern"];

    /// <summary>Fields of sessions and transactions, which a replica set has.</summary>
    private static readonly HashSet<string> OfReplicaSets = ["txnNumber", "startTransaction", "autocommit"];

    /// <summary>Commands that a client may run before it has said who it is.</summary>
    private static readonly HashSet<string> Open = ["hello", "isMaster", "ismaster", "saslStart", "saslContinue", "ping", "buildInfo", "endSessions"];

    private static readonly Dictionary<string, (string[] Fields, Func<Commands, BsonDocument, BsonDocument> Run)> Known = new()
    {
        ["ping"] = ([], (_, _) => []),
        ["buildInfo"] = ([], (_, _) => new BsonDocument { { "version", "7.0.14" }, { "versionArray", new BsonArray { 7, 0, 14, 0 } } }),
        ["endSessions"] = ([], (_, _) => []),
        ["listCollections"] = (["filter", "nameOnly", "authorizedCollections", "cursor"], (c, d) => c.ListCollections(d)),
        ["listIndexes"] = (["cursor"], (c, d) => c.ListIndexes(d)),
        ["create"] = (["validator", "validationLevel", "validationAction", "viewOn", "pipeline"], (c, d) => c.Create(d)),
        ["createIndexes"] = (["indexes"], (c, d) => c.CreateIndexes(d)),
        ["drop"] = ([], (c, d) => c.Drop(d)),
        ["dropDatabase"] = ([], (c, d) => c.DropDatabase(d)),
        ["collMod"] = (["validator", "validationLevel", "validationAction"], (c, d) => c.Modify(d)),
        ["dropIndexes"] = (["index"], (c, d) => c.DropIndexes(d)),
        ["findAndModify"] = (["query", "update", "new"], (c, d) => c.FindAndModify(d)),
        ["renameCollection"] = (["to", "dropTarget"], (c, d) => c.Rename(d)),
        ["collStats"] = ([], (c, d) => c.Stats(d)),
        ["insert"] = (["documents", "ordered"], (c, d) => c.Insert(d)),
        ["update"] = (["updates", "ordered"], (c, d) => c.Update(d)),
        ["delete"] = (["deletes", "ordered"], (c, d) => c.Delete(d)),
        ["find"] = (["filter", "projection", "sort", "limit", "skip", "batchSize", "singleBatch", "allowDiskUse", "hint", "min", "max"], (c, d) => c.Find(d)),
        ["getMore"] = (["collection", "batchSize"], (_, d) => Commands.GetMore(d)),
        ["killCursors"] = (["cursors"], (_, d) => Commands.KillCursors(d)),
        ["aggregate"] = (["pipeline", "cursor", "allowDiskUse"], (c, d) => c.Aggregate(d)),
        ["count"] = (["query"], (c, d) => c.Count(d)),
    };

    private Scram? _login;

    /// <summary>Runs a command and gives its reply; an error is one, too.</summary>
    internal BsonDocument Run(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        try
        {
            if (server.User is not null && _login is not { IsDone: true } && !Open.Contains(name))
            {
                throw new WireFault(13, "Unauthorized", $"Command {name} requires authentication");
            }

            var reply = name switch
            {
                "hello" or "isMaster" or "ismaster" => Hello(command),
                "commitTransaction" or "abortTransaction" when server.ReplicaSet is not null => End(command, keeps: name == "commitTransaction"),
                "saslStart" => (_login = new Scram(server.User ?? "", server.Password ?? "")).Start(command),
                "saslContinue" => (_login ?? throw new WireFault(17, "ProtocolError", "No SASL session state found")).Continue(command),
                _ => Dispatch(name, command),
            };
            return reply.Contains("ok") ? reply : reply.Add("ok", 1.0);
        }
        catch (WireFault e)
        {
            return e.ToReply();
        }
        catch (Exception e) when (e is InvalidCastException or KeyNotFoundException)
        {
            return new WireFault(14, "TypeMismatch", e.Message).ToReply();
        }
    }

    private BsonDocument Dispatch(string name, BsonDocument command)
    {
        if (!Known.TryGetValue(name, out var known))
        {
            throw new WireFault(59, "CommandNotFound", $"no such command: '{name}'");
        }

        foreach (var field in command.Names.Skip(1).Where(f => !Common.Contains(f) && !known.Fields.Contains(f) && !(server.ReplicaSet is not null && OfReplicaSets.Contains(f))))
        {
            throw WireFault.UnknownField(name, field);
        }

        server.OnCommand?.Invoke(name, command);
        BsonDocument reply;
        lock (store.Gate)
        {
            server.Seen.Add(name);
            reply = command.Contains("autocommit") ? InTransaction(command, known.Run) : known.Run(new Commands(store), command);
        }

        server.OnReply?.Invoke(name, command);
        return reply;
    }

    private BsonDocument End(BsonDocument command, bool keeps)
    {
        lock (store.Gate)
        {
            store.End(command["lsid"], keeps);
            return [];
        }
    }

    /// <summary>An error, also one of a single document, undoes the transaction.</summary>
    private BsonDocument InTransaction(BsonDocument command, Func<Commands, BsonDocument, BsonDocument> run)
    {
        if (command.GetValue("startTransaction", false).ToBoolean())
        {
            store.Begin(command["lsid"]);
        }

        try
        {
            var reply = run(new Commands(store), command);
            return reply.Contains("writeErrors") ? throw new WireFault(reply["writeErrors"][0]["code"].ToInt32(), "WriteError", reply["writeErrors"][0]["errmsg"].AsString) : reply;
        }
        catch (WireFault)
        {
            store.End(command["lsid"], keeps: false);
            throw;
        }
    }

    private BsonDocument Hello(BsonDocument command)
    {
        var reply = new BsonDocument
        {
            { command.GetElement(0).Name == "hello" ? "isWritablePrimary" : "ismaster", true }, { "helloOk", true }, { "maxBsonObjectSize", Collection.MostBytes }, { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 }, { "localTime", DateTime.UtcNow }, { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "readOnly", false },
        };
        if (server.ReplicaSet is { } set)
        {
            var me = $"127.0.0.1:{server.Port}";
            reply.AddRange(new BsonDocument { { "setName", set }, { "setVersion", 1 }, { "secondary", false }, { "hosts", new BsonArray { me } }, { "primary", me }, { "me", me } });
        }

        return command.Contains("saslSupportedMechs") ? reply.Add("saslSupportedMechs", new BsonArray { "SCRAM-SHA-256" }) : reply;
    }
}
