using System.Globalization;
using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>
/// Reads addresses: URLs, as the databases' own tools take them, and connection strings. By hand, for <see cref="Uri"/> refuses characters that
/// passwords have, lists of hosts and paths of files.
/// </summary>
public static class AddressText
{
    private static readonly string[] CommonOptions = ["sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "command_timeout", "application_name"];

    /// <summary>Whether a text is a URL of a known database.</summary>
    public static bool IsUrl(string text) => text.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon && KnownDatabases.TryFind(text[..colon]) is not null;

    /// <summary>Reads a URL, or a connection string of a kind that is named.</summary>
    public static DatabaseAddress Parse(string text, IDatabase? kind = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsUrl(text))
        {
            var address = ParseUrl(text);
            return kind is null || kind == address.Kind ? address : throw DataErrors.InvalidOption($"The URL is one of {address.Kind.Name}, not of {kind.Name}.");
        }

        return kind is null
            ? throw NoUrl()
            : kind.FromConnectionString(text);
    }

    /// <summary>Whether a text is meant for a URL or a connection string, and so may hold a password, which no error shows.</summary>
    public static bool MayHoldSecret(string text) => LooksLikeUrl(text) || text.Contains('=', StringComparison.Ordinal);

    /// <summary>Whether a text is meant for a URL, whether anybody knows its scheme or not.</summary>
    public static bool LooksLikeUrl(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("://", StringComparison.Ordinal);
    }

    /// <summary>The error of a text that is no URL of a known database.</summary>
    public static DataException NoUrl() => DataErrors.InvalidOption($"That is no URL of a database. URLs begin with {string.Join(", ", KnownDatabases.All.SelectMany(d => d.Schemes).Select(s => $"{s}:"))}; a connection string needs Connect-Database -Kind.");

    /// <summary>Sets an option by its name in URLs; an unknown one is an error.</summary>
    public static DatabaseAddress With(DatabaseAddress address, string name, string value) => name.ToUpperInvariant() switch
    {
        "SSLMODE" => address with { Tls = ToTls(value) },
        "SSLROOTCERT" => address with { RootCertificate = value },
        "SSLCERT" => address with { ClientCertificate = value },
        "SSLKEY" => address with { ClientKey = value },
        "CONNECT_TIMEOUT" => address with { ConnectTimeout = ToSeconds(name, value) },
        "COMMAND_TIMEOUT" => address with { CommandTimeout = ToSeconds(name, value) },
        "APPLICATION_NAME" => address with { ApplicationName = value },
        _ when address.Kind.OptionNames.Contains(name, StringComparer.OrdinalIgnoreCase) =>
            address with { Options = new Dictionary<string, string>(address.Options, StringComparer.OrdinalIgnoreCase) { [name] = value } },
        _ => throw DataErrors.UnknownConnectionOption(name, address.Kind.Name, CommonOptions.Concat(address.Kind.OptionNames)),
    };

    private static DatabaseAddress ParseUrl(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = KnownDatabases.Find(text[..colon]);
        var address = new DatabaseAddress(kind) { Scheme = text[..colon].ToLowerInvariant() };
        var rest = text[(colon + 1)..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var options = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        address = kind.IsFile ? address with { Database = ToFile(rest) } : WithServer(address, rest);
        foreach (var option in options.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            address = With(address, Unescape(parts[0]), parts.Length == 2 ? Unescape(parts[1]) : "");
        }

        return address;
    }

    /// <summary>sqlite:path and sqlite:///path; two slashes stand before a server, which a file has not.</summary>
    private static string ToFile(string rest) => Unescape(rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest) switch
    {
        // A path of Windows after the third slash begins with its drive.
        ['/', var drive, ':', ..] path when char.IsAsciiLetter(drive) => path[1..],
        var path => path,
    };

    private static DatabaseAddress WithServer(DatabaseAddress address, string rest)
    {
        rest = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
        // A password with an @ or a slash in it is common, and what follows the last @ has neither user nor password.
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            var parts = rest[..at].Split(':', 2);
            address = address with { User = parts[0].Length == 0 ? null : Unescape(parts[0]), Password = parts.Length == 2 ? new Secret(Unescape(parts[1])) : null };
            rest = rest[(at + 1)..];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (host, port) = Split(slash < 0 ? rest : rest[..slash]);
        var database = slash < 0 ? "" : Unescape(rest[(slash + 1)..]);
        return address with { Host = host.Length == 0 ? null : Unescape(host), Port = port, Database = database.Length == 0 ? null : database };
    }

    /// <summary>Host and port; a list of hosts stays one text, an IPv6 address stands in brackets.</summary>
    private static (string Host, int? Port) Split(string server)
    {
        var colon = server.LastIndexOf(':');
        if (server.Contains(',', StringComparison.Ordinal) || colon < 0 || server.EndsWith(']'))
        {
            return (server.Trim('[', ']'), null);
        }

        return int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (server[..colon].Trim('[', ']'), port)
            : throw DataErrors.InvalidOption("What stands behind the host of the URL is no port from 1 to 65535. A password with special characters is written with percent signs: '@' is %40, ':' is %3A, '/' is %2F.");
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static TlsMode ToTls(string value) =>
        Enum.TryParse<TlsMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && !char.IsAsciiDigit(value[0]) ? mode
        : throw DataErrors.InvalidOption($"sslmode is '{value}'; it takes disable, prefer, require, verify-ca or verify-full.");

    private static TimeSpan ToSeconds(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : throw DataErrors.InvalidOption($"{name} is '{value}'; it takes seconds, such as 30.");
}
