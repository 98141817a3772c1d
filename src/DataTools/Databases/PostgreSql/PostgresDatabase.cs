using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DataTools.Errors;
using Npgsql;

namespace DataTools.Databases.PostgreSql;

/// <summary>PostgreSQL 12 and later.</summary>
public sealed partial class PostgresDatabase : IDatabase
{
    private const int DefaultPort = 5432;
    private const int BufferBytes = 1 << 17;
    private const int KeepaliveSeconds = 60;

    /// <summary>How long a connection that interrupts another may take.</summary>
    private static readonly TimeSpan MostBeside = TimeSpan.FromSeconds(3);

    /// <summary>What an address has properties for.</summary>
    private static readonly string[] Handled =
        ["Host", "Port", "Database", "Username", "Password", "SSL Mode", "Root Certificate", "SSL Certificate", "SSL Key", "Timeout", "Command Timeout", "Application Name"];

    /// <inheritdoc/>
    public string Name => "PostgreSql";

    /// <inheritdoc/>
    public string Description => "PostgreSQL 12 and later";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["postgresql", "postgres"];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OptionNames { get; } = ["options", "search path", "keepalive", "tcp keepalive", "timezone", "target session attributes", "passfile", "include error detail"];

    /// <inheritdoc/>
    public TypeMap Types => PostgresTypes.Map;

    /// <inheritdoc/>
    public SqlDialect Dialect => PostgresDialect.Instance;

