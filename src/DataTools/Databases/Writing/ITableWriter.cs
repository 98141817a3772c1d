using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Databases.Writing;

/// <summary>Writes rows to a table.</summary>
public interface ITableWriter : IBatchWriter
{
    /// <summary>What has become of the rows; final when the writer is complete.</summary>
    WriteCounts Counts { get; }
}

/// <summary>What has become of the rows.</summary>
/// <param name="Loaded">Rows that the database took.</param>
/// <param name="Committed">Of these, the rows that stay whatever happens now.</param>
/// <param name="Duplicates">Rows whose key another row of the same run had too.</param>
public sealed record WriteCounts(long Loaded, long Committed, long Duplicates);

/// <summary>
/// Loads batches into one existing table within the session's transaction by the fastest way that the database has. The batches have exactly the
/// columns that it was opened for, in their order and with the types of the table.
/// </summary>
public interface IBulkLoader : IDisposable
{
    /// <summary>Loads the rows of a batch, or begins to: they are loaded for certain after <see cref="Flush"/>.</summary>
    void Load(RecordBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Ends what is under way and says how many rows went in since the last time. Where the database changed, cut or dropped any, it throws, and the
    /// caller undoes what was loaded since.
    /// </summary>
    long Flush(CancellationToken cancellation);
}
