using System.Globalization;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>MySQL and MariaDB: two names of one implementation, which asks the server what it is.</summary>
public sealed class MySqlDatabase : IDatabase
{
    private const int DefaultPort = 3306;

    /// <summary>How long a connection that interrupts another may take.</summary>
    private static readonly TimeSpan MostBeside = TimeSpan.FromSeconds(3);

    private MySqlDatabase(string name, string description, string scheme, TypeMap types)
    {
        Name = name;
        Description = description;
        Schemes = [scheme];
        Types = types;
    }

    /// <summary>MySQL.</summary>
    public static MySqlDatabase MySql { get; } = new("MySql", "MySQL 5.6 and later; LOAD DATA LOCAL", "mysql", MySqlTypes.MySql);

    /// <summary>MariaDB.</summary>
    public static MySqlDatabase MariaDb { get; } = new("MariaDb", "MariaDB 10.3 and later; LOAD DATA LOCAL", "mariadb", MySqlTypes.MariaDb);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OptionNames { get; } = ["socket", "compress", "keepalive", "tls version", "allow public key retrieval", "server rsa public key file"];

    /// <inheritdoc/>
    public TypeMap Types { get; }

    /// <inheritdoc/>
    public SqlDialect Dialect => new MySqlDialect(MySqlServer.OfToday(this == MariaDb));

    /// <inheritdoc/>
    public DatabaseAddress FromConnectionString(string text) => MySqlConnectionText.Parse(text, this);

    /// <inheritdoc/>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var given = new MySqlDefaults(this == MariaDb);
        var host = given.Or(address.Host, "host", "MYSQL_HOST") ?? "localhost";
        var complete = address with
        {
            Host = host,
            Port = address.Port ?? ToPort(given.Or(null, "port", "MYSQL_TCP_PORT")) ?? DefaultPort,
            User = given.Or(address.User, "user") ?? Environment.UserName,
            Database = given.Or(address.Database, "database"),
            Password = given.Or(address.Password?.Reveal(), "password", "MYSQL_PWD") is { } password ? new Secret(password) : null,
            RootCertificate = given.Or(address.RootCertificate, "ssl-ca"),
            ClientCertificate = given.Or(address.ClientCertificate, "ssl-cert"),
            ClientKey = given.Or(address.ClientKey, "ssl-key"),
            Tls = address.Tls ?? given.Tls,
        };
        return address.Host is null ? given.ToSocket(complete) : complete;
    }

    /// <inheritdoc/>
    public IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        var connection = new MySqlConnection(MySqlConnectionText.Write(address));
        try
        {
            connection.OpenAsync(cancellation).GetAwaiter().GetResult();
            return MySqlSession.Start(this, address, connection);
        }
        catch (Exception e) when (e is not OperationCanceledException && Classify(e) is { } fault)
        {
            connection.Dispose();
            throw fault.ToException(address, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DatabaseFault? Classify(Exception exception) => MySqlFaults.Classify(exception);

    /// <summary>Opens a further connection for a moment, or gives up soon.</summary>
    internal static MySqlConnection Beside(DatabaseAddress address)
    {
        var connection = new MySqlConnection(MySqlConnectionText.Write(address with { ConnectTimeout = MostBeside, CommandTimeout = MostBeside }));
        connection.Open();
        return connection;
    }

    private static int? ToPort(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
