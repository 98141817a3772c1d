using System.Threading.Channels;

namespace DataTools.Data;

/// <summary>
/// Cuts an input into chunks on one worker, works on several chunks at once, and gives the results in the input's order. At most
/// <paramref name="degree"/> results wait, so memory stays bounded. An error comes up where its chunk's result would have.
/// </summary>
/// <param name="next">Gives the next chunk, or null at the end; called by one thread at a time.</param>
/// <param name="work">Turns a chunk into a result; called by several threads at once.</param>
/// <param name="degree">How many chunks are worked on at once.</param>
internal sealed class OrderedChunks<TChunk, TResult>(
    Func<CancellationToken, TChunk?> next, Func<TChunk, CancellationToken, TResult> work, int degree) : IDisposable
    where TChunk : class
    where TResult : class
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(degree + 1);
    private readonly Channel<Task<TResult>> _results = Channel.CreateUnbounded<Task<TResult>>(new() { SingleReader = true, SingleWriter = true });
    private Task? _producer;

    /// <summary>More chunks at once cost memory, and the consumer is seldom faster than a few cores.</summary>
    public static int DefaultDegree => Math.Min(Environment.ProcessorCount, 4);

    /// <summary>The next result, or null at the end.</summary>
    public TResult? Next(CancellationToken cancellation)
    {
        _producer ??= Task.Run(() => ProduceAsync(_stop.Token), CancellationToken.None);
        if (!_results.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult() || !_results.Reader.TryPeek(out var result))
        {
            return null;
        }

        // It stays in the queue until it is ready, for Dispose waits for what is there.
        WaitHandle.WaitAny([((IAsyncResult)result).AsyncWaitHandle, cancellation.WaitHandle]);
        cancellation.ThrowIfCancellationRequested();
        _results.Reader.TryRead(out _);
        _room.Release();
        return result.GetAwaiter().GetResult();
    }

    /// <summary>Stops the workers and waits for them, so that the caller may close the input.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_producer is not null)
        {
            Drain();
        }

        _stop.Dispose();
        _room.Dispose();
    }

    private void Drain()
    {
        ((IAsyncResult)_producer!).AsyncWaitHandle.WaitOne();
        while (_results.Reader.TryRead(out var left))
        {
            ((IAsyncResult)left).AsyncWaitHandle.WaitOne();
        }
    }

    private async Task ProduceAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(stop).ConfigureAwait(false);
                if (next(stop) is not { } chunk)
                {
                    break;
                }

                // The token is not given to Run: a chunk once cut must reach its worker, which gives its buffer back.
                await _results.Writer.WriteAsync(Task.Run(() => work(chunk, stop), CancellationToken.None), stop).ConfigureAwait(false);
            }

            _results.Writer.Complete();
        }
#pragma warning disable CA1031 // Whatever ended the producer ends the consumer, which throws it on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _results.Writer.Complete(e);
        }
    }
}
