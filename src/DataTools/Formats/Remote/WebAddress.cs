using System.Diagnostics.CodeAnalysis;
using System.Net;
using DataTools.Errors;

namespace DataTools.Formats.Remote;

/// <summary>Addresses of the web, and what of them may be shown.</summary>
internal static class WebAddress
{
    /// <summary>Whether a path is an address of http or https.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        return (path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            && Uri.TryCreate(path, UriKind.Absolute, out address);
    }

    /// <summary>What messages and logs call an address: neither a password nor parameters, which may hold keys.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (address.Query.Length > 1 ? "?…" : "");

    /// <summary>Whether two addresses are of one host, and so may get the same secrets.</summary>
    public static bool IsSameOrigin(Uri left, Uri right) => left.Scheme == right.Scheme && left.Port == right.Port && left.IdnHost == right.IdnHost;

    /// <summary>Takes name and password out of an address.</summary>
    public static Uri TakeCredential(Uri address, ref NetworkCredential? credential)
    {
        if (address.UserInfo.Length == 0)
        {
            return address;
        }

        var parts = address.UserInfo.Split(':', 2);
        credential ??= new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return new UriBuilder(address) { UserName = "", Password = "" }.Uri;
    }

    /// <summary>An address with one of its parameters set.</summary>
    public static Uri WithParameter(Uri address, string name, long value)
    {
        var others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => NameOf(p) != name);
        return new UriBuilder(address) { Query = string.Join('&', others.Append($"{Uri.EscapeDataString(name)}={value}")) }.Uri;
    }

    /// <summary>The number that a parameter of an address has; null for none.</summary>
    public static long? Parameter(Uri address, string name)
    {
        var pair = Array.Find(address.Query.TrimStart('?').Split('&'), p => NameOf(p) == name);
        return pair is null ? null
            : long.TryParse(pair.AsSpan(pair.IndexOf('=', StringComparison.Ordinal) + 1), out var value) ? value
            : throw DataErrors.InvalidOption($"The parameter '{name}' of {Show(address)} is not a number.");
    }

    private static string NameOf(string pair) => Uri.UnescapeDataString(pair.Split('=')[0]);
}
