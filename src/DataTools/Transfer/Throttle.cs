using System.Diagnostics;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>Keeps a copy from taking more than it may: so many rows a second, and no more than replicas can follow. Used by several threads.</summary>
internal sealed class Throttle : IDisposable
{
    private static readonly TimeSpan LagEvery = TimeSpan.FromSeconds(1);

    private readonly double? _rowsPerSecond;
    private readonly TimeSpan? _maxLag;
    private readonly SqlSession? _replicas;
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _due;
    private long _asked;

    private Throttle(double? rowsPerSecond, TimeSpan? maxLag, SqlSession? replicas)
    {
        _rowsPerSecond = rowsPerSecond;
        _maxLag = maxLag;
        _replicas = replicas;
    }

    /// <summary>A throttle by rows alone.</summary>
    public static Throttle Of(double? rowsPerSecond) => new(rowsPerSecond, null, null);

    /// <summary>A throttle that also asks, over a connection of its own, how far replicas are behind; a database that tells nothing of them is an error.</summary>
    public static Throttle Open(double? rowsPerSecond, TimeSpan? maxLag, IDatabaseSession target, CancellationToken cancellation)
    {
        if (maxLag is null)
        {
            return Of(rowsPerSecond);
        }

        return target is SqlSession { IsShared: false } sql && sql.ReplicaLag(cancellation) is not null
            ? new Throttle(rowsPerSecond, maxLag, (SqlSession)Connector.Open(target.Address, cancellation))
            : throw DataErrors.InvalidOption($"-MaxReplicaLag is not offered for {target.Database.Name}.");
    }

    public void Dispose() => _replicas?.Dispose();

    /// <summary>Waits until rows that are about to be written may be.</summary>
    public void Wait(long rows, CancellationToken cancellation)
    {
        if (_rowsPerSecond is { } rate)
        {
            Sleep(Due(rows, rate), cancellation);
        }

        if (_replicas is not null && IsTimeToAsk())
        {
            while (_replicas.ReplicaLag(cancellation) > _maxLag)
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
