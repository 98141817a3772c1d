using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Key-value metadata of schemas.</summary>
public static class SchemaMetadata
{
    /// <summary>The schema with more metadata; keys that it has already get the new value.</summary>
    public static Schema WithMetadata(this Schema schema, IReadOnlyDictionary<string, string> added)
    {
        if (added.Count == 0)
        {
            return schema;
        }

        var all = schema.HasMetadata ? new Dictionary<string, string>(schema.Metadata) : [];
        foreach (var (key, value) in added)
        {
            all[key] = value;
        }

        return new Schema(schema.FieldsList, all);
    }
}
