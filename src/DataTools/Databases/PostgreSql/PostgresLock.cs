using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataTools.Migrations;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// An advisory lock on a session of its own, which is idle otherwise and never in a transaction: CREATE INDEX CONCURRENTLY waits for every transaction and every waiting
/// statement, and a runner that waits in pg_advisory_lock would be one. So it is asked for again and again. The session that runs the statements takes a second one: when a
/// runner is killed the server may still be at its statement for a while, and the next must not begin before that has ended.
/// </summary>
internal sealed class PostgresLock : RunnerLock
{
    private const string Held = "l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        + "AND l.classid::bigint = $1 AND l.objid::bigint IN ($2, $2 + 1) AND l.objsubid = 1";

    private readonly SqlSession _session;
    private readonly SqlSession _runner;
    private readonly long _key;
    private int _process;
    private bool _isHeld;

    public PostgresLock(SqlSession session, string name, CancellationToken cancellation)
    {
        _session = (SqlSession)Connector.Open(session.Address with { ApplicationName = $"DataTools: {Me}" }, cancellation);
        _key = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"datatools:{name}"))) & ~1L;
        _runner = session;
        // So that the server notices soon that a runner is gone; from version 14 on.
        session.Query("SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'", r => r.GetString(0), cancellation);
    }

    private object?[] Parts => [(long)(uint)(_key >> 32), (long)(uint)_key];

    public override bool TryTake(CancellationToken cancellation)
    {
        var (taken, process) = _session.Query("SELECT pg_try_advisory_lock($1), pg_backend_pid()", r => (r.GetBoolean(0), r.GetInt32(1)), cancellation, _key)[0];
        _process = process;
        if (taken && !_runner.Query("SELECT pg_try_advisory_lock($1)", r => r.GetBoolean(0), cancellation, _key + 1)[0])
        {
            _session.Query("SELECT pg_advisory_unlock($1)", r => r.GetBoolean(0), cancellation, _key);
            return false;
        }

        _isHeld = taken;
        return taken;
    }

    public override string Owner(CancellationToken cancellation) => _session.Query(
        $"SELECT a.application_name, a.usename, coalesce(host(a.client_addr), 'local'), a.pid, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE {Held} ORDER BY l.objid::bigint",
        r => $"{r.GetString(0)}, as {r.GetString(1)} from {r.GetString(2)}, backend {r.GetInt32(3)}, since {r.GetString(4)} UTC",
        cancellation,
        Parts).FirstOrDefault() ?? "it has ended just now";

    /// <summary>A pooler that hands every transaction to another session loses the lock, as does a server that ended the session.</summary>
    public override string? WhyLost(CancellationToken cancellation)
    {
        if (!_session.IsOpen)
        {
            return "its session has ended";
        }

        var holders = _session.Query($"SELECT l.pid, pg_backend_pid() FROM pg_locks l WHERE {Held}", r => (Holder: r.GetInt32(0), Own: r.GetInt32(1)), cancellation, Parts);
        return holders.Exists(h => h.Holder == _process && h.Own == _process) ? null : "the server says that the session does not hold it; behind a pooler use session pooling";
    }

    /// <summary>
    /// Asked of the session that runs the statements: the first lock cannot be had there, for the other session holds it, and the second one can, for it holds that itself.
    /// Two calls of functions; a look into pg_locks costs a small migration a tenth of its time.
    /// </summary>
    public override string? Proof => string.Create(CultureInfo.InvariantCulture, $"SELECT 1 / (NOT pg_try_advisory_xact_lock({_key}) AND pg_try_advisory_xact_lock({_key + 1}))::int");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Unlock(_runner, _key + 1);
            // At once, while a server that is told good-bye may take its time.
            Unlock(_session, _key);
            _session.Dispose();
        }
    }

    /// <summary>A session that is broken has given the lock back already.</summary>
    private void Unlock(SqlSession session, long key)
    {
        try
        {
            if (_isHeld && session.IsOpen)
            {
                session.Query("SELECT pg_advisory_unlock($1)", r => r.GetBoolean(0), CancellationToken.None, key);
            }
        }
        catch (Errors.DataException)
        {
            // What went wrong before is what counts.
        }
    }
}
