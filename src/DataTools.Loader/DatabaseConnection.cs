namespace DataTools;

/// <summary>A connection as scripts see it. It holds no secret.</summary>
public sealed class DatabaseConnection
{
    internal DatabaseConnection(string name, string database, string server, string? databaseName, string? user)
    {
        Name = name;
        Database = database;
        Server = server;
        DatabaseName = databaseName;
        User = user;
    }

    /// <summary>The name by which -Connection finds it.</summary>
    public string Name { get; }

    /// <summary>The kind of database.</summary>
    public string Database { get; }

    /// <summary>The server and port, or the file.</summary>
    public string Server { get; }

    /// <summary>The database on the server.</summary>
    public string? DatabaseName { get; }

    /// <summary>The user's name.</summary>
    public string? User { get; }

    /// <summary>The version of the server.</summary>
    public string Version { get; internal set; } = "";

    /// <summary>Open or Closed.</summary>
    public string State => IsOpen?.Invoke() == true ? "Open" : "Closed";

    /// <summary>Asks the session.</summary>
    internal Func<bool>? IsOpen { get; set; }

    /// <summary>The session, a type of the module's own load context.</summary>
    internal object? Session { get; set; }

    /// <summary>The connection's name.</summary>
    public override string ToString() => Name;
}
