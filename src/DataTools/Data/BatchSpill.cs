using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace DataTools.Data;

/// <summary>Batches in a temporary file that vanishes with its handle.</summary>
internal sealed class BatchSpill : IDisposable
{
    private readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), $"datatools-{Guid.NewGuid():N}.spill"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    private readonly Schema _schema;
    private readonly ArrowStreamWriter _writer;

    /// <summary>A file for batches of a schema.</summary>
    public BatchSpill(Schema schema)
    {
        _schema = schema;
        _writer = new ArrowStreamWriter(_file, schema, leaveOpen: true);
    }

    /// <summary>Adds a batch.</summary>
    public void Write(RecordBatch batch) => _writer.WriteRecordBatch(batch);

    /// <summary>The batches, once; nothing can be added any more.</summary>
    public IEnumerable<RecordBatch> Read()
    {
        _writer.WriteEnd();
        _file.Position = 0;
        using var reader = new ArrowStreamReader(_file, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            yield return new RecordBatch(_schema, batch.Arrays, batch.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
