using DataTools.Databases;

namespace DataTools.Schemas;

/// <summary>Whether a key can point to a table: where columns have other types there, or nothing makes them unique, some databases refuse the key.</summary>
internal static class KeyTargets
{
    /// <summary>Why a database refuses a key; null where it takes it.</summary>
    public static string? WhyNot(SqlDialect dialect, TableSchema table, ForeignKeySchema key, TableSchema referenced)
    {
        IReadOnlyList<string> names = key.ReferencedColumns.Count > 0 ? key.ReferencedColumns : referenced.PrimaryKey?.Columns ?? [];
        if (names.Count != key.Columns.Count || names.FirstOrDefault(n => referenced.Find(n) is null) is not null)
        {
            return $"{referenced.Name} has no columns {string.Join(", ", names)} for it";
        }

        if (dialect.PointsToKeysOnly ? !IsKey(dialect, referenced, names) : !IsIndexed(referenced, names))
        {
            return dialect.PointsToKeysOnly ? $"no key of {referenced.Name} makes {string.Join(", ", names)} unique" : $"no index of {referenced.Name} begins with {string.Join(", ", names)}";
        }

        return key.Columns.Zip(names, (own, other) => (Own: table.Find(own), Other: referenced.Find(other)!))
            .Where(c => c.Own is not null && !dialect.CanPoint(c.Own, c.Other))
            .Select(c => $"{c.Own!.Name} is {c.Own.NativeType}, and {c.Other.Name} of {referenced.Name} {c.Other.NativeType}")
            .FirstOrDefault();
    }

    private static bool IsKey(SqlDialect dialect, TableSchema table, IReadOnlyList<string> columns) =>
        IsSame(table.PrimaryKey?.Columns, columns)
        || table.Indexes.Any(i => i is { IsUnique: true, Where: null, Exclusion: null } && (i.IsConstraint || !dialect.KeysStandInTable || dialect.PointsToIndexes) && IsSame(i.Columns, columns));

    private static bool IsIndexed(TableSchema table, IReadOnlyList<string> columns) =>
        table.Indexes.Where(i => i.Parts.All(p => p.Prefix is null)).Select(i => i.Columns).Append(table.PrimaryKey?.Columns ?? []).Any(i => i.Take(columns.Count).SequenceEqual(columns, StringComparer.OrdinalIgnoreCase));

    private static bool IsSame(IReadOnlyList<string>? key, IReadOnlyList<string> columns) =>
        key is not null && key.Count == columns.Count && columns.All(c => key.Contains(c, StringComparer.OrdinalIgnoreCase));
}
