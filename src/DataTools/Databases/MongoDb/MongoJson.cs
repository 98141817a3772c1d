using DataTools.Errors;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace DataTools.Databases.MongoDb;

/// <summary>What users write as JSON: Extended JSON, or the form that the shell takes.</summary>
internal static class MongoJson
{
    private static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    /// <summary>A value as JSON that keeps its type.</summary>
    public static string Text(BsonValue value) => value.ToJson(Canonical);

    /// <summary>A value as people write it.</summary>
    public static string Shown(BsonValue value) => value.ToJson();

    /// <summary>Reads one document.</summary>
    public static BsonDocument Document(string text, string hint) => Documents(text, hint) is [var only] ? only : throw DataErrors.InvalidOption($"{hint}.");

    /// <summary>Reads documents that follow one another, or stand in an array.</summary>
    public static List<BsonDocument> Documents(string text, string hint)
    {
        try
        {
            using var reader = new JsonReader(text.Trim());
            if (text.TrimStart().StartsWith('['))
            {
                return [.. BsonSerializer.Deserialize<BsonArray>(reader).Select(d => d as BsonDocument ?? throw new FormatException($"{d} is no document"))];
            }

            var documents = new List<BsonDocument>();
            while (!reader.IsAtEndOfFile())
            {
                documents.Add(BsonSerializer.Deserialize<BsonDocument>(reader));
            }

            return documents;
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException or InvalidOperationException)
        {
            throw DataErrors.InvalidOption($"{hint}: {e.Message}");
        }
    }
}
