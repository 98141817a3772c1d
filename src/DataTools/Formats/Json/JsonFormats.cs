using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>JSON: an array of objects, objects one after the other, or what <see cref="ReadOptions.RecordPath"/> leads to.</summary>
internal sealed class JsonFormat : IDataFormat
{
    /// <inheritdoc/>
    public string Name => "Json";

    /// <inheritdoc/>
    public string Description => "JSON: an array of objects, or the records at -RecordPath";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".json", ".geojson"];

    /// <inheritdoc/>
    public bool IsText => true;

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } =
        (source, context) => new JsonBatchReader(source, context, () => new ValueSplitter(JsonInput.Open(source, context.Options), context.Options));

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } =
        (stream, schema, context) => new JsonBatchWriter(stream, schema, context, isLines: false);
}

/// <summary>NDJSON: one object a line.</summary>
internal sealed class NdJsonFormat : IDataFormat
{
    /// <inheritdoc/>
    public string Name => "NdJson";

    /// <inheritdoc/>
    public string Description => "NDJSON (JSON Lines): one object a line";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".ndjson", ".jsonl"];

    /// <inheritdoc/>
    public bool IsText => true;

    /// <inheritdoc/>
    public bool CanAppend => true;

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } =
        (source, context) => new JsonBatchReader(source, context, () => new LineSplitter(JsonInput.Open(source, context.Options), context.Options));

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } =
        (stream, schema, context) => new JsonBatchWriter(stream, schema, context, isLines: true);
}
