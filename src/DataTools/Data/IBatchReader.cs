using Apache.Arrow;

namespace DataTools.Data;

/// <summary>
/// A source of record batches. The schema is known before the first batch; every batch has it. Used by one thread at a time, which need
/// not be the one that made it.
/// </summary>
public interface IBatchReader : IDisposable
{
    /// <summary>The columns, with types of <see cref="DataTypes"/> only.</summary>
    Schema Schema { get; }

    /// <summary>
    /// The next batch (some tens of thousands of rows; may be empty), or null at the end. The receiver owns it; nobody writes to its
    /// buffers again. Stops within a second of cancellation with an <see cref="OperationCanceledException"/>.
    /// </summary>
    RecordBatch? ReadBatch(CancellationToken cancellation);

    /// <summary>How far the reader is, 0 to 1, or null where that is not known.</summary>
    double? Progress => null;
}

/// <summary>A target of record batches. Used by one thread at a time.</summary>
public interface IBatchWriter : IDisposable
{
    /// <summary>Writes a batch of the schema that the writer was opened with.</summary>
    void WriteBatch(RecordBatch batch, CancellationToken cancellation);

    /// <summary>Ends the output. Without it the output is incomplete and its owner discards it.</summary>
    void Complete(CancellationToken cancellation);
}
