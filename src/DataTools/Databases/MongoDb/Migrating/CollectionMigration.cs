using DataTools.Errors;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>The parts of a text field: <c>"split": { "name": { "into": ["first", "last"], "separator": " " } }</c>.</summary>
/// <param name="Field">The field, which stays.</param>
/// <param name="Into">The new fields; the last gets all that is left.</param>
/// <param name="Separator">What stands between the parts.</param>
/// <param name="Default">What a part is that is not there; null where that is an error.</param>
internal sealed record FieldSplit(string Field, IReadOnlyList<string> Into, string Separator, BsonValue? Default);

/// <summary>
/// The one statement that is no command of the server: <c>{ "migrate": "users", "rename": { "mail": "email" }, "convert": { "age": "int" }, "version": 3 }</c> changes the documents
/// of a collection in batches. To each document happens, in this order: rename, convert, split, set, unset; with a version that is written into its field <c>_v</c> as well.
/// </summary>
internal sealed record CollectionMigration(string Collection)
{
    /// <summary>The name of the statement.</summary>
    public const string Command = "migrate";

    /// <summary>The field of a document that holds the version of its shape; a document without it is older than any.</summary>
    public const string VersionField = "_v";

    private static readonly string[] Known = ["filter", "rename", "convert", "split", "set", "unset", "version", "downTo"];

    /// <summary>Which documents; empty for all.</summary>
    public BsonDocument Filter { get; private init; } = [];

    /// <summary>Fields and their new names.</summary>
    public IReadOnlyList<(string From, string To)> Rename { get; private init; } = [];

    /// <summary>Fields and the types that their values get.</summary>
    public IReadOnlyList<(string Field, string Type)> Convert { get; private init; } = [];

    /// <summary>Fields that are parted.</summary>
    public IReadOnlyList<FieldSplit> Split { get; private init; } = [];

    /// <summary>Fields and their values: constants, or expressions as the stage $set takes them.</summary>
    public BsonDocument Set { get; private init; } = [];

    /// <summary>Fields that go.</summary>
    public IReadOnlyList<string> Unset { get; private init; } = [];

    /// <summary>The version that documents get: only those below it are changed.</summary>
    public int? Version { get; init; }

    /// <summary>The version that documents go back to: only those above it are changed.</summary>
    public int? DownTo { get; private init; }

    /// <summary>Whether the server must reckon values.</summary>
    public bool HasExpressions => Set.Any(s => IsExpression(s.Value));

    /// <summary>The fields of a document that the change looks at or writes, as paths.</summary>
    public IEnumerable<string> Paths =>
        Rename.SelectMany(r => new[] { r.From, r.To }).Concat(Convert.Select(c => c.Field)).Concat(Split.SelectMany(s => s.Into.Prepend(s.Field)))
            .Concat(HasExpressions ? [] : Set.Names.Concat(Unset)).Concat((Version ?? DownTo) is null ? [] : [VersionField]);

    /// <summary>The documents that are not yet as they should be.</summary>
    public BsonDocument Waiting
    {
        get
        {
            var conditions = new BsonArray();
            if (Filter.ElementCount > 0)
            {
                conditions.Add(Filter);
            }

            if ((Version is { } up ? Not("$gte", up) : DownTo is { } down ? new BsonDocument("$gt", down) : null) is { } version)
            {
                conditions.Add(new BsonDocument(VersionField, version));
            }
            else if (Set.ElementCount == 0)
            {
                conditions.Add(new BsonDocument("$or", new BsonArray(Needs())));
            }

            return conditions.Count switch { 0 => new BsonDocument(), 1 => conditions[0].AsBsonDocument, _ => new BsonDocument("$and", conditions) };
        }
    }

