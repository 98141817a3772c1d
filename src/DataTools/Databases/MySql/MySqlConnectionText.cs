using DataTools.Errors;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>Connection strings of the driver.</summary>
internal static class MySqlConnectionText
{
    private const uint KeepaliveSeconds = 60;

    /// <summary>What an address has properties for.</summary>
    private static readonly string[] Handled =
        ["Server", "Port", "Database", "User ID", "Password", "SSL Mode", "SSL CA", "SSL Cert", "SSL Key", "Connection Timeout", "Default Command Timeout", "Application Name"];

    /// <summary>What sessions here must have their way.</summary>
    private static readonly string[] Fixed =
        ["Pooling", "Allow Load Local Infile", "Allow User Variables", "Allow Zero DateTime", "Convert Zero DateTime", "GUID Format", "Old Guids", "Treat Tiny As Boolean", "Character Set", "DateTime Kind", "Ignore Prepare"];

    /// <summary>Reads a connection string.</summary>
    public static DatabaseAddress Parse(string text, MySqlDatabase kind)
    {
        try
        {
            var builder = new MySqlConnectionStringBuilder(text);
            return new DatabaseAddress(kind)
            {
                Host = builder.Server.Length == 0 ? null : builder.Server,
                Port = builder.ContainsKey("Port") ? (int)builder.Port : null,
                Database = builder.Database.Length == 0 ? null : builder.Database,
                User = builder.UserID.Length == 0 ? null : builder.UserID,
                Password = builder.Password.Length == 0 ? null : new Secret(builder.Password),
                Tls = builder.ContainsKey("SSL Mode") ? ToTls(builder.SslMode) : null,
                RootCertificate = NullIfEmpty(builder.SslCa),
                ClientCertificate = NullIfEmpty(builder.SslCert),
                ClientKey = NullIfEmpty(builder.SslKey),
                ConnectTimeout = builder.ContainsKey("Connection Timeout") ? TimeSpan.FromSeconds(builder.ConnectionTimeout) : null,
                CommandTimeout = builder.ContainsKey("Default Command Timeout") ? TimeSpan.FromSeconds(builder.DefaultCommandTimeout) : null,
                ApplicationName = NullIfEmpty(builder.ApplicationName) ?? "DataTools",
                Options = builder.Keys.Cast<string>().Where(k => !Handled.Concat(Fixed).Contains(k, StringComparer.OrdinalIgnoreCase))
                    .ToDictionary(k => k, k => $"{builder[k]}", StringComparer.OrdinalIgnoreCase),
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw DataErrors.InvalidOption($"That is no connection string of {kind.Name}: {e.Message}");
        }
    }

    /// <summary>The connection string of an address.</summary>
    public static string Write(DatabaseAddress address)
    {
        var builder = new MySqlConnectionStringBuilder();
        foreach (var (name, value) in address.Options)
        {
            Set(builder, name, value);
        }

        if (!builder.ContainsKey("Connection Protocol") || builder.ConnectionProtocol == MySqlConnectionProtocol.Sockets)
        {
            builder.Server = address.Host ?? "localhost";
            builder.Port = (uint)(address.Port ?? 3306);
        }

        builder.Database = address.Database;
        builder.UserID = address.User;
        builder.Password = address.Password?.Reveal();
        builder.SslMode = ToSslMode(address.Tls);
        builder.SslCa = address.RootCertificate;
        builder.SslCert = address.ClientCertificate;
        builder.SslKey = address.ClientKey;
        builder.ApplicationName = address.ApplicationName;
        builder.ConnectionTimeout = (uint)Seconds(address.ConnectTimeout, 15);
        builder.DefaultCommandTimeout = (uint)Seconds(address.CommandTimeout, 0);
        if (!builder.ContainsKey("Keep Alive"))
        {
            // A server whose machine is gone says nothing; the system finds out.
            builder.Keepalive = KeepaliveSeconds;
        }

        // A session is one connection, and is gone when it is closed.
        builder.Pooling = false;
        builder.AllowLoadLocalInfile = true;
        builder.AllowUserVariables = true;
        builder.TreatTinyAsBoolean = false;
        builder.GuidFormat = MySqlGuidFormat.None;
        builder.CharacterSet = "utf8mb4";
        return builder.ConnectionString;
    }

    private static void Set(MySqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name.ToUpperInvariant())
        {
            case "SOCKET":
                builder.Server = value;
                builder.ConnectionProtocol = MySqlConnectionProtocol.UnixSocket;
                break;
            case "COMPRESS":
                builder["Use Compression"] = value;
                break;
            default:
                builder[name] = value;
                break;
        }
    }

    private static double Seconds(TimeSpan? time, double otherwise) => time?.TotalSeconds ?? otherwise;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static MySqlSslMode ToSslMode(TlsMode? mode) => mode switch
    {
        TlsMode.Disable => MySqlSslMode.None,
        TlsMode.Require => MySqlSslMode.Required,
        TlsMode.VerifyCA => MySqlSslMode.VerifyCA,
        TlsMode.VerifyFull => MySqlSslMode.VerifyFull,
        _ => MySqlSslMode.Preferred,
    };

    private static TlsMode ToTls(MySqlSslMode mode) => mode switch
    {
        MySqlSslMode.None => TlsMode.Disable,
        MySqlSslMode.Required => TlsMode.Require,
        MySqlSslMode.VerifyCA => TlsMode.VerifyCA,
        MySqlSslMode.VerifyFull => TlsMode.VerifyFull,
        _ => TlsMode.Prefer,
    };
}
