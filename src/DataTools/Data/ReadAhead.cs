using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Reads batches on a thread of its own, a few ahead of the one who takes them. Order is kept; an error ends the stream at once.</summary>
public sealed class ReadAhead : IBatchReader
{
    private const int Ahead = 2;

    private readonly IBatchReader _inner;
    private readonly BlockingCollection<RecordBatch> _queue = new(Ahead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;
    private bool _disposed;

    /// <summary>Starts reading; <paramref name="inner"/> is disposed with this reader.</summary>
    public ReadAhead(IBatchReader inner)
    {
        _inner = inner;
        _thread = new Thread(Run) { IsBackground = true, Name = "DataTools read-ahead" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public Schema Schema => _inner.Schema;

    /// <inheritdoc/>
    public double? Progress => _inner.Progress;

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        // An error must not wait behind the batches that were read before it: nothing of a failed run is kept.
        if (_error is null && _queue.TryTake(out var batch, Timeout.Infinite, cancellation))
        {
            return batch;
        }

        _error?.Throw();
        return null;
    }

    /// <summary>Ends the reading; <see cref="Dispose"/> waits until it has ended.</summary>
    public void Stop()
    {
        if (!_disposed)
        {
            _stop.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            // Whoever reads over this one has done so.
            return;
        }

        Stop();
        _disposed = true;
        _thread.Join();
        _inner.Dispose();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (_inner.ReadBatch(_stop.Token) is { } batch)
            {
                _queue.Add(batch, _stop.Token);
            }
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _queue.CompleteAdding();
        }
    }
}
