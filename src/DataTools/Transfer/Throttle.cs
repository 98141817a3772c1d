using System.Diagnostics;

namespace DataTools.Transfer;

/// <summary>Keeps a copy from taking more than it may: so many rows a second, and no more than replicas can follow. Used by several threads.</summary>
internal sealed class Throttle(double? rowsPerSecond, TimeSpan? maxLag, Func<CancellationToken, TimeSpan>? lag)
{
    private static readonly TimeSpan LagEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _due;
    private long _asked;

    /// <summary>Waits until rows that are about to be written may be.</summary>
    public void Wait(long rows, CancellationToken cancellation)
    {
        if (rowsPerSecond is { } rate)
        {
            Sleep(Due(rows, rate), cancellation);
        }

        if (maxLag is { } most && lag is not null && IsTimeToAsk())
        {
            while (lag(cancellation) > most)
            {
                Sleep(LagEvery, cancellation);
            }
        }
    }

    private TimeSpan Due(long rows, double rate)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            var wait = Math.Max(_due - now, 0);
            // What was not used in time past is not made up for.
            _due = Math.Max(_due, now) + (rows / rate);
            return TimeSpan.FromSeconds(wait);
        }
    }

    private bool IsTimeToAsk()
    {
        lock (_lock)
        {
            if (_asked != 0 && Stopwatch.GetElapsedTime(_asked) < LagEvery)
            {
                return false;
            }

            _asked = Stopwatch.GetTimestamp();
            return true;
        }
    }

    private static void Sleep(TimeSpan time, CancellationToken cancellation)
    {
        if (time > TimeSpan.Zero && cancellation.WaitHandle.WaitOne(time))
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
