using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Parquet;

/// <summary>Parquet files, read and written by Arrow's own library.</summary>
internal sealed class ParquetFormat : IDataFormat
{
    public string Name => "Parquet";

    public string Description => "Parquet: row groups, column projection and statistics, all codecs, nested columns, key-value metadata";

    public IReadOnlyList<string> Extensions { get; } = [".parquet", ".pq"];

    public bool CanSkip => true;

    public Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; } = (source, context) => new ParquetBatchReader(source, context);

    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } = (stream, schema, context) => new ParquetBatchWriter(stream, schema, context);
}
