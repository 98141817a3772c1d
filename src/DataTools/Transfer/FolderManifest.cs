using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>What a folder of a staged copy holds: tables as their database defined them, and the files with their rows.</summary>
/// <param name="Version">The version of this form.</param>
/// <param name="Database">The kind of database that the tables are from.</param>
/// <param name="Source">Where that is, without secrets.</param>
/// <param name="Tables">The tables.</param>
internal sealed record FolderManifest(int Version, string Database, string Source, IReadOnlyList<FolderTable> Tables)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    private const int KnownVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new TypeConverter(), new JsonStringEnumConverter() },
    };

    /// <summary>Enumerations that have names.</summary>
    public IReadOnlyList<EnumSchema> Enums { get; init; } = [];

    /// <summary>What else the database has, which is not copied.</summary>
    public IReadOnlyList<DatabaseObject> Others { get; init; } = [];

    /// <summary>A new manifest.</summary>
    public static FolderManifest Of(ICopySource source, DatabaseSchema schema, IReadOnlyList<FolderTable> tables) =>
        new(KnownVersion, source.Kind.Name, source.Name, tables) { Enums = schema.Enums, Others = schema.Others };

    /// <summary>Reads the manifest of a folder.</summary>
    public static FolderManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<FolderManifest>(File.ReadAllText(path), Json) is { Version: KnownVersion } manifest ? manifest
                : throw DataErrors.ManifestMismatch(path, "is of a version that is not known here");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw DataErrors.FileNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotOpen(path, e);
        }
        catch (JsonException e)
        {
            throw DataErrors.ManifestMismatch(path, $"is no manifest: {e.Message}");
        }
    }

    /// <summary>The SHA-256 of a file.</summary>
    public static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Writes it into a folder.</summary>
    public void Write(string folder) => Formats.WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json));

    /// <summary>Types by their names.</summary>
    private sealed class TypeConverter : JsonConverter<DataType>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(DataType).IsAssignableFrom(typeToConvert);

        public override DataType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DataTypes.TryParse(reader.GetString()!, out var type) ? type : throw new JsonException($"'{reader.GetString()}' is no type.");

        public override void Write(Utf8JsonWriter writer, DataType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}

/// <summary>A table of a staged copy.</summary>
/// <param name="Schema">The table as its database defined it.</param>
/// <param name="Files">The files with its rows.</param>
internal sealed record FolderTable(TableSchema Schema, IReadOnlyList<FolderFile> Files);

/// <summary>A file with rows of a table.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Rows">How many rows it holds.</param>
/// <param name="Sha256">The hash of its bytes.</param>
internal sealed record FolderFile(string Name, long Rows, string Sha256);
