using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Changes;

/// <summary>Views that read what changes, where the database refuses that as long as they are there.</summary>
internal static class ViewsInTheWay
{
    /// <summary>The columns that get another type or are replaced, and that views of the left side name.</summary>
    public static IReadOnlyList<(TableName Table, IEnumerable<string> Columns)> OfTypes(SchemaComparison comparison)
    {
        var enums = NewEnums(comparison).Select(e => e.Left!.Name).ToHashSet();
        var columns = comparison.Tables.Select(t => (t.Right.Name, Columns: t.ChangedColumns.Where(c => HasNewType(c.Left, c.Right) || SchemaScriptWriter.IsReplaced(c.Left, c.Right, t)).Select(c => c.Left)
            .Concat(t.Left.Columns.Where(c => c.EnumType is { } type && enums.Contains(type))).Select(c => c.Name).ToHashSet()));
        return [.. columns.Where(c => IsRead(comparison, c.Name.Name, c.Columns)).Select(c => (c.Name, (IEnumerable<string>)c.Columns))];
    }

    /// <summary>The enumerations that go or are made anew; values that are only added leave one the type that it is.</summary>
    public static IEnumerable<(EnumSchema? Left, EnumSchema? Right)> NewEnums(SchemaComparison comparison) =>
        comparison.Enums.Where(e => e.Left is not null && e.Right?.Values.Where(e.Left.Values.Contains).SequenceEqual(e.Left.Values) != true);

    private static bool HasNewType(ColumnSchema left, ColumnSchema right) => left.NativeType != right.NativeType || left.EnumType != right.EnumType || left.Collation != right.Collation;

    /// <summary>Whether a view names a table and one of its columns.</summary>
    private static bool IsRead(SchemaComparison comparison, string table, HashSet<string> columns) => comparison.Left.Others.Where(o => o is { Kind: "View", Definition: not null }).Any(view =>
    {
        var names = SqlTokens.Read(view.Definition!).Where(t => t.IsName).Select(t => t.Text).ToHashSet();
        return names.Contains(table) && columns.Overlaps(names);
    });
}
