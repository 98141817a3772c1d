using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>Filters, sort orders and projections, as far as the product uses them; others are errors.</summary>
internal static class Query
{
    /// <summary>Whether a document meets a filter.</summary>
    internal static bool Matches(BsonDocument document, BsonDocument filter) => filter.All(e => e.Name switch
    {
        "$and" => e.Value.AsBsonArray.All(f => Matches(document, f.AsBsonDocument)),
        "$or" => e.Value.AsBsonArray.Any(f => Matches(document, f.AsBsonDocument)),
        "$expr" => Expressions.IsTrue(Expressions.Evaluate(document, e.Value)),
        "$jsonSchema" => JsonSchema.Matches(document, e.Value.AsBsonDocument),
        ['$', ..] => throw WireFault.BadValue($"unknown top level operator: {e.Name}"),
        _ => MatchesField(Values(document, e.Name), e.Value),
    });

    /// <summary>The values at a path; null where there is none.</summary>
    internal static BsonValue? At(BsonDocument document, string path)
    {
        BsonValue? value = document;
        foreach (var part in path.Split('.'))
        {
            value = value is BsonDocument inner && inner.TryGetValue(part, out var found) ? found : null;
        }

        return value;
    }

    /// <summary>Documents in an order.</summary>
    internal static IEnumerable<BsonDocument> Sorted(IEnumerable<BsonDocument> documents, BsonDocument sort)
    {
        IOrderedEnumerable<BsonDocument>? ordered = null;
        foreach (var (path, direction) in sort.Select(e => (e.Name, e.Value.ToInt32())))
        {
            BsonValue Key(BsonDocument d) => At(d, path) ?? BsonNull.Value;
            ordered = (ordered, direction) switch
            {
                (null, 1) => documents.OrderBy(Key, BsonOrder.Instance),
                (null, -1) => documents.OrderByDescending(Key, BsonOrder.Instance),
                (_, 1) => ordered.ThenBy(Key, BsonOrder.Instance),
                (_, -1) => ordered.ThenByDescending(Key, BsonOrder.Instance),
                _ => throw WireFault.BadValue($"$sort key ordering must be 1 (for ascending) or -1 (for descending)"),
            };
        }

        return ordered ?? documents;
    }

    /// <summary>Some fields of a document: those named with 1, or all but those named with 0.</summary>
    internal static BsonDocument Project(BsonDocument document, BsonDocument projection)
    {
        if (projection.Any(e => !e.Value.IsNumeric && !e.Value.IsBoolean || e.Name.Contains('.', StringComparison.Ordinal) || e.Name.StartsWith('$')))
        {
            throw WireFault.BadValue("This server projects whole fields only.");
        }

        var includes = projection.Any(e => e.Name != "_id" && e.Value.ToBoolean()) || (projection.ElementCount == 1 && projection.GetValue("_id", 0).ToBoolean());
        return includes
            ? new BsonDocument(document.Where(e => projection.GetValue(e.Name, e.Name == "_id").ToBoolean()))
            : new BsonDocument(document.Where(e => projection.GetValue(e.Name, true).ToBoolean()));
    }

    /// <summary>A path finds values in the documents of arrays too, and an array's elements.</summary>
    private static List<BsonValue?> Values(BsonDocument document, string path)
    {
        var found = Values(document, path.Split('.')).ToList();
        return found.Count == 0 ? [null] : [.. found.SelectMany(v => v is BsonArray items ? items.Prepend(v) : [v])];
    }

    private static IEnumerable<BsonValue?> Values(BsonValue value, string[] parts) => value switch
    {
        _ when parts.Length == 0 => [value],
        BsonDocument document => document.TryGetValue(parts[0], out var below) ? Values(below, parts[1..]) : [],
        BsonArray items => items.OfType<BsonDocument>().SelectMany(i => Values(i, parts)),
        _ => [],
    };

    private static bool MatchesField(List<BsonValue?> values, BsonValue condition) =>
        condition is BsonDocument { ElementCount: > 0 } operators && operators.GetElement(0).Name.StartsWith('$')
            ? operators.All(o => MatchesOperator(values, o))
            : values.Exists(v => IsEqual(v, condition));

    private static bool MatchesOperator(List<BsonValue?> values, BsonElement operation) => operation.Name switch
    {
        "$eq" => values.Exists(v => IsEqual(v, operation.Value)),
        "$ne" => !values.Exists(v => IsEqual(v, operation.Value)),
        "$gt" => values.Exists(v => Compared(v, operation.Value, c => c > 0)),
        "$gte" => values.Exists(v => Compared(v, operation.Value, c => c >= 0)),
        "$lt" => values.Exists(v => Compared(v, operation.Value, c => c < 0)),
        "$lte" => values.Exists(v => Compared(v, operation.Value, c => c <= 0)),
        "$in" => operation.Value.AsBsonArray.Any(o => values.Exists(v => IsEqual(v, o))),
        "$exists" => values.Exists(v => v is not null) == operation.Value.ToBoolean(),
        "$not" => !MatchesField(values, operation.Value),
        "$type" => values.Exists(v => v is not null && IsType(v, operation.Value)),
        _ => throw WireFault.BadValue($"unknown operator: {operation.Name}"),
    };

    internal static bool IsType(BsonValue value, BsonValue names) => names is BsonArray several
        ? several.Any(n => IsType(value, n))
        : names.AsString == "number" ? value.IsNumeric : NameOf(value) == names.AsString;

    /// <summary>A null finds what is not there.</summary>
    private static bool IsEqual(BsonValue? value, BsonValue wanted) => value is null ? wanted.IsBsonNull : BsonOrder.Instance.Compare(value, wanted) == 0;

    private static bool Compared(BsonValue? value, BsonValue bound, Func<int, bool> holds) =>
        value is not null && BsonOrder.Class(value) == BsonOrder.Class(bound) && holds(BsonOrder.Instance.Compare(value, bound));

    private static string NameOf(BsonValue value) => value.BsonType switch
    {
        BsonType.Document => "object",
        BsonType.Binary => "binData",
        BsonType.Boolean => "bool",
        BsonType.DateTime => "date",
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        BsonType.RegularExpression => "regex",
        var type => char.ToLowerInvariant(type.ToString()[0]) + type.ToString()[1..],
    };
}

/// <summary>The part of $jsonSchema that validators of the tests use.</summary>
internal static class JsonSchema
{
    internal static bool Matches(BsonDocument document, BsonDocument schema) => schema.All(e => e.Name switch
    {
        "bsonType" or "title" or "description" => true,
        "required" => e.Value.AsBsonArray.All(n => document.Contains(n.AsString)),
        "properties" => e.Value.AsBsonDocument.All(p => !document.TryGetValue(p.Name, out var value) || MatchesValue(value, p.Value.AsBsonDocument)),
        _ => throw WireFault.BadValue($"Unknown $jsonSchema keyword: {e.Name}"),
    });

    private static bool MatchesValue(BsonValue value, BsonDocument schema) => schema.All(e => e.Name switch
    {
        "bsonType" => Query.IsType(value, e.Value),
        "description" or "title" => true,
        "minimum" => BsonOrder.Instance.Compare(value, e.Value) >= 0,
        _ => throw WireFault.BadValue($"Unknown $jsonSchema keyword: {e.Name}"),
    });
}
