using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>What the commands do.</summary>
internal sealed class Commands(Store store)
{
    private const int FirstBatch = 101;
    private const int BatchBytes = 16 << 20;

    private static readonly Dictionary<long, (string Namespace, Queue<BsonDocument> Left)> Cursors = [];
    private static readonly HashSet<string> IndexFields = ["v", "key", "name", "unique", "sparse", "partialFilterExpression", "expireAfterSeconds", "weights", "default_language", "language_override", "textIndexVersion"];
    private static long _lastCursor;

    internal BsonDocument ListCollections(BsonDocument command)
    {
        var found = store.In(Database(command)).Select(c => new BsonDocument
        {
            { "name", c.Name }, { "type", c.IsView ? "view" : "collection" }, { "options", c.Options }, { "info", new BsonDocument("readOnly", c.IsView) },
        }).Where(d => Query.Matches(d, command.GetValue("filter", new BsonDocument()).AsBsonDocument));
        return Open($"{Database(command)}.$cmd.listCollections", found, command.GetValue("cursor", new BsonDocument()).AsBsonDocument, int.MaxValue);
    }

    internal BsonDocument ListIndexes(BsonDocument command)
    {
        var collection = Target(command);
        return collection.IsView ? throw new WireFault(166, "CommandNotSupportedOnView", $"Namespace {collection.Name} is a view, not a collection")
            : Open($"{Database(command)}.{collection.Name}", collection.Indexes.Select(i => i.Definition), command.GetValue("cursor", new BsonDocument()).AsBsonDocument, int.MaxValue);
    }

    internal BsonDocument Create(BsonDocument command)
    {
        store.Make(Database(command), command[0].AsString, new BsonDocument(command.Where(e => e.Name is "validator" or "validationLevel" or "validationAction" or "viewOn" or "pipeline")));
        return [];
    }

    internal BsonDocument CreateIndexes(BsonDocument command)
    {
        var collection = store.FindOrMake(Database(command), command[0].AsString);
        foreach (var index in command["indexes"].AsBsonArray.Cast<BsonDocument>())
        {
            foreach (var field in index.Names.Where(f => !IndexFields.Contains(f)))
            {
                throw new WireFault(197, "InvalidIndexSpecificationOption", $"The field '{field}' is not valid for an index specification.");
            }

            collection.Add(Completed(index));
        }

        return [];
    }

    /// <summary>Documents that are there already are not looked at.</summary>
    internal BsonDocument Modify(BsonDocument command)
    {
        var collection = Target(command);
        foreach (var option in command.Where(e => e.Name is "validator" or "validationLevel" or "validationAction"))
        {
            collection.Options[option.Name] = option.Value;
        }

        return [];
    }

    internal BsonDocument DropIndexes(BsonDocument command)
    {
        var indexes = Target(command).Indexes;
        var before = indexes.Count;
        IEnumerable<BsonValue> wanted = command["index"] switch
        {
            BsonString { Value: "*" } => indexes.Skip(1).Select(i => (BsonValue)i.Name).ToList(),
            BsonArray names => names,
            var one => [one],
        };
        foreach (var name in wanted)
        {
            var index = indexes.Find(i => i.Name == name || i.Pattern.Equals(name)) ?? throw new WireFault(27, "IndexNotFound", $"index not found with name [{name}]");
            if (index.Name == "_id_")
            {
                throw new WireFault(72, "InvalidOptions", "cannot drop _id index");
            }

            indexes.Remove(index);
        }

        return new BsonDocument("nIndexesWas", before);
    }

    internal BsonDocument Drop(BsonDocument command)
    {
        store.Drop(Database(command), command[0].AsString);
        return [];
    }

    internal BsonDocument DropDatabase(BsonDocument command)
    {
        store.DropAll(Database(command));
        return [];
    }

    internal BsonDocument Rename(BsonDocument command)
    {
        if (Database(command) != "admin")
        {
            throw new WireFault(13, "Unauthorized", "renameCollection may only be run against the admin database.");
        }

        store.Rename(Split(command[0].AsString), Split(command["to"].AsString), command.GetValue("dropTarget", false).ToBoolean());
        return [];
    }

    internal BsonDocument Stats(BsonDocument command)
    {
        var collection = Target(command);
        return new BsonDocument { { "count", collection.Documents.Count }, { "storageSize", collection.Documents.Sum(d => d.ToBson().Length) }, { "totalIndexSize", 4096 * collection.Indexes.Count } };
    }

    internal BsonDocument Insert(BsonDocument command)
    {
        var collection = Writable(command);
        return Each(command, "documents", (document, _) =>
        {
            collection.Insert(document.Contains("_id") ? document : new BsonDocument("_id", ObjectId.GenerateNewId()).AddRange(document));
            return 1;
        });
    }

