using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>The connections of a runspace, by name. They are closed when it ends.</summary>
internal sealed class Connections
{
    private static readonly ConditionalWeakTable<Runspace, Connections> OfRunspaces = [];

    private readonly Dictionary<string, DatabaseConnection> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<DatabaseConnection> _busy = [];

    /// <summary>Those of the runspace that runs on this thread.</summary>
    public static Connections Current => OfRunspaces.GetValue(Runspace.DefaultRunspace, Watch);

    /// <summary>The connections, in the order of their names.</summary>
    public IReadOnlyList<DatabaseConnection> All => [.. _byName.Values.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>A connection by name.</summary>
    public DatabaseConnection Find(string name) => _byName.TryGetValue(name, out var found) ? found : throw (AddressText.MayHoldSecret(name) ? AddressText.NoUrl() : DataErrors.ConnectionNotFound(name, _byName.Keys));

    /// <summary>Keeps a connection; one of the same name is closed.</summary>
    public DatabaseConnection Add(string? name, IDatabaseSession session)
    {
        var address = session.Address;
        name ??= Unused(address.Database is { Length: > 0 } database ? Path.GetFileNameWithoutExtension(database) : address.Kind.Name);
        if (_byName.TryGetValue(name, out var old))
        {
            Close(old);
        }

        var connection = new DatabaseConnection(name, address.Kind.Name, address.Server, address.Kind.IsFile ? null : address.Database, address.User)
        {
            Version = session.Version,
            Session = session,
            IsOpen = () => session.IsOpen,
        };
        _byName[name] = connection;
        return connection;
    }

    /// <summary>Closes a connection and forgets it.</summary>
    public void Close(DatabaseConnection connection)
    {
        (connection.Session as IDatabaseSession)?.Dispose();
        connection.IsOpen = null;
        connection.Session = null;
        if (_byName.TryGetValue(connection.Name, out var named) && named == connection)
        {
            _byName.Remove(connection.Name);
        }
    }

    /// <summary>
    /// Takes the connection's session for one command. Where another command of the pipeline has it, a further one is opened, unless a transaction
    /// makes the session part of what the command means.
    /// </summary>
    public SessionLease Take(DatabaseConnection connection, CancellationToken cancellation)
    {
        var session = connection.Session as IDatabaseSession ?? throw DataErrors.ConnectionClosed(connection.Name);
        if (!session.IsOpen)
        {
            // It broke, and nothing that it was part of can go on.
            throw DataErrors.ConnectionClosed(connection.Name);
        }

        if (session.IsShared || _busy.Add(connection))
        {
            var stop = (session as SqlSession)?.BreakOffAfter(cancellation);
            return new SessionLease(
                session,
                () =>
                {
                    stop?.Dispose();
                    _busy.Remove(connection);
                });
        }

        return session.InTransaction ? throw DataErrors.ConnectionBusy(connection.Name) : SessionLease.Own(Connector.Open(session.Address, cancellation));
    }

    private string Unused(string name)
    {
        var unused = name;
        for (var n = 2; _byName.ContainsKey(unused); n++)
        {
            unused = $"{name}{n}";
        }

        return unused;
    }

    private static Connections Watch(Runspace runspace)
    {
        var connections = new Connections();
        runspace.StateChanged += (_, e) =>
        {
            if (e.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
            {
                connections.CloseAll();
            }
        };
        return connections;
    }

    private void CloseAll()
    {
        foreach (var connection in All)
        {
            Close(connection);
        }
    }
}

/// <summary>A session for the time of one command.</summary>
internal sealed class SessionLease(IDatabaseSession session, Action release) : IDisposable
{
    private bool _released;

    /// <summary>The session.</summary>
    public IDatabaseSession Session => session;

    /// <summary>A session that the command opened for itself.</summary>
    public static SessionLease Own(IDatabaseSession session) => new(session, session.Dispose);

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            release();
        }
    }
}
