using System.Net.Sockets;
using DataTools.Data;

namespace DataTools.Databases;

/// <summary>
/// How a run that is cancelled gets out of the driver: the statement is interrupted, and where that does not end it, for the server has frozen, the connection is broken
/// off.
/// </summary>
public abstract partial class SqlSession
{
    /// <summary>How long a run may take to end what it has begun.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket? _socket = DriverSocket.Find(connection);
    private IDisposable? _life;

    /// <summary>
    /// Interrupts the session's statement once the run is cancelled, until the result is disposed of; <paramref name="driver"/> is the driver's own way, which it has for its
    /// commands.
    /// </summary>
    internal Interruption StopOn(CancellationToken cancellation, Action? driver = null) => new(() => TryInterrupt(driver), cancellation);

    /// <summary>Breaks the connection off where a run that is cancelled does not end, until the result is disposed of.</summary>
    public IDisposable BreakOffAfter(CancellationToken cancellation) => new Interruption(BreakOff, Patience, Patience, cancellation);

    /// <summary>The session is of one run, and is broken off where that does not end when it is cancelled.</summary>
    internal void BelongTo(CancellationToken run) => _life = BreakOffAfter(run);

    /// <summary>Makes the server, or the library, give up the statement that runs.</summary>
    protected virtual void Interrupt(Action? driver) => driver?.Invoke();

    /// <summary>Whether the server is known to work on, so that what the run waits for will come; without a word of it, it counts as frozen.</summary>
    protected virtual bool IsAlive() => false;

    /// <summary>Interrupts the session's statement if that can be.</summary>
    internal void TryInterrupt(Action? driver)
    {
        try
        {
            Interrupt(driver);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException || Database.Classify(e) is not null)
        {
            // The statement has ended meanwhile, or the server takes no connection: it is tried again.
        }
    }

    private void BreakOff()
    {
        if (_socket is { Connected: true } && !IsAlive())
        {
            DriverSocket.Shut(_socket);
        }
    }
}