    internal BsonDocument Update(BsonDocument command)
    {
        var collection = Writable(command);
        var (modified, upserted) = (0, new BsonArray());
        var reply = Each(command, "updates", (update, index) =>
        {
            Check("update.updates", update, "q", "u", "multi", "upsert");
            var filter = update["q"].AsBsonDocument;
            var found = collection.Find(filter).Take(update.GetValue("multi", false).ToBoolean() ? int.MaxValue : 1).ToList();
            foreach (var document in found)
            {
                var changed = Updates.Apply(document, update["u"], isInsert: false);
                modified += changed.Equals(document) ? 0 : 1;
                collection.Replace(document, changed);
            }

            if (found.Count > 0 || !update.GetValue("upsert", false).ToBoolean())
            {
                return found.Count;
            }

            var added = Updates.Inserted(filter, update["u"]);
            collection.Insert(added);
            upserted.Add(new BsonDocument { { "index", index }, { "_id", added["_id"] } });
            return 1;
        });
        reply["nModified"] = modified;
        return upserted.Count > 0 ? reply.Add("upserted", upserted) : reply;
    }

    internal BsonDocument FindAndModify(BsonDocument command)
    {
        var collection = Writable(command);
        var found = collection.Find(command["query"].AsBsonDocument).FirstOrDefault();
        var changed = found is null ? null : Updates.Apply(found, command["update"], isInsert: false);
        if (changed is not null)
        {
            collection.Replace(found!, changed);
        }

        return new BsonDocument
        {
            { "lastErrorObject", new BsonDocument { { "n", found is null ? 0 : 1 }, { "updatedExisting", found is not null } } },
            { "value", (command.GetValue("new", false).ToBoolean() ? changed : found) ?? (BsonValue)BsonNull.Value },
        };
    }

    internal BsonDocument Delete(BsonDocument command)
    {
        var collection = Writable(command);
        return Each(command, "deletes", (delete, _) =>
        {
            Check("delete.deletes", delete, "q", "limit");
            var found = collection.Find(delete["q"].AsBsonDocument).Take(delete["limit"].ToInt32() == 0 ? int.MaxValue : 1).ToList();
            found.ForEach(collection.Delete);
            return found.Count;
        });
    }

    internal BsonDocument Find(BsonDocument command)
    {
        var filter = command.GetValue("filter", new BsonDocument()).AsBsonDocument;
        var found = Query.Sorted(Between(Documents(Database(command), command[0].AsString, filter), command), command.GetValue("sort", new BsonDocument()).AsBsonDocument);
        found = found.Skip(command.GetValue("skip", 0).ToInt32());
        if (command.GetValue("limit", 0).ToInt32() is > 0 and var limit)
        {
            found = found.Take(limit);
        }

        if (command.GetValue("projection", null) is BsonDocument { ElementCount: > 0 } projection)
        {
            found = found.Select(d => Query.Project(d, projection));
        }

        return Open($"{Database(command)}.{command[0]}", found, command, FirstBatch);
    }

    internal BsonDocument Aggregate(BsonDocument command)
    {
        var database = Database(command);
        var documents = command[0] is BsonString name ? Documents(database, name.Value, []) : [];
        var stages = command["pipeline"].AsBsonArray.Cast<BsonDocument>().ToList();
        foreach (var stage in stages.TakeWhile(s => s.GetElement(0).Name != "$out"))
        {
            documents = Stages.Apply(documents, stage);
        }

        if (stages.LastOrDefault()?.GetValue("$out", null) is { } target)
        {
            var all = documents.ToList();
            var collection = store.FindOrMake(database, target.AsString);
            collection.Documents.ToList().ForEach(collection.Delete);
            all.ForEach(collection.Insert);
            documents = [];
        }

        return Open($"{database}.{command[0]}", documents, command["cursor"].AsBsonDocument, FirstBatch);
    }

    internal BsonDocument Count(BsonDocument command) =>
        new("n", Documents(Database(command), command[0].AsString, command.GetValue("query", new BsonDocument()).AsBsonDocument).Count());

    internal static BsonDocument GetMore(BsonDocument command)
    {
        var id = command[0].ToInt64();
        if (!Cursors.TryGetValue(id, out var cursor))
        {
            throw new WireFault(43, "CursorNotFound", $"cursor id {id} not found");
        }

        return Batch("nextBatch", id, cursor.Namespace, cursor.Left, command.GetValue("batchSize", int.MaxValue).ToInt32());
    }

    internal static BsonDocument KillCursors(BsonDocument command)
    {
        foreach (var id in command["cursors"].AsBsonArray)
        {
            Cursors.Remove(id.ToInt64());
        }

        return new BsonDocument { { "cursorsKilled", command["cursors"] } };
    }

