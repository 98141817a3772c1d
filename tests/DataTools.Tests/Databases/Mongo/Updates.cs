using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The update operators that the product uses, on whole fields, and pipelines.</summary>
internal static class Updates
{
    /// <summary>The document after an update.</summary>
    internal static BsonDocument Apply(BsonDocument document, BsonValue update, bool isInsert)
    {
        if (update is BsonArray pipeline)
        {
            return pipeline.Aggregate(document, (d, s) => Stage(d, s.AsBsonDocument.GetElement(0)));
        }

        var changed = new BsonDocument(document);
        foreach (var operation in update.AsBsonDocument)
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
    internal static BsonDocument Inserted(BsonDocument filter, BsonValue update)
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

    /// <summary>A stage of an update: every value is reckoned of the document as the stage finds it.</summary>
    private static BsonDocument Stage(BsonDocument document, BsonElement stage)
    {
        var changed = document.DeepClone().AsBsonDocument;
        switch (stage.Name)
        {
            case "$set":
                foreach (var field in stage.Value.AsBsonDocument)
                {
                    Set(changed, document, field.Name, field.Value);
                }

                break;
            case "$unset":
                foreach (var path in stage.Value is BsonArray several ? several.AsEnumerable() : [stage.Value])
                {
                    Holder(changed, path.AsString, makes: false)?.Remove(path.AsString.Split('.')[^1]);
                }

                break;
            default:
                throw new WireFault(40324, "Location40324", $"Unrecognized pipeline stage name: '{stage.Name}'");
        }

        return changed;
    }

    /// <summary>An object that is no operator sets the fields within; what is missing goes.</summary>
    private static void Set(BsonDocument changed, BsonDocument document, string path, BsonValue expression)
    {
        if (expression is BsonDocument { ElementCount: > 0 } fields && !Expressions.IsOperator(fields))
        {
            fields.ToList().ForEach(f => Set(changed, document, $"{path}.{f.Name}", f.Value));
            return;
        }

        var name = path.Split('.')[^1];
        if (Expressions.Evaluate(document, expression) is { } value)
        {
            Holder(changed, path, makes: true)![name] = value;
        }
        else
        {
            Holder(changed, path, makes: false)?.Remove(name);
        }
    }

    private static BsonDocument? Holder(BsonDocument document, string path, bool makes)
    {
        var holder = document;
        foreach (var part in path.Split('.')[..^1])
        {
            var below = holder.GetValue(part, null);
            if (below is BsonArray)
            {
                throw WireFault.BadValue($"This server changes nothing within arrays, as '{path}' does.");
            }

            if (below is not BsonDocument && !makes)
            {
                return null;
            }

            holder = below as BsonDocument ?? (holder[part] = new BsonDocument()).AsBsonDocument;
        }

        return holder;
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
