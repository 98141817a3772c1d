using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>A collection or view, and what its sampled documents look like.</summary>
/// <param name="Table">What users see of it.</param>
/// <param name="Shape">Its fields.</param>
/// <param name="Options">The options that it was made with.</param>
internal sealed record CollectionInfo(TableSchema Table, FieldShape Shape, BsonDocument Options);

/// <summary>What the server tells of collections. Users see lists, for PowerShell cannot index what the compiler makes of [..].</summary>
internal static class CollectionCatalog
{
    /// <summary>The name of the unique index that stands for a primary key which is not _id.</summary>
    public const string PrimaryKey = "primary_key";

    public const string Id = "_id";

    /// <summary>Before a type of ours in the description of a field.</summary>
    private const string Mark = "datatools:";

    public static IReadOnlyList<TableListing> List(MongoSession session, CancellationToken cancellation) =>
    [
        .. Collections(session, null, [], cancellation)
            .Where(c => !c["name"].AsString.StartsWith("system.", StringComparison.Ordinal))
            .Select(c => Listing(session, c["name"].AsString, c.GetValue("type", "collection") == "view", cancellation))
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ];

    /// <summary>What the server tells of a collection or view: its name, type and options; null where there is none of the name.</summary>
    public static BsonDocument? Entry(MongoSession session, TableName name, CancellationToken cancellation) =>
        Collections(session, name.Schema, new BsonDocument("name", name.Name), cancellation).FirstOrDefault();

    /// <summary>Of some names those that collections or views have.</summary>
    public static IEnumerable<string> Known(MongoSession session, string? database, IEnumerable<string> names, CancellationToken cancellation) =>
        Collections(session, database, new BsonDocument("name", new BsonDocument("$in", new BsonArray(names))), cancellation).Select(c => c["name"].AsString);

    public static TableSchema? Find(MongoSession session, TableName name, SampleSize sample, CancellationToken cancellation) =>
        Describe(session, name, sample, session.Database.Types, cancellation)?.Table;

    /// <summary>Looks at a collection and a sample of its documents; null where there is none of the name.</summary>
    public static CollectionInfo? Describe(MongoSession session, TableName name, SampleSize sample, TypeMap types, CancellationToken cancellation)
    {
        if (Entry(session, name, cancellation) is not { } found)
        {
            return null;
        }

        var options = found.GetValue("options", new BsonDocument()).AsBsonDocument;
        var isView = found.GetValue("type", "collection") == "view";
        var shape = new FieldShape();
        Declare(shape, options);
        var documents = Sample(session, name, sample, shape, cancellation);
        var indexes = isView ? [] : Indexes(session, name, cancellation);
        var key = indexes.FirstOrDefault(i => i.Name == PrimaryKey && i.IsUnique);
        var table = new TableSchema(name, isView ? TableKind.View : TableKind.Table, Columns(shape, options, types).ToList())
        {
            PrimaryKey = key is not null ? new KeySchema(key.Name, key.Columns) : isView ? null : new KeySchema($"{Id}_", [Id]),
            Indexes = indexes.Where(i => i != key && i.Name != $"{Id}_").ToList(),
            Checks = Validator(options) is { } check && options.GetValue("validationLevel", "strict") != "off" ? [new CheckSchema("validator", check.ToJson())] : [],
            Sampled = shape.Members.SelectMany(m => m.Value.Paths(m.Key, documents)).ToList(),
        };
        return new CollectionInfo(table, shape, options);
    }

    /// <summary>
    /// The validator by which a new collection remembers the types of its columns. It stands for reading only (validationLevel off): documents may be as they like.
    /// </summary>
    public static BsonDocument Remember(IEnumerable<(string Field, string Native, DataType Type)> columns)
    {
        var properties = new BsonDocument();
        foreach (var (field, native, type) in columns)
        {
            // "json" is any type of theirs, and "uuid" a kind of bytes.
            var known = native == "json" ? [] : new BsonDocument("bsonType", native == "uuid" ? "binData" : native);
            properties[field] = type is StructDataType ? known : known.Add("description", $"{Mark}{type.Name}");
        }

        return new BsonDocument("$jsonSchema", new BsonDocument { { "bsonType", "object" }, { "properties", properties } });
    }

    /// <summary>The definitions of the indexes besides that of _id, as createIndexes takes them.</summary>
    public static List<BsonDocument> IndexDefinitions(MongoSession session, TableName name, CancellationToken cancellation) => [.. RawIndexes(session, name, cancellation).Where(i => i["name"] != $"{Id}_")];

    /// <summary>The marks of a column whose values are of one type of MongoDB's.</summary>
    public static Dictionary<string, string> Marks(string native) => new() { [FieldMarks.SourceType] = native, [FieldMarks.SourceKind] = MongoTypes.Name };

