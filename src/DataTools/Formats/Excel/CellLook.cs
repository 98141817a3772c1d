using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataTools.Formats.Excel;

/// <summary>What a cell looks like; null for what it has of the book. The parts of the style are XML as a book's style sheet holds it.</summary>
/// <param name="NumberFormat">The number format in Excel's notation.</param>
/// <param name="Font">Name, size, colour, bold and the like.</param>
/// <param name="Fill">The background.</param>
/// <param name="Border">The lines around it.</param>
/// <param name="Alignment">How the text stands in it.</param>
public sealed record CellLook(string? NumberFormat, string? Font, string? Fill, string? Border, string? Alignment)
{
    /// <summary>A look that leaves everything as it is.</summary>
    public static CellLook None { get; } = new(null, null, null, null, null);
}

/// <summary>What a column of a sheet looks like. Travels as field metadata, so that it is kept whatever happens to the rows.</summary>
/// <param name="Width">In characters; null for the sheet's own.</param>
/// <param name="Cells">The cells below the header.</param>
/// <param name="Header">The cell of the header.</param>
public sealed record ColumnLook(double? Width, CellLook? Cells, CellLook? Header)
{
    /// <summary>The key of field metadata.</summary>
    public const string Mark = "datatools:column-look";

    /// <summary>The look that metadata holds, or null.</summary>
    public static ColumnLook? Of(IReadOnlyDictionary<string, string>? metadata) => LookText.Parse<ColumnLook>(metadata, Mark);
}

/// <summary>What a sheet looks like. Travels as schema metadata.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FrozenRows">The rows that stay in sight.</param>
/// <param name="FrozenColumns">The columns that stay in sight.</param>
/// <param name="AutoFilter">Whether buttons in the header filter the rows.</param>
/// <param name="Table">The name of its table; null for none.</param>
/// <param name="TableStyle">The table's style.</param>
/// <param name="HeaderHeight">The height of the header row in points; null for the usual.</param>
/// <param name="RowHeight">The height of other rows in points; null for the usual.</param>
public sealed record SheetLook(
    string? Name, int FrozenRows, int FrozenColumns, bool AutoFilter, string? Table, string? TableStyle, double? HeaderHeight, double? RowHeight)
{
    /// <summary>The key of schema metadata.</summary>
    public const string Mark = "datatools:sheet-look";

    /// <summary>A sheet as Excel makes one.</summary>
    public static SheetLook Plain { get; } = new(null, 0, 0, false, null, null, null, null);

    /// <summary>The look that metadata holds, or null.</summary>
    public static SheetLook? Of(IReadOnlyDictionary<string, string>? metadata) => LookText.Parse<SheetLook>(metadata, Mark);
}

/// <summary>Puts looks on columns.</summary>
public static class Looks
{
    /// <summary>A field with its look.</summary>
    public static Apache.Arrow.Field Mark(Apache.Arrow.Field field, ColumnLook look)
    {
        var metadata = field.HasMetadata ? new Dictionary<string, string>(field.Metadata) : [];
        metadata[ColumnLook.Mark] = LookText.Format(look);
        return new Apache.Arrow.Field(field.Name, field.DataType, field.IsNullable, metadata);
    }

    /// <summary>A schema with the look of its sheet.</summary>
    public static Apache.Arrow.Schema Mark(Apache.Arrow.Schema schema, SheetLook look) =>
        Data.SchemaMetadata.WithMetadata(schema, new Dictionary<string, string> { [SheetLook.Mark] = LookText.Format(look) });
}

/// <summary>Looks as JSON.</summary>
internal static class LookText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n",
    };

    /// <summary>A look as JSON.</summary>
    public static string Format<T>(T look) => JsonSerializer.Serialize(look, Options);

    /// <summary>Reads JSON; throws a <see cref="JsonException"/> where it is none.</summary>
    public static T Parse<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null is no object");

    /// <summary>Reads what metadata holds under a key; null where it has none, or none of ours.</summary>
    public static T? Parse<T>(IReadOnlyDictionary<string, string>? metadata, string key)
        where T : class
    {
        try
        {
            return metadata is not null && metadata.TryGetValue(key, out var text) ? Parse<T>(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
