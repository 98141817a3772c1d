using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Writes batches on a thread of its own, so that the one who has them goes on. An error is thrown at the next call.</summary>
public sealed class WriteBehind : IBatchWriter
{
    private const int Behind = 2;

    private readonly IBatchWriter _inner;
    private readonly BlockingCollection<RecordBatch> _queue = new(Behind);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;

    /// <summary>Starts the thread; <paramref name="inner"/> is disposed with this writer.</summary>
    public WriteBehind(IBatchWriter inner)
    {
        _inner = inner;
        _thread = new Thread(Run) { IsBackground = true, Name = "DataTools write-behind" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        _error?.Throw();
        try
        {
            _queue.Add(batch, cancellation);
        }
        catch (InvalidOperationException) when (_error is not null)
        {
            _error.Throw();
        }
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        _queue.CompleteAdding();
        using (cancellation.Register(_stop.Cancel))
        {
            _thread.Join();
        }

        _error?.Throw();
        _inner.Complete(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _inner.Dispose();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (var batch in _queue.GetConsumingEnumerable(_stop.Token))
            {
                YoungMemory.Collect();
                _inner.WriteBatch(batch, _stop.Token);
            }
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
            // A producer that waits for room would wait for ever.
            _queue.CompleteAdding();
            while (_queue.TryTake(out _))
            {
            }
        }
    }
}
