using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>A column, or the group of those whose names begin alike, where a separator nests them.</summary>
/// <param name="Name">The name within its group.</param>
/// <param name="Column">The position of the column, or -1 for a group.</param>
/// <param name="Members">The members of a group.</param>
internal sealed record ColumnTree(string Name, int Column, IReadOnlyList<ColumnTree> Members)
{
    /// <summary>The columns of a schema; without a separator none is nested.</summary>
    public static IReadOnlyList<ColumnTree> Of(Schema schema, string? separator)
    {
        var root = new Group();
        var names = schema.Names();
        for (var i = 0; i < names.Length; i++)
        {
            root.Add(separator is { Length: > 0 } ? names[i].Split(separator) : [names[i]], i, names[i], separator);
        }

        return root.Members();
    }

    private sealed class Group
    {
        private readonly OrderedDictionary<string, (int Column, Group? Inner)> _members = new(StringComparer.Ordinal);

        public IReadOnlyList<ColumnTree> Members() => [.. _members.Select(m => new ColumnTree(m.Key, m.Value.Column, m.Value.Inner?.Members() ?? []))];

        public void Add(string[] path, int column, string name, string? separator)
        {
            var group = this;
            for (var i = 0; i < path.Length; i++)
            {
                var isLast = i == path.Length - 1;
                if (!group._members.TryGetValue(path[i], out var member))
                {
                    member = isLast ? (column, null) : (-1, new Group());
                    group._members.Add(path[i], member);
                }
                else if (isLast || member.Inner is null)
                {
                    throw DataErrors.InvalidOption($"The column '{name}' cannot be nested: another column has the name '{string.Join(separator, path[..(i + 1)])}', which would be both a value and an object.");
                }

                group = member.Inner!;
            }
        }
    }
}
