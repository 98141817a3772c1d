using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats.Delimited;

namespace DataTools.Formats.FixedWidth;

/// <summary>
/// Text whose columns stand at fixed places of each line, which has no header: names come from the layout file or -Header, else the columns
/// are numbered. Places and widths count characters as .NET does (UTF-16 code units). A line that ends early has nulls for the columns it
/// lacks; a longer one than the layout is a reject, unless only spaces follow.
/// </summary>
internal sealed class FixedWidthFormat : IDataFormat
{
    /// <summary>The format.</summary>
    public static FixedWidthFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "FixedWidth";

    /// <inheritdoc/>
    public string Description => "Fixed-width text, by widths, start positions or a layout file (CSV: name,start,width,type)";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".fwf"];

    /// <inheritdoc/>
    public bool IsText => true;

    public bool IsUntyped => true;

    /// <inheritdoc/>
    public bool CanAppend => true;

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader => (source, context) => Open(source, context);

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter => (stream, schema, context) =>
        new RowWriter(stream, context, new FixedWidthRows(schema, context.Options), default);

    private static DelimitedReader Open(DataSource source, ReadContext context)
    {
        var layout = FixedWidthLayout.ForReading(context.Options, source.Name);
        var names = context.Options.Header.Count > 0 ? context.Options.Header : layout.Names;
        var options = context.Options with { NoHeader = true, Header = names, Types = Types(context.Options, layout, names) };
        var dialect = new Dialect
        {
            Separator = ",",
            Widths = layout.FieldWidths,
            Columns = layout.FieldPositions,
            Comment = options.Comment,
            Trim = true,
        };
        return DelimitedReader.Open(source, context with { Options = options }, _ => dialect);
    }

    /// <summary>The user's types, and the layout's for the columns that the user did not name.</summary>
    private static Dictionary<string, DataType> Types(ReadOptions options, FixedWidthLayout layout, IReadOnlyList<string> names)
    {
        var types = new Dictionary<string, DataType>(options.Types, StringComparer.OrdinalIgnoreCase);
        foreach (var (column, name) in layout.Columns.Zip(names))
        {
            if (column.Type is { } type && !options.Types.Keys.Any(k => ColumnNames.IsMatch(name, k)))
            {
                types.Add(name, type);
            }
        }

        return types;
    }
}
