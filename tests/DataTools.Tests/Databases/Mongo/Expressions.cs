using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The expressions of aggregations that the tests use (https://www.mongodb.com/docs/manual/reference/operator/aggregation); others are errors.</summary>
internal static class Expressions
{
    /// <summary>The value of an expression; null where it is missing, which is not the same as a null.</summary>
    internal static BsonValue? Evaluate(BsonDocument document, BsonValue expression) => expression switch
    {
        BsonString { Value: "$$NOW" } => BsonDateTime.Create(DateTime.UtcNow),
        BsonString { Value: "$$REMOVE" } => null,
        BsonString { Value: ['$', '$', .. var variable] } => throw new WireFault(17276, "Location17276", $"Use of undefined variable: {variable}"),
        BsonString { Value: ['$', .. var path] } => Query.At(document, path),
        BsonDocument operation when IsOperator(operation) => Operate(document, operation.GetElement(0)),
        BsonDocument fields => new BsonDocument(fields.Select(f => (f.Name, Value: Evaluate(document, f.Value))).Where(f => f.Value is not null).Select(f => new BsonElement(f.Name, f.Value))),
        BsonArray items => new BsonArray(items.Select(i => Evaluate(document, i) ?? BsonNull.Value)),
        _ => expression,
    };

    /// <summary>Whether the value of an expression counts as true.</summary>
    internal static bool IsTrue(BsonValue? value) => value is not (null or BsonNull or BsonBoolean { Value: false }) && !(value.IsNumeric && value.ToDouble() == 0);

    /// <summary>Whether an object is an operator with its arguments.</summary>
    internal static bool IsOperator(BsonDocument document) => document.ElementCount > 0 && document.GetElement(0).Name.StartsWith('$');

    private static BsonValue? Operate(BsonDocument document, BsonElement operation)
    {
        if (operation.Name == "$literal")
        {
            return operation.Value;
        }

        var values = (operation.Value is BsonArray several ? several.AsEnumerable() : [operation.Value]).Select(v => Evaluate(document, v)).ToList();
        return operation.Name switch
        {
            "$add" => Sum(values),
            "$concat" => Concat(values),
            "$toUpper" => values[0] is BsonString text ? text.Value.ToUpperInvariant() : "",
            "$lte" => Compare(values) <= 0,
            _ => throw new WireFault(168, "InvalidPipelineOperator", $"Unrecognized expression '{operation.Name}'"),
        };
    }

    /// <summary>Numbers, of which one may be a date.</summary>
    private static BsonValue Sum(List<BsonValue?> values)
    {
        if (values.Exists(v => v is null or BsonNull))
        {
            return BsonNull.Value;
        }

        if (values.Find(v => !v!.IsNumeric && v is not BsonDateTime) is { } odd)
        {
            throw new WireFault(14, "TypeMismatch", $"$add only supports numeric or date types, not {odd.BsonType}");
        }

        var sum = values.Where(v => v!.IsNumeric).Aggregate((BsonValue)0, (a, b) => Numbers.Add(a, b!));
        return values.OfType<BsonDateTime>().SingleOrDefault() is { } date ? new BsonDateTime(date.MillisecondsSinceEpoch + sum.ToInt64()) : sum;
    }

    private static BsonValue Concat(List<BsonValue?> values) =>
        values.Exists(v => v is null or BsonNull) ? BsonNull.Value
        : values.Find(v => v is not BsonString) is { } odd ? throw new WireFault(16702, "Location16702", $"$concat only supports strings, not {odd.BsonType}")
        : string.Concat(values.Select(v => v!.AsString));

    private static int Compare(List<BsonValue?> values) =>
        values is [{ } left, { } right] ? BsonOrder.Instance.Compare(left, right) : throw WireFault.BadValue("This server compares two values that are there.");
}

/// <summary>Sums keep the widest of the types.</summary>
internal static class Numbers
{
    internal static BsonValue Add(BsonValue a, BsonValue b) =>
        a.IsDecimal128 || b.IsDecimal128 ? new BsonDecimal128(a.ToDecimal() + b.ToDecimal())
        : a.IsDouble || b.IsDouble ? (BsonValue)(a.ToDouble() + b.ToDouble())
        : a.ToInt64() + b.ToInt64() is var sum && a.IsInt32 && b.IsInt32 && sum == (int)sum ? (BsonValue)(int)sum : sum;
}