    /// <summary>The bounds of the index of _id, of which the lower one is within: they hold across types.</summary>
    private static IEnumerable<BsonDocument> Between(IEnumerable<BsonDocument> documents, BsonDocument command)
    {
        var (min, max) = (Bound(command, "min"), Bound(command, "max"));
        CheckHint(command.GetValue("hint", null), isNeeded: (min ?? max) is not null);
        var (lower, upper) = (min ?? BsonMinKey.Value, max);
        return upper is null || BsonOrder.Instance.Compare(lower, upper) < 0
            ? documents.Where(d => BsonOrder.Instance.Compare(d["_id"], lower) >= 0 && (upper is null || BsonOrder.Instance.Compare(d["_id"], upper) < 0))
            : throw WireFault.BadValue("max() must be greater than min()");
    }

    private static void CheckHint(BsonValue? hint, bool isNeeded)
    {
        if (hint is null && isNeeded)
        {
            throw new WireFault(51173, "Location51173", "A hint must be provided when using min() or max()");
        }

        if (hint?.Equals(new BsonDocument("_id", 1)) == false)
        {
            throw WireFault.BadValue("This server has bounds of _id only.");
        }
    }

    private static BsonValue? Bound(BsonDocument command, string name) => command.GetValue(name, null) is BsonDocument bound
        ? bound.ElementCount == 1 && bound.TryGetValue("_id", out var id) ? id : throw WireFault.BadValue("This server has bounds of _id only.")
        : null;

    /// <summary>The documents of a collection or view, as they are at this moment.</summary>
    private IEnumerable<BsonDocument> Documents(string database, string name, BsonDocument filter)
    {
        if (store.Find(database, name) is not { } collection)
        {
            return [];
        }

        return collection.IsView
            ? collection.Options["pipeline"].AsBsonArray.Cast<BsonDocument>().Aggregate(Documents(database, collection.Options["viewOn"].AsString, []), Stages.Apply).Where(d => Query.Matches(d, filter))
            : collection.Find(filter);
    }

    private static BsonDocument Open(string name, IEnumerable<BsonDocument> documents, BsonDocument options, int first)
    {
        var id = Interlocked.Increment(ref _lastCursor);
        return Batch("firstBatch", id, name, new Queue<BsonDocument>(documents), options.GetValue("batchSize", first).ToInt32());
    }

    private static BsonDocument Batch(string field, long id, string name, Queue<BsonDocument> documents, int size)
    {
        var (batch, bytes) = (new BsonArray(), 0);
        while (batch.Count < size && documents.TryPeek(out var next) && (bytes += next.ToBson().Length) <= BatchBytes)
        {
            batch.Add(documents.Dequeue());
        }

        Cursors.Remove(id);
        if (documents.Count > 0)
        {
            Cursors[id] = (name, documents);
        }

        return new BsonDocument("cursor", new BsonDocument { { field, batch }, { "id", documents.Count > 0 ? id : 0L }, { "ns", name } });
    }

    /// <summary>Applies a write to each element; in any order, an error does not keep the others.</summary>
    private static BsonDocument Each(BsonDocument command, string field, Func<BsonDocument, int, int> write)
    {
        var (count, errors, items) = (0, new BsonArray(), command[field].AsBsonArray);
        for (var i = 0; i < items.Count; i++)
        {
            try
            {
                count += write(items[i].AsBsonDocument, i);
            }
            catch (WireFault e)
            {
                errors.Add(e.ToWriteError(i));
                if (command.GetValue("ordered", true).ToBoolean())
                {
                    break;
                }
            }
        }

        var reply = new BsonDocument("n", count);
        return errors.Count > 0 ? reply.Add("writeErrors", errors) : reply;
    }

    private static BsonDocument Completed(BsonDocument index)
    {
        var full = new BsonDocument { { "v", 2 } };
        full.AddRange(index.Where(e => e.Name != "v"));
        if (full["key"].AsBsonDocument.FirstOrDefault(k => k.Value == "text") is { Name: not null } text)
        {
            full["weights"] = new BsonDocument(text.Name, 1);
            full["key"] = new BsonDocument { { "_fts", "text" }, { "_ftsx", 1 } };
        }

        return full;
    }

    private static void Check(string command, BsonDocument document, params string[] fields)
    {
        foreach (var field in document.Names.Where(f => !fields.Contains(f)))
        {
            throw WireFault.UnknownField(command, field);
        }
    }

    private static string Database(BsonDocument command) => command["$db"].AsString;

    private Collection Target(BsonDocument command) => store.Require(Database(command), command[0].AsString);

    private Collection Writable(BsonDocument command)
    {
        var collection = store.FindOrMake(Database(command), command[0].AsString);
        return collection.IsView ? throw new WireFault(166, "CommandNotSupportedOnView", $"Namespace {collection.Name} is a view, not a collection") : collection;
    }

    private static (string Database, string Name) Split(string name) => (name[..name.IndexOf('.', StringComparison.Ordinal)], name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
}
