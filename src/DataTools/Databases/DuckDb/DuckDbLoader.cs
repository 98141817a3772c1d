using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Databases.DuckDb;

/// <summary>
/// Loads rows by DuckDB's appender. A row that is refused ends DuckDB's transaction, and it has no savepoints: where bad rows may be put aside they are found
/// before, and where not, the row is looked for afterwards.
/// </summary>
internal sealed class DuckDbLoader(DuckDbSession session, LoadTarget target) : IBulkLoader, IFaultFinder
{
    private readonly ColumnLimits _limits = new(target, Limit);
    private DuckDbAppender? _appender;
    private long _loaded;

    /// <summary>What the columns would change without a word: those of whole seconds and milliseconds round to them.</summary>
    public static ColumnLimit? Limit(string native, DataType type) => native.ToUpperInvariant() switch
    {
        "TIMESTAMP_S" => ColumnLimit.Unit(1_000_000, "has parts of a second, which the column does not keep"),
        "TIMESTAMP_MS" => ColumnLimit.Unit(1000, "has parts of a millisecond, which the column does not keep"),
        _ => null,
    };

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        _limits.Check(batch);
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
        _limits.WarnOfLoss();
    }

    /// <summary>What the rows have against what is committed; a key that a row of this run had before is found by what DuckDB says.</summary>
    private LoadFault? Explain(RecordBatch batch, string message, CancellationToken cancellation)
    {
        using var other = session.Fork();
        return new DuckDbRowCheck(other, target).Find(batch, cancellation) is [var first, ..] ? first : DuckDbRowCheck.FindKey(batch, message);
    }
}
