using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Databases.Writing;

/// <summary>
/// Writes again what a passing conflict undid: a deadlock, a lock that was not given in time, transactions that met. It keeps the rows since the last commit as long
/// as they are few, and writes them anew only when the database has undone them, so that none is written twice.
/// </summary>
internal sealed class RetryingWriter : ITableWriter
{
    private const int Retries = 3;
    private const long MostBytes = 64 << 20;
    private const int FirstDelay = 200;

    /// <summary>A database that let wait so long for a lock has tried enough.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private readonly string _table;
    private readonly TableWriteOptions _options;
    private readonly DatabaseContext _context;
    private readonly Func<TableWriteOptions, ITableWriter> _open;
    private readonly bool _mayRetry;
    private readonly Queue<(long End, long Bytes, RecordBatch Rows)> _kept = new();
    private ITableWriter? _inner;
    private WriteCounts _before = new(0, 0, 0);
    private DateTime? _firstConflict;
    private long _bytes;
    private long _written;
    private long _lost;
    private int _tries;

    /// <summary>Opens the writer by <paramref name="open"/>; only one that begins and ends its own transaction, and puts no rows aside, may be opened again.</summary>
    public RetryingWriter(string table, TableWriteOptions options, DatabaseContext context, bool mayRetry, Func<TableWriteOptions, ITableWriter> open)
    {
        _table = table;
        _options = options;
        _context = context;
        _open = open;
        _mayRetry = mayRetry && !options.AllowsRejects;
        Try(() => _inner = _open(_options), context.Cancellation);
    }

    /// <inheritdoc/>
    public WriteCounts Counts => _inner is null ? _before
        : new WriteCounts(_before.Loaded + _inner.Counts.Loaded, _before.Committed + _inner.Counts.Committed, _before.Duplicates + _inner.Counts.Duplicates);

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _written += batch.Length;
        Keep(batch);
        Try(() => _inner!.WriteBatch(batch, cancellation), cancellation);
        Forget();
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation) => Try(() => _inner!.Complete(cancellation), cancellation, completes: true);

    /// <inheritdoc/>
    public void Dispose() => _inner?.Dispose();

    private void Try(Action step, CancellationToken cancellation, bool completes = false)
    {
        try
        {
            step();
        }
        catch (DataException e) when (CanRetry(e))
        {
            Repeat(e, completes, cancellation);
        }
        catch when (Counts.Committed > 0)
        {
            Tell();
            throw;
        }
    }

    private void Repeat(DataException error, bool completes, CancellationToken cancellation)
    {
        _context.Warn($"'{_table}': {error.Message} What was not committed is written again.");
        Restart();
        var delay = FirstDelay << _tries++;
        if (cancellation.WaitHandle.WaitOne(delay + Random.Shared.Next(delay)))
        {
            Tell();
            cancellation.ThrowIfCancellationRequested();
        }

        Try(
            () =>
            {
                _inner = _open(_before.Committed > 0 && _options.Mode == WriteMode.Fail ? _options with { Mode = WriteMode.Append } : _options);
                foreach (var (_, _, rows) in _kept.ToList())
                {
                    _inner.WriteBatch(rows, cancellation);
                }

                if (completes)
                {
                    _inner.Complete(cancellation);
                }
            },
            cancellation,
            completes);
    }

    /// <summary>Whether the rows that the database undid are all still here.</summary>
    private bool CanRetry(DataException error) =>
        _mayRetry && error.Id == nameof(DataErrors.TransactionConflict) && _tries < Retries && DateTime.UtcNow - (_firstConflict ??= DateTime.UtcNow) < MostTime && Counts.Committed >= _lost;

    private void Restart()
    {
        var committed = Counts.Committed;
        _inner?.Dispose();
        _before = new WriteCounts(committed, committed, committed == _before.Committed ? _before.Duplicates : Counts.Duplicates);
        _inner = null;
        Forget();
        // Of a batch that was committed in part, the rest is left.
        if (_kept.TryPeek(out var first) && first.End - first.Rows.Length < committed)
        {
            var rest = (int)(first.End - committed);
            var rows = new RecordBatch(first.Rows.Schema, first.Rows.Arrays.Select(a => ArrowArrayFactory.Slice(a, first.Rows.Length - rest, rest)), rest);
            List<(long End, long Bytes, RecordBatch Rows)> others = [(first.End, first.Bytes, rows), .. _kept.Skip(1)];
            _kept.Clear();
            others.ForEach(_kept.Enqueue);
        }
    }

    private void Keep(RecordBatch batch)
    {
        if (!_mayRetry)
        {
            return;
        }

        var bytes = batch.Arrays.Sum(BatchBytes.Of);
        _kept.Enqueue((_written, bytes, batch));
        _bytes += bytes;
        if (_bytes > MostBytes)
        {
            _lost = _written;
            Forget();
        }
    }

    /// <summary>Lets go of what is committed, and of what is no longer all there.</summary>
    private void Forget()
    {
        var committed = Math.Max(Counts.Committed, _lost);
        while (_kept.TryPeek(out var first) && first.End <= committed)
        {
            _bytes -= _kept.Dequeue().Bytes;
            (_tries, _firstConflict) = (0, null);
        }
    }

    /// <summary>Who commits by batches is told which rows stay when the run ends early.</summary>
    private void Tell() => _context.Warn($"{Counts.Committed} rows were committed to '{_table}' before the run ended; the rows after them were not.");
}
