using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Data;

/// <summary>Names of columns: made unique, and found by wildcards.</summary>
public static class ColumnNames
{
    /// <summary>
    /// Makes the names of a header usable: a blank one becomes <c>columnN</c>, one that another column has already (case does not count, for
    /// PowerShell) gets a suffix. <paramref name="original"/> holds the source's name where it was changed, else null.
    /// </summary>
    public static string[] MakeUnique(IReadOnlyList<string> names, out string?[] original)
    {
        var taken = new HashSet<string>(names.Where(n => !IsBlank(n)), StringComparer.OrdinalIgnoreCase);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var result = new string[names.Count];
        original = new string?[names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            var name = IsBlank(names[i]) ? $"column{i + 1}" : names[i];
            var unique = name;
            for (var n = 2; !used.Add(unique) || (unique != names[i] && taken.Contains(unique)); n++)
            {
                unique = $"{name}_{n}";
            }

            result[i] = unique;
            original[i] = unique == names[i] ? null : names[i];
        }

        return result;
    }

    /// <summary>
    /// The fields of a schema with unique names, each change told to <paramref name="warn"/> and kept in the field's metadata.
    /// </summary>
    public static Schema MakeUnique(Schema schema, string source, Action<string> warn)
    {
        var fields = schema.FieldsList;
        var names = MakeUnique([.. fields.Select(f => f.Name)], out var original);
        if (original.All(o => o is null))
        {
            return schema;
        }

        var renamed = fields.Select((f, i) => original[i] is { } old ? Renamed(f, names[i], old) : f).ToList();
        Warn([.. names], original, source, warn);
        return new Schema(renamed, schema.HasMetadata ? schema.Metadata : null);
    }

    /// <summary>Tells of the names that had to be changed.</summary>
    public static void Warn(IReadOnlyList<string> names, IReadOnlyList<string?> original, string source, Action<string> warn)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (original[i] is { } old)
            {
                warn(IsBlank(old)
                    ? $"{source}: column {i + 1} has no name; it is called '{names[i]}'."
                    : $"{source}: column {i + 1}, '{old}', has the name of another column; it is called '{names[i]}'.");
            }
        }
    }

    /// <summary>A field under another name, the source's own kept in its metadata.</summary>
    public static Field Renamed(Field field, string name, string? original = null)
    {
        var metadata = field.HasMetadata ? new Dictionary<string, string>(field.Metadata) : [];
        if (original is not null)
        {
            metadata[FieldMarks.OriginalName] = original;
        }

        return new Field(name, field.DataType, field.IsNullable, metadata);
    }

    /// <summary>
    /// The positions of the columns that patterns name (wildcards * and ?, case does not count), in the order of the patterns. A pattern
    /// without a wildcard must name a column.
    /// </summary>
    public static int[] Find(IReadOnlyList<string> names, IEnumerable<string> patterns, string source)
    {
        var found = new List<int>();
        foreach (var pattern in patterns)
        {
            var before = found.Count;
            found.AddRange(Enumerable.Range(0, names.Count).Where(i => !found.Contains(i) && IsMatch(names[i], pattern)));
            if (found.Count == before && !HasWildcard(pattern) && !names.Contains(pattern, StringComparer.OrdinalIgnoreCase))
            {
                throw DataErrors.ColumnNotFound(pattern, source, names);
            }
        }

        return [.. found];
    }

    /// <summary>Whether a name matches a pattern with * and ?; a name equal to the pattern always does.</summary>
    public static bool IsMatch(string name, string pattern) =>
        string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase)
        || (HasWildcard(pattern)
            && Regex.IsMatch(
                name,
                $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline));

    /// <summary>.NET has no properties whose names begin with NUL, and nobody could type one.</summary>
    private static bool IsBlank(string name) => string.IsNullOrWhiteSpace(name) || name[0] == '\0';

    private static bool HasWildcard(string pattern) => pattern.AsSpan().IndexOfAny('*', '?') >= 0;
}
