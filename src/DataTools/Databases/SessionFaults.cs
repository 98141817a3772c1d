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
    }
}
