using System.Security.Cryptography;
using System.Text;

namespace DataTools.Schemas;

/// <summary>Names of indexes and constraints that a database allows.</summary>
internal static class ObjectNames
{
    private const int HashLength = 8;

    /// <summary>The length in bytes of UTF-8.</summary>
    public static int Bytes(string name) => Encoding.UTF8.GetByteCount(name);

    /// <summary>A name that was unique in its table, for a database where it must be so in the schema: unless it holds the table's name it gets it.</summary>
    public static string? InSchema(string? name, TableName table, bool wasPerTable) =>
        name is null || !wasPerTable || name.Contains(table.Name, StringComparison.OrdinalIgnoreCase) ? name : $"{table.Name}_{name}";

    /// <summary>The name, or, where it is too long, its beginning with a hash of the whole, so that two long names stay two.</summary>
    public static string Fit(string name, int maxBytes)
    {
        if (Bytes(name) <= maxBytes)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        var start = name;
        while (Bytes(start) > maxBytes - HashLength - 1)
        {
            start = start[..^(char.IsLowSurrogate(start[^1]) ? 2 : 1)];
        }

        return $"{start}_{hash}";
    }
}
