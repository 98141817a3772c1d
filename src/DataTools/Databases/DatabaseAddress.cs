using System.Globalization;
using System.Text;

namespace DataTools.Databases;

/// <summary>How far a connection to a server is protected.</summary>
public enum TlsMode
{
    /// <summary>Not at all.</summary>
    Disable,

    /// <summary>Encrypted where the server offers it; nobody checks whose server it is.</summary>
    Prefer,

    /// <summary>Encrypted; nobody checks whose server it is.</summary>
    Require,

    /// <summary>Encrypted, and the certificate is signed by a trusted authority.</summary>
    VerifyCA,

    /// <summary>Encrypted, and the certificate is signed by a trusted authority for the server's name.</summary>
    VerifyFull,
}

/// <summary>Where a database is and how to get in. The text form never holds a secret.</summary>
/// <param name="Kind">The kind of database.</param>
public sealed record DatabaseAddress(IDatabase Kind)
{
    /// <summary>The server, a list of servers for MongoDB, or a folder of sockets; null for the kind's default.</summary>
    public string? Host { get; init; }

    /// <summary>The port; null for the kind's default.</summary>
    public int? Port { get; init; }

    /// <summary>The database on the server, or the file's path.</summary>
    public string? Database { get; init; }

    /// <summary>The user's name.</summary>
    public string? User { get; init; }

    /// <summary>The password or token.</summary>
    public Secret? Password { get; init; }

    /// <summary>How far the connection is protected; null for the kind's default.</summary>
    public TlsMode? Tls { get; init; }

    /// <summary>A file with the certificates of trusted authorities (PEM).</summary>
    public string? RootCertificate { get; init; }

    /// <summary>A file with the certificate by which the client shows who it is (PEM).</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>A file with the key of that certificate (PEM).</summary>
    public string? ClientKey { get; init; }

    /// <summary>How long to wait for a connection; null for 15 seconds.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>How long a statement may take; null for no limit.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>What the server's lists call the connection.</summary>
    public string ApplicationName { get; init; } = "DataTools";

    /// <summary>Further options by the kind's own names.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The scheme as it was written, where it says more than the kind (mongodb+srv).</summary>
    public string? Scheme { get; init; }

    /// <summary>The server and port, or the file, as people are told of it.</summary>
    public string Server => Kind.IsFile ? Database ?? "" : Host + (Port is { } port ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "");

    /// <summary>The address as a URL without password and options.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme ?? Kind.Schemes[0]).Append(':');
        return Kind.IsFile
            ? text.Append(Database).ToString()
            : text.Append("//").Append(User is null ? "" : $"{Uri.EscapeDataString(User)}@").Append(Server).Append('/').Append(Database).ToString();
    }
}
