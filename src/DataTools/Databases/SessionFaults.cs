using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>Runs what uses a driver; its errors become ours.</summary>
internal static class SessionFaults
{
    /// <summary>Runs something of the session's driver.</summary>
    public static T Guarded<T>(this IDatabaseSession session, Func<T> action, CancellationToken cancellation = default)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not (DataException or OperationCanceledException) && session.Database.Classify(e) is { } fault)
        {
            cancellation.ThrowIfCancellationRequested();
            throw fault.ToException(session.Address, e);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException && !session.IsOpen)
        {
            // A driver refuses to use a connection that broke a moment ago as if it had been closed.
            cancellation.ThrowIfCancellationRequested();
            throw DataErrors.ConnectionFailed(session.Address.ToString(), e.Message, e);
        }
    }
}
