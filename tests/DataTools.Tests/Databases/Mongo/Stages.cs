using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The stages of pipelines that the tests use.</summary>
internal static class Stages
{
    internal static IEnumerable<BsonDocument> Apply(IEnumerable<BsonDocument> documents, BsonDocument stage)
    {
        var (name, value) = (stage.GetElement(0).Name, stage[0]);
        return name switch
        {
            "$match" => documents.Where(d => Query.Matches(d, value.AsBsonDocument)),
            "$sort" => Query.Sorted(documents, value.AsBsonDocument),
            "$limit" => documents.Take(value.ToInt32()),
            "$sample" => Sampled([.. documents], value.AsBsonDocument["size"].ToInt32()),
            "$skip" => documents.Skip(value.ToInt32()),
            "$project" => documents.Select(d => Query.Project(d, value.AsBsonDocument)),
            "$count" => [new BsonDocument(value.AsString, documents.Count())],
            "$documents" => value.AsBsonArray.Cast<BsonDocument>(),
            "$group" => Group(documents, value.AsBsonDocument),
            _ => throw new WireFault(40324, "Location40324", $"Unrecognized pipeline stage name: '{name}'"),
        };
    }

    private static IEnumerable<BsonDocument> Sampled(BsonDocument[] documents, int size)
    {
        Random.Shared.Shuffle(documents);
        return documents.Take(size);
    }

    private static IEnumerable<BsonDocument> Group(IEnumerable<BsonDocument> documents, BsonDocument group) =>
        documents.GroupBy(d => Expressions.Evaluate(d, group["_id"]) ?? BsonNull.Value, Comparer).Select(g =>
        {
            var result = new BsonDocument("_id", g.Key);
            foreach (var field in group.Where(f => f.Name != "_id"))
            {
                result[field.Name] = Accumulate([.. g], field.Value.AsBsonDocument);
            }

            return result;
        });

    private static BsonValue Accumulate(List<BsonDocument> documents, BsonDocument accumulator)
    {
        var values = documents.Select(d => Expressions.Evaluate(d, accumulator[0]) ?? BsonNull.Value);
        return accumulator.GetElement(0).Name switch
        {
            "$sum" => values.Where(v => v.IsNumeric).Aggregate((BsonValue)0, Numbers.Add),
            "$max" => values.Where(v => !v.IsBsonNull).Max(BsonOrder.Instance) ?? BsonNull.Value,
            "$min" => values.Where(v => !v.IsBsonNull).Min(BsonOrder.Instance) ?? BsonNull.Value,
            var name => throw new WireFault(15952, "Location15952", $"unknown group operator '{name}'"),
        };
    }

    private static readonly IEqualityComparer<BsonValue> Comparer = EqualityComparer<BsonValue>.Create((a, b) => BsonOrder.Instance.Compare(a, b) == 0, v => BsonOrder.Class(v));
}
