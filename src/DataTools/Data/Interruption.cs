namespace DataTools.Data;

/// <summary>
/// Interrupts work of a library once its run is cancelled, and again until the work has ended: libraries and servers pass over the word while nothing runs yet. What looks
/// for the cancellation itself gets a moment to do so first.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Action _interrupt;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _timer;
    private bool _ended;

    /// <summary>Waits for the cancellation. <paramref name="interrupt"/> may be called by any thread, by one at a time, until this is disposed of.</summary>
    public Interruption(Action interrupt, CancellationToken cancellation)
        : this(interrupt, Soon, Often, cancellation)
    {
    }

    /// <summary>The same with other times: from the cancellation to the first interruption, and between two.</summary>
    public Interruption(Action interrupt, TimeSpan first, TimeSpan again, CancellationToken cancellation)
    {
        _interrupt = interrupt;
        _registration = cancellation.Register(() => _timer = new Timer(_ => Fire(), null, first, again));
    }

    /// <summary>The work has ended: nothing is interrupted from here on.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _ended = true;
        }

        _timer?.Dispose();
    }

    private void Fire()
    {
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_ended)
            {
                _interrupt();
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}
