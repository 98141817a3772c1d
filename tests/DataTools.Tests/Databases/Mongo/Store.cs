using System.Globalization;
using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The databases of a server. Commands run one at a time.</summary>
internal sealed class Store
{
    private readonly Dictionary<BsonValue, Dictionary<(string Database, string Name), Collection>> _transactions = [];
    private Dictionary<(string Database, string Name), Collection> _collections = [];

    internal Lock Gate { get; } = new();

    /// <summary>
    /// Begins a transaction of a session. It is undone by putting back what was there: as the tests do nothing beside it, that others would not see it meanwhile is left out.
    /// </summary>
    internal void Begin(BsonValue session) => _transactions[session] = _collections.ToDictionary(c => c.Key, c => c.Value.Copy());

    /// <summary>Ends the transaction of a session; one that is unknown was undone by an error.</summary>
    internal void End(BsonValue session, bool keeps)
    {
        if (!_transactions.Remove(session, out var before))
        {
            throw new WireFault(251, "NoSuchTransaction", "Given transaction number does not match any in-progress transactions.");
        }

        _collections = keeps ? _collections : before;
    }

    /// <summary>The collections and views of a database, in the order of their names.</summary>
    internal IEnumerable<Collection> In(string database) => _collections.Where(c => c.Key.Database == database).Select(c => c.Value).OrderBy(c => c.Name, StringComparer.Ordinal);

    internal Collection? Find(string database, string name) => _collections.GetValueOrDefault((database, name));

    internal Collection Require(string database, string name) => Find(database, name) ?? throw WireFault.NotFound($"{database}.{name}");

    /// <summary>The collection of a name; an insert makes one where there is none.</summary>
    internal Collection FindOrMake(string database, string name) => Find(database, name) ?? Make(database, name, []);

    internal Collection Make(string database, string name, BsonDocument options)
    {
        if (Find(database, name) is not null)
        {
            throw new WireFault(48, "NamespaceExists", $"Collection {database}.{name} already exists.");
        }

        return _collections[(database, name)] = new Collection(database, name, options);
    }

    internal void Drop(string database, string name)
    {
        Require(database, name);
        _collections.Remove((database, name));
    }

    internal void DropAll(string database)
    {
        foreach (var collection in In(database).ToList())
        {
            Drop(database, collection.Name);
        }
    }

    internal void Rename((string Database, string Name) from, (string Database, string Name) to, bool drops)
    {
        var collection = Require(from.Database, from.Name);
        if (_collections.ContainsKey(to) && !drops)
        {
            throw new WireFault(48, "NamespaceExists", "target namespace exists");
        }

        _collections.Remove(from);
        collection.Rename(to.Database, to.Name);
        _collections[to] = collection;
    }
}

/// <summary>An index; a unique one keeps its keys.</summary>
internal sealed record Index(BsonDocument Definition)
{
    internal SortedDictionary<BsonValue, BsonValue> Keys { get; } = new(BsonOrder.Instance);

    internal string Name => Definition["name"].AsString;

    internal BsonDocument Pattern => Definition["key"].AsBsonDocument;

    internal bool IsUnique => Definition.GetValue("unique", false).ToBoolean() || Name == "_id_";

    /// <summary>The key of a document; null where the index leaves it out.</summary>
    internal BsonDocument? KeyOf(BsonDocument document)
    {
        var isIn = Definition.GetValue("partialFilterExpression", null) is not BsonDocument partial || Query.Matches(document, partial);
        isIn &= !Definition.GetValue("sparse", false).ToBoolean() || Pattern.Names.Any(n => Query.At(document, n) is not null);
        return isIn ? new BsonDocument(Pattern.Names.Select(n => new BsonElement(n, Query.At(document, n) ?? BsonNull.Value))) : null;
    }
}

/// <summary>A collection or view.</summary>
internal sealed class Collection(string database, string name, BsonDocument options)
{
    internal const int MostBytes = 16 << 20;

    private readonly SortedDictionary<long, BsonDocument> _documents = [];
    private readonly SortedDictionary<BsonValue, long> _places = new(BsonOrder.Instance);
    private long _next;

    internal string Database { get; private set; } = database;

    internal string Name { get; private set; } = name;

    /// <summary>What it was made with.</summary>
    internal BsonDocument Options { get; } = options;

    internal bool IsView => Options.Contains("viewOn");

