using System.Runtime.ExceptionServices;

namespace DataTools.Validation;

/// <summary>Runs what both sides have to do at once, each work on a thread of its own; the error of one ends the others.</summary>
internal sealed class SideBySide(CompareContext context)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);
    private long _rows;

    /// <summary>Counts rows that were read; from any thread.</summary>
    public void CountRows(int rows) => Interlocked.Add(ref _rows, rows);

    /// <summary>Runs <paramref name="work"/> for the source (true) and the destination (false) and gives both results.</summary>
    public (T Source, T Destination) Run<T>(Func<bool, CancellationToken, T> work)
    {
        var both = RunAll<T>([t => work(true, t), t => work(false, t)]);
        return (both[0], both[1]);
    }

    /// <summary>Runs the works of both sides and gives their results in the same order.</summary>
    public T[] RunAll<T>(IReadOnlyList<Func<CancellationToken, T>> works)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var tasks = works.Select(Start).ToArray();
        while (!Wait(tasks))
        {
            context.Progress(Interlocked.Read(ref _rows));
        }

        // What another's error cancelled is not what went wrong.
        var failed = tasks.Where(t => t.IsFaulted || t.IsCanceled).OrderBy(t => t.IsCanceled || t.Exception!.InnerException is OperationCanceledException).FirstOrDefault();
        if (failed is not null)
        {
            foreach (var kept in tasks.Where(t => t.IsCompletedSuccessfully).Select(t => t.Result).OfType<IDisposable>())
            {
                kept.Dispose();
            }

            context.Cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failed.Exception?.InnerException ?? new OperationCanceledException());
        }

        return [.. tasks.Select(t => t.Result)];

        Task<T> Start(Func<CancellationToken, T> work) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return work(stop.Token);
                }
                catch
                {
                    stop.Cancel();
                    throw;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private static bool Wait(Task[] tasks)
    {
        try
        {
            return Task.WaitAll(tasks, ProgressEvery);
        }
        catch (AggregateException)
        {
            // The caller looks at each.
            return true;
        }
    }
}
