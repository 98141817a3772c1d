using System.Globalization;
using DataTools.Errors;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>MySQL and MariaDB: two names of one implementation, which asks the server what it is.</summary>
public sealed class MySqlDatabase : IDatabase
{
    private const int DefaultPort = 3306;

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
    public DatabaseAddress FromConnectionString(string text) => MySqlConnectionText.Parse(text, this);

    /// <inheritdoc/>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var file = MySqlOptionFile.Client(this == MariaDb);
        var options = new Dictionary<string, string>(address.Options, StringComparer.OrdinalIgnoreCase);
        var socket = address.Host is null ? file.GetValueOrDefault("socket") ?? Variable("MYSQL_UNIX_PORT") : null;
        var host = address.Host ?? file.GetValueOrDefault("host") ?? Variable("MYSQL_HOST") ?? "localhost";
        // As with the client, the local machine without further words is the socket, where there is one.
        if (host == "localhost" && File.Exists(socket) && !options.ContainsKey("socket"))
        {
            options["socket"] = socket;
        }

        var complete = address with
        {
            Host = host,
            Port = address.Port ?? ToPort(file.GetValueOrDefault("port") ?? Variable("MYSQL_TCP_PORT")) ?? DefaultPort,
            User = address.User ?? file.GetValueOrDefault("user") ?? Environment.UserName,
            Database = address.Database ?? file.GetValueOrDefault("database"),
            Password = address.Password ?? ToSecret(file.GetValueOrDefault("password") ?? Variable("MYSQL_PWD")),
            RootCertificate = address.RootCertificate ?? file.GetValueOrDefault("ssl-ca"),
            ClientCertificate = address.ClientCertificate ?? file.GetValueOrDefault("ssl-cert"),
            ClientKey = address.ClientKey ?? file.GetValueOrDefault("ssl-key"),
            Options = options,
        };
        return complete.Tls is null ? complete with { Tls = MySqlOptionFile.Tls(file) } : complete;
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

    private static int? ToPort(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    private static Secret? ToSecret(string? text) => text is null ? null : new Secret(text);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
