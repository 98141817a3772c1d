using System.Globalization;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Databases.MySql;

/// <summary>
/// A user-level lock on a session of its own, and a second one on the session that runs the statements: when a runner is killed the server may still be at its statement, and
/// the next must not begin before that has ended.
/// </summary>
internal sealed class MySqlLock : RunnerLock
{
    private const int NameLength = 40;

    private readonly SqlSession _session;
    private readonly SqlSession _runner;
    private readonly string _name;
    private bool _isHeld;

    public MySqlLock(SqlSession session, string name, CancellationToken cancellation)
    {
        _runner = session;
        _session = (SqlSession)Connector.Open(session.Address with { ApplicationName = $"DataTools: {Me}" }, cancellation);
        // The locks of all databases of the server share their names.
        _name = "datatools:" + TextHash.Of($"{session.Address.Database}:{name}", NameLength);
    }

    private string Second => _name + ":run";

    public override bool TryTake(CancellationToken cancellation)
    {
        if (!Take(_session, _name, cancellation))
        {
            return false;
        }

        if (!Take(_runner, Second, cancellation))
        {
            Release(_session, _name, cancellation);
            return false;
        }

        _isHeld = true;
        return true;
    }

    public override string Owner(CancellationToken cancellation) => _session.Query(
        "SELECT p.user, p.host, p.id, p.time FROM information_schema.processlist p WHERE p.id = coalesce(IS_USED_LOCK(@1), IS_USED_LOCK(@2))",
        r => string.Create(CultureInfo.InvariantCulture, $"{r.GetValue(0)} from {r.GetValue(1)}, connection {r.GetValue(2)}, for {r.GetValue(3)} s"),
        cancellation,
        _name,
        Second).FirstOrDefault() ?? "it has ended just now, or belongs to a user whose sessions are hidden from you";

    public override string? WhyLost(CancellationToken cancellation) =>
        _session.IsOpen && _session.Query("SELECT coalesce(IS_USED_LOCK(@1) = CONNECTION_ID(), 0)", r => IsTrue(r.GetValue(0)), cancellation, _name)[0] ? null : "the server says that the session does not hold it";

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        GiveBack(_runner, Second);
        GiveBack(_session, _name);
        _session.Dispose();
    }

    private void GiveBack(SqlSession session, string name)
    {
        try
        {
            if (_isHeld && session.IsOpen)
            {
                Release(session, name, CancellationToken.None);
            }
        }
        catch (DataException)
        {
            // A session that is broken has given the lock back, and what went wrong before is what counts.
        }
    }

    private static bool Take(SqlSession session, string name, CancellationToken cancellation) =>
        session.Query("SELECT coalesce(GET_LOCK(@1, 0), 0)", r => IsTrue(r.GetValue(0)), cancellation, name)[0];

    private static void Release(SqlSession session, string name, CancellationToken cancellation) =>
        session.Query("SELECT RELEASE_LOCK(@1)", r => 0, cancellation, name);

    private static bool IsTrue(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture) != 0;
}