    /// <summary>The change that a statement makes in documents; null for a command of the server.</summary>
    public static CollectionMigration? Of(BsonDocument statement)
    {
        if (statement.GetElement(0) is not { Name: Command, Value: var collection })
        {
            return null;
        }

        if (statement.Names.Skip(1).FirstOrDefault(n => !Known.Contains(n)) is { } unknown)
        {
            throw Bad($"does not know '{unknown}'; its parts are {string.Join(", ", Known)}");
        }

        var migration = new CollectionMigration(collection is BsonString { Value: { Length: > 0 } name } ? name : throw Bad("names a collection"))
        {
            Filter = Document(statement, "filter"),
            Rename = [.. Document(statement, "rename").Select(e => (e.Name, TextOf(e, "rename", "the new name of a field")))],
            Convert = [.. Document(statement, "convert").Select(e => (e.Name, TypeOf(e)))],
            Split = [.. Document(statement, "split").Select(SplitOf)],
            Set = Document(statement, "set"),
            Unset = Texts(statement.GetValue("unset", new BsonArray()), "unset"),
            Version = Number(statement, "version"),
            DownTo = Number(statement, "downTo"),
        };
        CollectionMigrationRules.Check(migration);
        return migration;
    }

    internal static DataException Bad(string reason) => DataErrors.InvalidOption($"\"{Command}\" {reason}: {{ \"{Command}\": \"users\", \"rename\": {{ \"mail\": \"email\" }} }}.");

    /// <summary>Whether a value of $set is reckoned by the server.</summary>
    internal static bool IsExpression(BsonValue value) => value switch
    {
        BsonString text => text.Value.StartsWith('$'),
        BsonDocument document => document.Any(e => e.Name.StartsWith('$') || IsExpression(e.Value)),
        BsonArray items => items.Any(IsExpression),
        _ => false,
    };

    private IEnumerable<BsonDocument> Needs() =>
    [
        .. Rename.Select(r => Exists(r.From, true)),
        // A query looks into arrays; what is one can be no converted value.
        .. Convert.SelectMany(c => new[] { new BsonDocument(c.Field, Not("$type", new BsonArray { c.Type, "null" }).Add("$exists", true)), new BsonDocument(c.Field, new BsonDocument("$type", "array")) }),
        .. Split.Select(s => new BsonDocument(s.Field, Not("$type", "null").Add("$exists", true)).Add("$or", new BsonArray(s.Into.Select(i => Exists(i, false))))),
        .. Unset.Select(u => Exists(u, true)),
    ];

    private static BsonDocument Exists(string field, bool exists) => new(field, new BsonDocument("$exists", exists));

    private static BsonDocument Not(string name, BsonValue value) => new("$not", new BsonDocument(name, value));

    private static BsonDocument Document(BsonDocument statement, string name) => statement.GetValue(name, new BsonDocument()) as BsonDocument ?? throw Bad($"has an object as '{name}'");

    private static int? Number(BsonDocument statement, string name) => statement.GetValue(name, BsonNull.Value) switch
    {
        BsonNull => null,
        BsonInt32 { Value: >= 0 } number => number.Value,
        _ => throw Bad($"has a whole number as '{name}'"),
    };

    private static string TextOf(BsonElement element, string name, string what) => element.Value is BsonString text ? text.Value : throw Bad($"has {what} in '{name}'");

    private static string TypeOf(BsonElement element) =>
        TextOf(element, "convert", "a type") is var type && BsonConversion.Types.Contains(type) ? type : throw Bad($"converts to {string.Join(", ", BsonConversion.Types)}, and not to '{type}'");

    private static List<string> Texts(BsonValue value, string name) => value switch
    {
        BsonString text => [text.Value],
        BsonArray items when items.All(i => i is BsonString) => [.. items.Select(i => i.AsString)],
        _ => throw Bad($"has an array of fields as '{name}'"),
    };

    private static FieldSplit SplitOf(BsonElement element)
    {
        const string Form = "has { \"into\": [ \"first\", \"last\" ], \"separator\": \" \" } for a field of 'split', and may have a \"default\" for parts that are not there";
        return element.Value is BsonDocument split && split.Names.All(n => n is "into" or "separator" or "default") && split.GetValue("separator", "") is BsonString { Value.Length: > 0 } separator
            && Texts(split.GetValue("into", ""), "split") is { Count: > 1 } into
                ? new FieldSplit(element.Name, into, separator.Value, split.GetValue("default", null))
                : throw Bad(Form);
    }
}
