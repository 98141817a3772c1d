using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats.Json;

namespace DataTools.Formats.Xml;

/// <summary>XML: elements that repeat, or those that <see cref="ReadOptions.RecordPath"/> leads to.</summary>
internal sealed class XmlFormat : IDataFormat
{
    /// <inheritdoc/>
    public string Name => "Xml";

    /// <inheritdoc/>
    public string Description => "XML: the elements at -RecordPath, or those that repeat";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".xml"];

    /// <inheritdoc/>
    public bool IsText => true;

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } = (source, context) =>
    {
        var options = context.Options;
        var path = options.RecordPath is { } named ? XmlPath.Parse(named) : XmlRecordFinder.Find(source, options, context.Warn);
        return new JsonBatchReader(source, context, () => new XmlSplitter(source, options, path), new JsonShape(options.Text));
    };

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } =
        (stream, schema, context) => new XmlBatchWriter(stream, schema, context);
}