    /// <inheritdoc/>
    public DatabaseAddress FromConnectionString(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return new DatabaseAddress(this)
            {
                Host = builder.Host,
                Port = builder.ContainsKey("Port") ? builder.Port : null,
                Database = builder.Database,
                User = builder.Username,
                Password = builder.Password is { Length: > 0 } password ? new Secret(password) : null,
                Tls = builder.ContainsKey("SSL Mode") ? ToTls(builder.SslMode) : null,
                RootCertificate = builder.RootCertificate,
                ClientCertificate = builder.SslCertificate,
                ClientKey = builder.SslKey,
                ConnectTimeout = builder.ContainsKey("Timeout") ? TimeSpan.FromSeconds(builder.Timeout) : null,
                CommandTimeout = builder.ContainsKey("Command Timeout") ? TimeSpan.FromSeconds(builder.CommandTimeout) : null,
                ApplicationName = builder.ApplicationName ?? "DataTools",
                Options = builder.Keys!.Where(k => !Handled.Contains(k, StringComparer.OrdinalIgnoreCase)).ToDictionary(k => k, k => $"{builder[k]}", StringComparer.OrdinalIgnoreCase),
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw DataErrors.InvalidOption($"That is no connection string of PostgreSQL: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var user = Or(address.User, "PGUSER") ?? Environment.UserName;
        var complete = address with
        {
            Host = Or(address.Host, "PGHOST") ?? "localhost",
            Port = address.Port ?? (int.TryParse(Or(null, "PGPORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : DefaultPort),
            User = user,
            Database = Or(address.Database, "PGDATABASE") ?? user,
            Password = Or(address.Password?.Reveal(), "PGPASSWORD") is { } password ? new Secret(password) : null,
            RootCertificate = Or(address.RootCertificate, "PGSSLROOTCERT"),
            ClientCertificate = Or(address.ClientCertificate, "PGSSLCERT"),
            ClientKey = Or(address.ClientKey, "PGSSLKEY"),
        };
        return complete.Tls is null && Or(null, "PGSSLMODE") is { } mode ? AddressText.With(complete, "sslmode", mode) : complete;
    }

    /// <inheritdoc/>
    public IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        // Without this an infinite date would silently be one of the year 9999.
        AppContext.SetSwitch("Npgsql.DisableDateTimeInfinityConversions", true);
        var connection = new NpgsqlConnection(ConnectionString(address));
        try
        {
            connection.OpenAsync(cancellation).GetAwaiter().GetResult();
            return new PostgresSession(this, address, connection);
        }
        catch (Exception e) when (Classify(e) is { } fault)
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
    public DatabaseFault? Classify(Exception exception) => exception switch
    {
        PostgresException { SqlState: "08P01" } error when error.MessageText.StartsWith("bind message supplies", StringComparison.Ordinal) => DatabaseFault.ParameterMissing,
        PostgresException error => Classify(error),
        NpgsqlException { InnerException: TimeoutException } error => new DatabaseFault(FaultKind.Timeout, error.Message),
        NpgsqlException { InnerException: OperationCanceledException } error => new DatabaseFault(FaultKind.Cancelled, error.Message),
        NpgsqlException { InnerException: PostgresException inner } => Classify(inner),
        NpgsqlException { InnerException: IOException or SocketException or System.Security.Authentication.AuthenticationException } error =>
            new DatabaseFault(FaultKind.Connection, $"{error.Message}: {error.InnerException!.Message}"),
        NpgsqlException error when error.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => new DatabaseFault(FaultKind.Authentication, error.Message),
        NpgsqlException error => new DatabaseFault(FaultKind.Connection, error.Message),
        SocketException error => new DatabaseFault(FaultKind.Connection, error.Message),
        _ => null,
    };

    /// <summary>Opens a further connection for a moment, or gives up soon.</summary>
    internal static NpgsqlConnection Beside(DatabaseAddress address)
    {
        var connection = new NpgsqlConnection(ConnectionString(address with { ConnectTimeout = MostBeside, CommandTimeout = MostBeside }));
        connection.Open();
        return connection;
    }

    private static DatabaseFault Classify(PostgresException error)
    {
        var place = CopyPlace().Match(error.Where ?? "");
        return new DatabaseFault(KindOf(error), error.Detail is null ? error.MessageText : $"{error.MessageText} ({error.Detail})")
        {
            Code = error.SqlState,
            Row = place.Success ? long.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : null,
            Column = error.ColumnName ?? (place.Groups[2].Success ? place.Groups[2].Value : null),
            Constraint = error.ConstraintName,
        };
    }

    private static FaultKind KindOf(PostgresException error) => error.SqlState switch
    {
        "57014" => error.MessageText.Contains("timeout", StringComparison.Ordinal) ? FaultKind.Timeout : FaultKind.Cancelled,
        "40001" or "40P01" or "55P03" => FaultKind.Conflict,
        "42501" => FaultKind.Permission,
        "42P01" or "3D000" or "3F000" => FaultKind.NotFound,
        "57P01" or "57P02" or "57P03" => FaultKind.Connection,
        var code => code[..2] switch
        {
            "08" => FaultKind.Connection,
            "22" or "23" => FaultKind.Row,
            "28" => FaultKind.Authentication,
            "53" => FaultKind.Resources,
            _ => FaultKind.Statement,
        },
    };

    private static string ConnectionString(DatabaseAddress address)
    {
        // A server whose machine is gone says nothing; the system finds out.
        var builder = new NpgsqlConnectionStringBuilder { TcpKeepAlive = true, TcpKeepAliveTime = KeepaliveSeconds, TcpKeepAliveInterval = KeepaliveSeconds / 6 };
        foreach (var (name, value) in address.Options)
        {
            builder[name] = value;
        }

        builder.Host = address.Host;
        builder.Port = address.Port ?? DefaultPort;
        builder.Database = address.Database;
        builder.Username = address.User;
        builder.Password = address.Password?.Reveal();
        builder.RootCertificate = address.RootCertificate;
        builder.SslCertificate = address.ClientCertificate;
        builder.SslKey = address.ClientKey;
        builder.ApplicationName = address.ApplicationName;
        builder.Timeout = (int)(address.ConnectTimeout?.TotalSeconds ?? 15);
        builder.CommandTimeout = (int)(address.CommandTimeout?.TotalSeconds ?? 0);
        builder.SslMode = ToSslMode(address.Tls);
        // A session is one connection, and is gone when it is closed.
        builder.Pooling = false;
        builder.ReadBufferSize = BufferBytes;
        builder.WriteBufferSize = BufferBytes;
        builder.IncludeErrorDetail = true;
        // Of statements that are sent together, an error says which it was.
        builder.IncludeFailedBatchedCommand = true;
        return builder.ConnectionString;
    }

    private static SslMode ToSslMode(TlsMode? mode) => mode switch
    {
        TlsMode.Disable => SslMode.Disable,
        TlsMode.Require => SslMode.Require,
        TlsMode.VerifyCA => SslMode.VerifyCA,
        TlsMode.VerifyFull => SslMode.VerifyFull,
        _ => SslMode.Prefer,
    };

    private static TlsMode ToTls(SslMode mode) => mode switch
    {
        SslMode.Disable => TlsMode.Disable,
        SslMode.Require => TlsMode.Require,
        SslMode.VerifyCA => TlsMode.VerifyCA,
        SslMode.VerifyFull => TlsMode.VerifyFull,
        _ => TlsMode.Prefer,
    };

    /// <summary>What the address says, else the variable of the environment that PostgreSQL's own tools ask.</summary>
    private static string? Or(string? given, string variable) => given ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null);

    [GeneratedRegex(@"COPY .*?, line (\d+)(?:, column ([^:]+))?")]
    private static partial Regex CopyPlace();
}
