using System.Runtime.ExceptionServices;

namespace DataTools.Validation;

/// <summary>Runs the same for both sides at once, each on a thread of its own; the error of one ends the other.</summary>
internal sealed class SideBySide(CompareContext context)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);
    private long _rows;

    /// <summary>Counts rows that were read; from any thread.</summary>
    public void CountRows(int rows) => Interlocked.Add(ref _rows, rows);

    /// <summary>Runs <paramref name="work"/> for the source (true) and the destination (false) and gives both results.</summary>
    public (T Source, T Destination) Run<T>(Func<bool, CancellationToken, T> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var tasks = new[] { Start(true), Start(false) };
        while (!Wait(tasks))
        {
            context.Progress(Interlocked.Read(ref _rows));
        }

        // What the other side's error cancelled is not what went wrong.
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

        return (tasks[0].Result, tasks[1].Result);

        Task<T> Start(bool source) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return work(source, stop.Token);
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
