using System.Data.Common;

namespace DataTools.Databases;

/// <summary>
/// Interrupts the statement of a session once its run is cancelled, and again until it has ended: databases pass over the word while no statement runs yet. What
/// looks for the cancellation itself gets a moment to do so first.
/// </summary>
internal sealed class StatementStop : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly SqlSession _session;
    private readonly DbCommand? _command;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _timer;
    private bool _ended;

    /// <summary>Waits for the cancellation.</summary>
    public StatementStop(SqlSession session, DbCommand? command, CancellationToken cancellation)
    {
        _session = session;
        _command = command;
        _registration = cancellation.Register(() => _timer = new Timer(_ => Fire(), null, First, Again));
    }

    /// <summary>The statement has ended: nothing is interrupted from here on.</summary>
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
                _session.Interrupt(_command);
            }
        }
        catch (Exception e) when (e is InvalidOperationException || _session.Database.Classify(e) is not null)
        {
            // The statement has ended meanwhile, or the server takes no connection: it is tried again.
        }
        finally
        {
            _gate.Exit();
        }
    }
}
