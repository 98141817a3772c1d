using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>
/// What undoes a change of documents, as far as the documents tell before it runs: fields that none of them has go again, values that are all of one type come back to it where
/// that loses nothing. What is not so has no way back but one that somebody writes, for old values are not kept.
/// </summary>
/// <param name="session">The database.</param>
/// <param name="migration">The change.</param>
/// <param name="stored">The name that the collection has before the section runs.</param>
/// <param name="touched">The fields that statements before it change.</param>
internal sealed class CollectionInverse(MongoSession session, CollectionMigration migration, string stored, IReadOnlyCollection<string> touched)
{
    private static readonly Dictionary<BsonType, string> Names = new()
    {
        [BsonType.Boolean] = "bool", [BsonType.DateTime] = "date", [BsonType.Decimal128] = "decimal", [BsonType.Double] = "double", [BsonType.Int32] = "int", [BsonType.Int64] = "long",
        [BsonType.ObjectId] = "objectId", [BsonType.String] = "string",
    };

    /// <summary>The fields that a change writes.</summary>
    public static IEnumerable<string> Fields(CollectionMigration migration) =>
        migration.Rename.SelectMany(r => new[] { r.From, r.To }).Concat(migration.Convert.Select(c => c.Field)).Concat(Added(migration)).Concat(migration.Unset);

    /// <summary>Why there is no way back whatever the documents are; null where there may be one.</summary>
    public static string? WhyNever(CollectionMigration migration) =>
        migration.Unset is [var gone, ..] ? NotKept(gone)
        : migration.DownTo is not null || migration.Version == 0 ? "its change is a way back itself"
        : null;

    /// <summary>The statement that undoes the change, null for none that is needed; or why there is none.</summary>
    public (BsonDocument? Statement, string? WhyNot) Find()
    {
        if ((WhyNever(migration) ?? Overlap() ?? Taken()) is { } why)
        {
            return (null, why);
        }

        var types = new BsonDocument();
        foreach (var (field, type) in migration.Convert)
        {
            if (Former(field, type, types) is { } mixed)
            {
                return (null, mixed);
            }
        }

        var statement = new BsonDocument(CollectionMigration.Command, migration.Collection);
        Add(statement, "rename", new BsonDocument(migration.Rename.Reverse().Select(r => new BsonElement(r.To, r.From))));
        Add(statement, "convert", types);
        Add(statement, "unset", new BsonArray(Added(migration)));
        Add(statement, "downTo", migration.Version - 1);
        return (statement.ElementCount == 1 ? null : statement, null);
    }

    private static IEnumerable<string> Added(CollectionMigration migration) => migration.Split.SelectMany(s => s.Into).Concat(migration.Set.Names);

    private static void Add(BsonDocument statement, string name, BsonValue? value)
    {
        if (value is not (null or BsonNull or BsonDocument { ElementCount: 0 } or BsonArray { Count: 0 }))
        {
            statement.Add(name, value);
        }
    }

    private static string NotKept(string field) => $"the values that '{field}' had are not kept";

    private string? Overlap()
    {
        var fields = Fields(migration).ToList();
        var twice = fields.Where((f, i) => fields.Where((_, j) => i != j).Concat(touched).Any(o => IsWithin(f, o) || IsWithin(o, f))).FirstOrDefault();
        return twice is null ? null : $"'{twice}' is changed more than once";
    }

    private static bool IsWithin(string path, string outer) => path == outer || path.StartsWith(outer + ".", StringComparison.Ordinal);

    /// <summary>Why fields that are added, or get names where only some documents are renamed, cannot be told from those that were there.</summary>
    private string? Taken()
    {
        var renamed = migration.Filter.ElementCount > 0 && migration.Version is null ? migration.Rename.Select(r => r.To) : [];
        foreach (var field in Added(migration).Concat(renamed))
        {
            if (First(field, new BsonDocument("$exists", true)) is not null)
            {
                return NotKept(field);
            }

            if (field.LastIndexOf('.') is > 0 and var dot && First(field[..dot], new BsonDocument("$not", new BsonDocument("$type", "object"))) is not null)
            {
                return $"not every document has a '{field[..dot]}' in which '{field}' would be the only thing new";
            }
        }

        return null;
    }

    /// <summary>Adds the type that all values of a field have; or says why they could not come back to it.</summary>
    private string? Former(string field, string to, BsonDocument types)
    {
        if (First(field, new BsonDocument { { "$exists", true }, { "$not", new BsonDocument("$type", "null") } }) is not { } found)
        {
            return null;
        }

        var value = field.Split('.').Aggregate((BsonValue)found, (v, name) => v is BsonDocument inner ? inner.GetValue(name, BsonNull.Value) : BsonNull.Value);
        if (!Names.TryGetValue(value.BsonType, out var from) || First(field, new BsonDocument { { "$exists", true }, { "$not", new BsonDocument("$type", new BsonArray { from, "null" }) } }) is not null)
        {
            return $"the values of '{field}' are of several types, which are not kept";
        }

        // How a text or a decimal was written (007, 1.10) is not to be seen in a number.
        if (from != to && (from == "string" || (from == "decimal" && to != "string")))
        {
            return $"how the {from} values of '{field}' were written is not kept by {to}";
        }

        Add(types, field, from == to ? null : from);
        return null;
    }

    /// <summary>A document whose field is so, of those that the change finds by their version; null for none.</summary>
    private BsonDocument? First(string field, BsonDocument condition)
    {
        var filter = new BsonDocument(field, condition);
        if (migration.Version is not null)
        {
            filter = new BsonDocument("$and", new BsonArray { filter, new CollectionMigration(migration.Collection) { Version = migration.Version }.Waiting });
        }

        var command = new BsonDocument { { "find", stored }, { "filter", filter }, { "projection", new BsonDocument(field.Split('.')[0], 1) }, { "limit", 1 }, { "singleBatch", true } };
        return MongoCommands.Documents(session, command, CancellationToken.None).FirstOrDefault();
    }
}
