using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Changes;

/// <summary>Views that read what changes, where the database refuses that as long as they are there.</summary>
public static class ViewsInTheWay
{
    /// <summary>The views of the left side that name a table which goes, or a column of one that goes.</summary>
    public static IEnumerable<DatabaseObject> OfDropped(SchemaComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Left.Others.Where(view => NamesOf(view) is { } names
            && (comparison.DroppedTables.Any(t => names.Contains(t.Name.Name)) || comparison.Tables.Any(t => names.Contains(t.Left.Name.Name) && t.DroppedColumns.Any(c => names.Contains(c.Name)))));
    }

    /// <summary>The columns that get another type or are replaced, and that views of the left side name.</summary>
    internal static IReadOnlyList<(TableName Table, IEnumerable<string> Columns)> OfTypes(SchemaComparison comparison)
    {
        var enums = NewEnums(comparison).Select(e => e.Left!.Name).ToHashSet();
        var columns = comparison.Tables.Select(t => (t.Right.Name, Columns: t.ChangedColumns.Where(c => HasNewType(c.Left, c.Right) || SchemaScriptWriter.IsReplaced(c.Left, c.Right, t)).Select(c => c.Left)
            .Concat(t.Left.Columns.Where(c => c.EnumType is { } type && enums.Contains(type))).Select(c => c.Name).ToHashSet()));
        return [.. columns.Where(c => IsRead(comparison, c.Name.Name, c.Columns)).Select(c => (c.Name, (IEnumerable<string>)c.Columns))];
    }

    /// <summary>The enumerations that go or are made anew; values that are only added leave one the type that it is.</summary>
    internal static IEnumerable<(EnumSchema? Left, EnumSchema? Right)> NewEnums(SchemaComparison comparison) =>
        comparison.Enums.Where(e => e.Left is not null && e.Right?.Values.Where(e.Left.Values.Contains).SequenceEqual(e.Left.Values) != true);

    private static bool HasNewType(ColumnSchema left, ColumnSchema right) => left.NativeType != right.NativeType || left.EnumType != right.EnumType || left.Collation != right.Collation;

    /// <summary>Whether a view names a table and one of its columns.</summary>
    private static bool IsRead(SchemaComparison comparison, string table, HashSet<string> columns) =>
        comparison.Left.Others.Any(view => NamesOf(view) is { } names && names.Contains(table) && names.Overlaps(columns));

    /// <summary>The names in a view's text, which most databases write in any case; null for what is no view.</summary>
    private static HashSet<string>? NamesOf(DatabaseObject view) =>
        view is { Kind: "View", Definition: { } text } ? SqlTokens.Read(text).Where(t => t.IsName).Select(t => t.Text).ToHashSet(StringComparer.OrdinalIgnoreCase) : null;
}
