using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Query;

/// <summary>Reads batches that are in memory.</summary>
internal sealed class BatchListReader(Schema schema, IReadOnlyList<RecordBatch> batches) : IBatchReader
{
    private int _next;

    /// <inheritdoc/>
    public Schema Schema => schema;

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _next < batches.Count ? batches[_next++] : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
