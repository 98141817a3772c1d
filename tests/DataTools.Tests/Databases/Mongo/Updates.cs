using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The update operators that the product uses, on whole fields.</summary>
internal static class Updates
{
    /// <summary>The document after an update.</summary>
    internal static BsonDocument Apply(BsonDocument document, BsonDocument update, bool isInsert)
    {
        var changed = new BsonDocument(document);
        foreach (var operation in update)
        {
            foreach (var field in operation.Value.AsBsonDocument)
            {
                if (field.Name.Contains('.', StringComparison.Ordinal) || field.Name.StartsWith('$'))
                {
                    throw WireFault.BadValue($"This server updates whole fields only, not '{field.Name}'.");
                }

                Apply(changed, operation.Name, field, isInsert);
            }
        }

        return changed;
    }

    /// <summary>The document that an upsert adds: what the filter asks for by equality, and what the update sets.</summary>
    internal static BsonDocument Inserted(BsonDocument filter, BsonDocument update)
    {
        var start = new BsonDocument();
        foreach (var condition in filter)
        {
            if (condition.Value is not BsonDocument { ElementCount: > 0 } operators || !operators.GetElement(0).Name.StartsWith('$'))
            {
                start[condition.Name] = condition.Value;
            }
            else if (operators.TryGetValue("$eq", out var equal))
            {
                start[condition.Name] = equal;
            }
        }

        var document = Apply(start, update, isInsert: true);
        var id = document.GetValue("_id", ObjectId.GenerateNewId());
        return new BsonDocument("_id", id).AddRange(document.Where(e => e.Name != "_id"));
    }

    private static void Apply(BsonDocument document, string operation, BsonElement field, bool isInsert)
    {
        switch (operation)
        {
            case "$set":
                document[field.Name] = field.Value;
                break;
            case "$setOnInsert":
                if (isInsert)
                {
                    document[field.Name] = field.Value;
                }

                break;
            case "$unset":
                document.Remove(field.Name);
                break;
            case "$rename" when document.TryGetValue(field.Name, out var value):
                document.Remove(field.Name);
                document[field.Value.AsString] = value;
                break;
            case "$rename":
                break;
            default:
                throw new WireFault(9, "FailedToParse", $"Unknown modifier: {operation}. Expected a valid update modifier or pipeline-style update specified as an array");
        }
    }
}
