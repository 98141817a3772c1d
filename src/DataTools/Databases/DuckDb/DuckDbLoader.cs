using Apache.Arrow;
using DataTools.Databases.Writing;

namespace DataTools.Databases.DuckDb;

/// <summary>
/// Loads rows by DuckDB's appender. A row that is refused ends DuckDB's transaction, and it has no savepoints: where bad rows may be put aside they are found
/// before, and where not, the row is looked for afterwards.
/// </summary>
internal sealed class DuckDbLoader(DuckDbSession session, LoadTarget target) : IBulkLoader, IFaultFinder
{
    private DuckDbAppender? _appender;
    private long _loaded;

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        _appender ??= new DuckDbAppender(session, target.Table, [.. target.Columns.Select(c => c.Name)], target.Schema);
        try
        {
            _appender.Append(batch, cancellation);
            // The table's own conditions are checked here, when the rows are still at hand.
            _appender.Flush();
        }
        catch (DuckDbException e) when (session.Database.Classify(e) is { Kind: FaultKind.Row })
        {
            if (Explain(batch, e.Message, cancellation) is { } fault)
            {
                throw new LoadFaultException(fault);
            }

            throw;
        }

        _loaded += batch.Length;
    }

    public long Flush(CancellationToken cancellation)
    {
        var loaded = _loaded;
        _loaded = 0;
        return loaded;
    }

    public IReadOnlyList<LoadFault> FindFaults(RecordBatch rows, CancellationToken cancellation) => new DuckDbRowCheck(session, target).Find(rows, cancellation);

    public void Dispose()
    {
        _appender?.Dispose();
        _appender = null;
    }

    /// <summary>What the rows have against what is committed; a key that a row of this run had before is found by what DuckDB says.</summary>
    private LoadFault? Explain(RecordBatch batch, string message, CancellationToken cancellation)
    {
        using var other = session.Fork();
        return new DuckDbRowCheck(other, target).Find(batch, cancellation) is [var first, ..] ? first : DuckDbRowCheck.FindKey(batch, message);
    }
}