    private static List<BsonDocument> Collections(MongoSession session, string? database, BsonDocument filter, CancellationToken cancellation) =>
        session.Guarded(() => session.In(database).ListCollections(new ListCollectionsOptions { Filter = filter }, cancellation).ToList(cancellation), cancellation);

    private static TableListing Listing(MongoSession session, string name, bool isView, CancellationToken cancellation)
    {
        if (isView)
        {
            return new TableListing(null, name, TableKind.View, null, null);
        }

        BsonDocument stats;
        try
        {
            stats = session.Run(null, new BsonDocument("collStats", name), cancellation);
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.PermissionDenied))
        {
            // Who may list collections need not be one who may see their sizes.
            return new TableListing(null, name, TableKind.Table, null, null);
        }

        var bytes = stats.GetValue("storageSize", 0).ToInt64() + stats.GetValue("totalIndexSize", 0).ToInt64();
        return new TableListing(null, name, TableKind.Table, stats.GetValue("count", 0).ToInt64(), bytes);
    }

    private static long Sample(MongoSession session, TableName name, SampleSize sample, FieldShape shape, CancellationToken cancellation)
    {
        var documents = 0L;
        using var cursor = session.Find(name, [], new() { Limit = sample.FullScan ? null : sample.Rows }, cancellation);
        while (session.Guarded(() => cursor.MoveNext(cancellation), cancellation))
        {
            foreach (var document in cursor.Current)
            {
                shape.ObserveMembers(document.Bytes, ++documents);
            }
        }

        return documents;
    }

    private static BsonDocument? Validator(BsonDocument options) => options.GetValue("validator", null) as BsonDocument is { ElementCount: > 0 } validator ? validator : null;

    private static BsonDocument Properties(BsonDocument options) =>
        Validator(options)?.GetValue("$jsonSchema", null) is BsonDocument schema && schema.GetValue("properties", null) is BsonDocument properties ? properties : [];

    /// <summary>The fields of the validator are fields, too, and those that we wrote tell our type.</summary>
    private static void Declare(FieldShape shape, BsonDocument options)
    {
        shape.Member(Id);
        foreach (var property in Properties(options))
        {
            var member = shape.Member(property.Name);
            if (property.Value is BsonDocument known && TypeOf(known) is { } types)
            {
                member.Declare(types.Ours, types.Native);
            }
        }
    }

    /// <summary>Our type where we wrote it, else the one that goes with theirs.</summary>
    private static (DataType Ours, string Native)? TypeOf(BsonDocument property)
    {
        var text = property.GetValue("description", null) is BsonString { Value: var description } ? description : "";
        if (text.StartsWith(Mark, StringComparison.Ordinal) && DataTypes.TryParse(text[Mark.Length..], out var written))
        {
            return (written, MongoTypes.Map.ToNative(written, ""));
        }

        return property.GetValue("bsonType", null) is BsonString { Value: var native } && MongoTypes.Map.FindRead(native, out _) is { } rule && DataTypes.TryParse(rule.To, out var type) ? (type, native) : null;
    }

    private static IEnumerable<ColumnSchema> Columns(FieldShape shape, BsonDocument options, TypeMap types)
    {
        var required = options.GetValue("validationLevel", "strict") != "off" && Validator(options)?.GetValue("$jsonSchema", null) is BsonDocument schema && schema.GetValue("required", null) is BsonArray names
            ? names.Select(n => n.ToString()!).ToHashSet() : [];
        return shape.Members.Select(m => new ColumnSchema(m.Key, m.Value.NativeType, m.Value.Resolve(types), m.Key != Id && !required.Contains(m.Key)));
    }

    private static List<IndexSchema> Indexes(MongoSession session, TableName name, CancellationToken cancellation) => [.. RawIndexes(session, name, cancellation).Select(ToIndex)];

    private static List<BsonDocument> RawIndexes(MongoSession session, TableName name, CancellationToken cancellation) =>
        session.Guarded(() => session.Collection(name).Indexes.List(cancellation).ToList(cancellation), cancellation);

    private static IndexSchema ToIndex(BsonDocument index)
    {
        var keys = index["key"].AsBsonDocument;
        var isText = keys.Contains("_fts");
        var fields = isText ? keys.Where(k => k.Name is not ("_fts" or "_ftsx")).Select(k => k.Name).Concat(index["weights"].AsBsonDocument.Names) : keys.Names;
        return new IndexSchema(index["name"].AsString, fields.ToList(), index.GetValue("unique", false).ToBoolean() || index["name"] == $"{Id}_")
        {
            Method = isText ? "text" : keys.Values.OfType<BsonString>().FirstOrDefault()?.Value,
            Where = index.GetValue("partialFilterExpression", null) is { } partial ? partial.ToJson() : index.GetValue("sparse", false).ToBoolean() ? $"{{ \"{keys.Names.First()}\" : {{ \"$exists\" : true }} }}" : null,
            Definition = index.ToJson(),
        };
    }
}
