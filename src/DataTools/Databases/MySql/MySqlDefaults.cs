namespace DataTools.Databases.MySql;

/// <summary>What the client's option files and the environment say where an address says nothing.</summary>
internal sealed class MySqlDefaults(bool isMariaDb)
{
    private readonly Dictionary<string, string> _file = MySqlOptionFile.Client(isMariaDb);

    /// <summary>How far the files want connections protected; null where they do not say.</summary>
    public TlsMode? Tls => _file.TryGetValue("ssl-mode", out var mode) ? mode.ToUpperInvariant() switch
    {
        "DISABLED" => TlsMode.Disable,
        "REQUIRED" => TlsMode.Require,
        "VERIFY_CA" => TlsMode.VerifyCA,
        "VERIFY_IDENTITY" => TlsMode.VerifyFull,
        _ => TlsMode.Prefer,
    }
    : IsOn("ssl-verify-server-cert") ? TlsMode.VerifyFull
    : IsOn("ssl") ? TlsMode.Require
    : null;

    /// <summary>What is given, else the option of the files, else the variable of the environment.</summary>
    public string? Or(string? given, string option, string? variable = null)
    {
        if ((given ?? _file.GetValueOrDefault(option)) is { } value)
        {
            return value;
        }

        return variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
    }

    /// <summary>As with the client, the local machine without further words is the socket, where there is one.</summary>
    public DatabaseAddress ToSocket(DatabaseAddress address) =>
        address.Host == "localhost" && Or(null, "socket", "MYSQL_UNIX_PORT") is { } socket && File.Exists(socket)
            ? address with { Options = new Dictionary<string, string>(address.Options, StringComparer.OrdinalIgnoreCase) { ["socket"] = socket } }
            : address;

    private bool IsOn(string name) => _file.TryGetValue(name, out var value) && value.ToUpperInvariant() is "" or "1" or "ON" or "TRUE";
}
