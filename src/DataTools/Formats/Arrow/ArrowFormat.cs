using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Arrow;

/// <summary>Arrow's file format, also known as Feather version 2.</summary>
internal sealed class ArrowFormat : IDataFormat
{
    public string Name => "Arrow";

    public string Description => "Arrow IPC files (Feather 2), plain or with zstd or lz4";

    public IReadOnlyList<string> Extensions { get; } = [".arrow", ".feather", ".ipc"];

    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } = (source, context) => new ArrowBatchReader(source, context);

    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } = (stream, schema, context) => ArrowBatchWriter.OfFile(stream, schema, context);
}

/// <summary>Arrow's stream format, which needs no seeking. Reading tells both formats apart by their first bytes.</summary>
internal sealed class ArrowStreamFormat : IDataFormat
{
    public string Name => "ArrowStream";

    public string Description => "Arrow IPC streams, plain or with zstd or lz4";

    public IReadOnlyList<string> Extensions { get; } = [".arrows"];

    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } = (source, context) => new ArrowBatchReader(source, context);

    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } = (stream, schema, context) => ArrowBatchWriter.OfStream(stream, schema, context);
}
