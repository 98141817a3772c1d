using System.Text;
using DataTools.Data;

namespace DataTools.Schemas;

/// <summary>Names of indexes and constraints that a database allows.</summary>
internal static class ObjectNames
{
    private const int HashLength = 8;

    /// <summary>The length in bytes of UTF-8.</summary>
    public static int Bytes(string name) => Encoding.UTF8.GetByteCount(name);

    /// <summary>
    /// A name of something of a table that may have another name <paramref name="now"/>: what began with the old one begins with the new one. With
    /// <paramref name="needsTable"/>, for a name that was unique in its table and must be so in the schema, it gets the table's name unless it holds it.
    /// </summary>
    public static string? Of(string? name, TableName old, TableName now, bool needsTable) =>
        name is null ? null
        : old.Name != now.Name && IsPrefix(name, old.Name) ? now.Name + name[old.Name.Length..]
        : needsTable && !name.Contains(now.Name, StringComparison.OrdinalIgnoreCase) ? $"{now.Name}_{name}"
        : name;

    private static bool IsPrefix(string name, string table) => name.StartsWith(table, StringComparison.OrdinalIgnoreCase) && (name.Length == table.Length || name[table.Length] == '_');

    /// <summary>The name, or, where it is too long, its beginning with a hash of the whole, so that two long names stay two.</summary>
    public static string Fit(string name, int maxBytes)
    {
        if (Bytes(name) <= maxBytes)
        {
            return name;
        }

        var hash = TextHash.Of(name, HashLength);
        var start = name;
        while (Bytes(start) > maxBytes - HashLength - 1)
        {
            start = start[..^(char.IsLowSurrogate(start[^1]) ? 2 : 1)];
        }

        return $"{start}_{hash}";
    }
}
