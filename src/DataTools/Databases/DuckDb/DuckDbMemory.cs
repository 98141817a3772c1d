using DuckDB.NET.Data;

namespace DataTools.Databases.DuckDb;

/// <summary>The databases in memory of this process, by name. One lasts as long as a connection to it.</summary>
internal static class DuckDbMemory
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, (DuckDBConnection Root, int Count)> Databases = new(StringComparer.Ordinal);

    /// <summary>A connection to the database of a name, which is made where there is none.</summary>
    public static DuckDBConnection Open(string name, string connectionString)
    {
        lock (Gate)
        {
            if (!Databases.TryGetValue(name, out var entry))
            {
                var root = new DuckDBConnection(connectionString);
                root.Open();
                entry = (root, 0);
            }

            var connection = entry.Root.Duplicate();
            connection.Open();
            Databases[name] = entry with { Count = entry.Count + 1 };
            connection.StateChange += (_, e) => Release(name, e.CurrentState);
            return connection;
        }
    }

    private static void Release(string name, System.Data.ConnectionState state)
    {
        if (state != System.Data.ConnectionState.Closed)
        {
            return;
        }

        lock (Gate)
        {
            if (!Databases.TryGetValue(name, out var entry))
            {
                return;
            }

            if (entry.Count > 1)
            {
                Databases[name] = entry with { Count = entry.Count - 1 };
                return;
            }

            Databases.Remove(name);
            entry.Root.Dispose();
        }
    }
}
