using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>
/// Reads migrations of JSON: an object whose properties are options and sections, each section an array of commands. Comments and a comma behind the last element are let be.
/// </summary>
internal static class JsonMigration
{
    private const string Form = "a migration of JSON is an object with sections of commands: { \"up\": [ { ... } ], \"down\": [ { ... } ] }";

    private static readonly JsonReaderOptions OneValue = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonReaderOptions Values = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowMultipleValues = true };
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, SectionKind> Kinds = Enum.GetValues<SectionKind>().ToDictionary(NameOf);

    /// <summary>Options that are read as in files of SQL.</summary>
    private static readonly string[] TextOptions = ["depends", "variables", "irreversible", "database"];

    /// <summary>The options of a file that names none: other databases leave it alone.</summary>
    public static MigrationFileOptions Options { get; } = MigrationFileOptions.Default with { Databases = ["mongodb"] };

    /// <summary>The migration of a text.</summary>
    public static MigrationFile Parse(MigrationFile file)
    {
        var bytes = Encoding.UTF8.GetBytes(file.Text);
        try
        {
            return Read(file with { Options = Options }, bytes);
        }
        catch (JsonException e)
        {
            throw Malformed(file.Path, 1, e);
        }
    }

    /// <summary>The commands of a section: the elements of an array, or values that follow one another. Each is brought into one line.</summary>
    public static IReadOnlyList<SqlStatement> Split(string text, string source, int line)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return Commands(bytes, source, line);
        }
        catch (JsonException e)
        {
            throw Malformed(source, line, e);
        }
    }

    /// <summary>The text of a migration of sections, each an array of commands.</summary>
    public static string Write(int? batch, IEnumerable<(SectionKind Kind, string Commands)> sections)
    {
        var properties = sections.Select(s => $"  \"{NameOf(s.Kind)}\": {s.Commands.Trim()}");
        return $"{{\n{string.Join(",\n", batch is { } size ? properties.Prepend(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  \"batch\": {size}")) : properties)}\n}}\n";
    }

    private static string NameOf(SectionKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static MigrationFile Read(MigrationFile file, byte[] bytes)
    {
        var sections = new List<MigrationSection>();
        var options = file.Options;
        var reader = new Utf8JsonReader(bytes, OneValue);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw DataErrors.MigrationMalformed(file.Path, 1, Form);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            using var value = JsonDocument.ParseValue(ref reader);
            var line = LineAt(bytes, start);
            if (Kinds.TryGetValue(name, out var kind))
            {
                sections.Add(Section(file, sections, kind, value.RootElement, Encoding.UTF8.GetString(bytes, start, (int)reader.BytesConsumed - start), line));
            }
            else
            {
                options = With(options, name, value.RootElement) ?? throw DataErrors.MigrationMalformed(
                    file.Path, line, $"'{name}' is neither a section ({string.Join(", ", Kinds.Keys)}) nor an option with a value that it takes ({string.Join(", ", TextOptions)}, batch, ignore, description)");
            }
        }

        // What follows the object is an error.
        reader.Read();
        return file with { Options = options, Sections = sections };
    }

    private static MigrationSection Section(MigrationFile file, List<MigrationSection> before, SectionKind kind, JsonElement value, string text, int line) =>
        value.ValueKind != JsonValueKind.Array ? throw DataErrors.MigrationMalformed(file.Path, line, $"the section '{NameOf(kind)}' is an array of commands")
        : before.Exists(s => s.Kind == kind) ? throw DataErrors.MigrationMalformed(file.Path, line, $"the section '{NameOf(kind)}' is there twice")
        : new MigrationSection(kind, [], text, line);

    /// <summary>The options with one more; null where it is none, or its value is not.</summary>
    private static MigrationFileOptions? With(MigrationFileOptions options, string name, JsonElement value) => name switch
    {
        "description" => value.ValueKind == JsonValueKind.String ? options : null,
        "batch" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size > 0 ? options with { BatchSize = size } : null,
        "ignore" => Texts(value) is { } rules ? options with { IgnoredRules = rules } : null,
        _ => TextOptions.Contains(name) && Texts(value) is { } texts ? MigrationParser.With(options, name, string.Join(", ", texts)) : null,
    };

    /// <summary>A text, or an array of such; null for any other value.</summary>
    private static List<string>? Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(v => v.GetString()!)],
        _ => null,
    };

    private static List<SqlStatement> Commands(byte[] bytes, string source, int line)
    {
        var commands = new List<SqlStatement>();
        var reader = new Utf8JsonReader(bytes, Values);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
            {
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw DataErrors.MigrationMalformed(source, line + LineAt(bytes, start) - 1, "a command is an object, such as { \"create\": \"users\" }");
            }

            using var command = JsonDocument.ParseValue(ref reader);
            commands.Add(new SqlStatement(ToLine(command.RootElement), start, line + LineAt(bytes, start) - 1));
        }

        return commands;
    }

    private static string ToLine(JsonElement command)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, OneLine))
        {
            command.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static int LineAt(byte[] bytes, int position) => bytes.AsSpan(0, position).Count((byte)'\n') + 1;

    /// <summary>What the reader says of lines counts from zero, and is left out of its text.</summary>
    private static DataException Malformed(string path, int line, JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return DataErrors.MigrationMalformed(path, line + (int)(error.LineNumber ?? 0), (end < 0 ? error.Message : error.Message[..end]).TrimEnd('.'));
    }
}