    internal List<Index> Indexes { get; } = [new(new BsonDocument { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } })];

    /// <summary>The documents in the order in which they came.</summary>
    internal IReadOnlyCollection<BsonDocument> Documents => _documents.Values;

    internal void Rename(string database, string name) => (Database, Name) = (database, name);

    /// <summary>The collection as it is now.</summary>
    internal Collection Copy()
    {
        var copy = new Collection(Database, Name, Options);
        Indexes.Skip(1).ToList().ForEach(i => copy.Add(i.Definition));
        Documents.ToList().ForEach(copy.Insert);
        return copy;
    }

    /// <summary>Adds an index; documents with one key are an error for a unique one.</summary>
    internal void Add(BsonDocument definition)
    {
        var index = new Index(definition);
        if (Indexes.Find(i => i.Name == index.Name) is { } there)
        {
            if (!there.Definition.Equals(definition))
            {
                throw new WireFault(86, "IndexKeySpecsConflict", $"An existing index has the same name as the requested index: {index.Name}");
            }

            return;
        }

        foreach (var document in Documents)
        {
            Enter(index, document);
        }

        Indexes.Add(index);
    }

    internal void Insert(BsonDocument document)
    {
        if (document.ToBson().Length > MostBytes)
        {
            throw new WireFault(10334, "BSONObjectTooLarge", $"object to insert too large. size in bytes: {document.ToBson().Length}, max size: {MostBytes}");
        }

        Validate(document);
        EnterAll(document);
        _places[document["_id"]] = _next;
        _documents[_next++] = document;
    }

    internal void Replace(BsonDocument old, BsonDocument document)
    {
        if (BsonOrder.Instance.Compare(old["_id"], document["_id"]) != 0)
        {
            throw new WireFault(66, "ImmutableField", "Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        Validate(document);
        LeaveAll(old);
        try
        {
            EnterAll(document);
        }
        catch (WireFault)
        {
            EnterAll(old);
            throw;
        }

        _documents[_places[old["_id"]]] = document;
    }

    internal void Delete(BsonDocument document)
    {
        LeaveAll(document);
        _documents.Remove(_places[document["_id"]]);
        _places.Remove(document["_id"]);
    }

    /// <summary>The documents that meet a filter; by _id at once.</summary>
    internal IEnumerable<BsonDocument> Find(BsonDocument filter)
    {
        var id = filter.GetValue("_id", null);
        id = id is BsonDocument { ElementCount: 1 } operation && operation.TryGetValue("$eq", out var equal) ? equal : id;
        var candidates = id is null or BsonDocument or BsonNull ? Documents
            : _places.TryGetValue(id, out var place) ? [_documents[place]] : [];
        return candidates.Where(d => Query.Matches(d, filter));
    }

    private void Validate(BsonDocument document)
    {
        if (Options.GetValue("validator", null) is BsonDocument validator && Options.GetValue("validationLevel", "strict") != "off"
            && Options.GetValue("validationAction", "error") != "warn" && !Query.Matches(document, validator))
        {
            throw new WireFault(121, "DocumentValidationFailure", "Document failed validation")
            {
                Details = new BsonDocument("errInfo", new BsonDocument { { "failingDocumentId", document["_id"] }, { "details", new BsonDocument("operatorName", validator.GetElement(0).Name) } }),
            };
        }
    }

    private void EnterAll(BsonDocument document)
    {
        var entered = new List<Index>();
        try
        {
            foreach (var index in Indexes)
            {
                Enter(index, document);
                entered.Add(index);
            }
        }
        catch (WireFault)
        {
            entered.ForEach(i => Leave(i, document));
            throw;
        }
    }

    private void LeaveAll(BsonDocument document) => Indexes.ForEach(i => Leave(i, document));

    private void Enter(Index index, BsonDocument document)
    {
        if (index.IsUnique && index.KeyOf(document) is { } key && !index.Keys.TryAdd(key, document["_id"]))
        {
            throw new WireFault(WireFault.DuplicateKey, "DuplicateKey", string.Create(CultureInfo.InvariantCulture, $"E11000 duplicate key error collection: {Database}.{Name} index: {index.Name} dup key: {key.ToJson().Replace("\"", "", StringComparison.Ordinal)}"))
            {
                Details = new BsonDocument { { "keyPattern", index.Pattern }, { "keyValue", key } },
            };
        }
    }

    private static void Leave(Index index, BsonDocument document)
    {
        if (index.IsUnique && index.KeyOf(document) is { } key)
        {
            index.Keys.Remove(key);
        }
    }
}
