using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>Delimited text: records in lines, fields between separators, quotes where a field needs them (RFC 4180).</summary>
internal sealed class DelimitedFormat : IDataFormat
{
    private readonly string? _separator;

    private DelimitedFormat(string name, string description, string? separator, params string[] extensions)
    {
        Name = name;
        Description = description;
        Extensions = extensions;
        _separator = separator;
    }

    /// <summary>Text separated by commas or, when it is read, by what its first lines show.</summary>
    public static DelimitedFormat Csv { get; } = new(
        "Csv", "Delimited text: commas by default, any delimiter of one or more characters; dialect and encoding are detected or given", null, ".csv");

    /// <summary>Text separated by tabs.</summary>
    public static DelimitedFormat Tsv { get; } = new("Tsv", "Text separated by tabs", "\t", ".tsv", ".tab");

    /// <summary>Text separated by pipes.</summary>
    public static DelimitedFormat Psv { get; } = new("Psv", "Text separated by pipes", "|", ".psv");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; }

    /// <inheritdoc/>
    public bool IsText => true;

    /// <inheritdoc/>
    public bool IsUntyped => true;

    /// <inheritdoc/>
    public bool CanAppend => true;

    /// <summary>What separates the fields that are written, unless the options say otherwise.</summary>
    public string Separator => _separator ?? ",";

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader => (source, context) => Open(source, context);

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter => (stream, schema, context) =>
    {
        var layout = new DelimitedLayout(schema, context.Options, context.Options.Delimiter ?? Separator);
        return new RowWriter(stream, context, layout, layout.Header);
    };

    /// <summary>Opens a reader that reads pieces of <paramref name="pieceBytes"/> side by side.</summary>
    internal DelimitedReader Open(DataSource source, ReadContext context, int pieceBytes = DelimitedReader.PieceBytes) =>
        DelimitedReader.Open(source, context, input => Dialect.Find(input, context.Options, _separator), pieceBytes);
}
