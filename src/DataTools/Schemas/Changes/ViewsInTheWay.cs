using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Changes;

/// <summary>Views that read what changes, where the database refuses that as long as they are there.</summary>
public static class ViewsInTheWay
{
    /// <summary>The views of the left side that name a table which goes, or a column of one that goes: as they are, they could not be made again.</summary>
    public static IReadOnlyList<DatabaseObject> OfDropped(SchemaComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return Naming(comparison, [.. comparison.DroppedTables.Select(t => (t.Name.Name, (IReadOnlySet<string>?)null)), .. comparison.Tables.Select(t => (t.Left.Name.Name, (IReadOnlySet<string>?)t.DroppedColumns.Select(c => c.Name).ToHashSet()))]);
    }

    /// <summary>The columns that get another type or are replaced, and that views of the left side name.</summary>
    internal static IReadOnlyList<(TableName Table, IEnumerable<string> Columns)> OfTypes(SchemaComparison comparison)
    {
        // Values that are only added leave an enumeration the type that it is.
        var enums = comparison.Enums.Where(e => e.Left is not null && e.Right?.Values.Where(e.Left.Values.Contains).SequenceEqual(e.Left.Values) != true).Select(e => e.Left!.Name).ToHashSet();
        var columns = comparison.Tables.Select(t => (t.Right.Name, Columns: t.ChangedColumns.Where(c => HasNewType(c.Left, c.Right) || SchemaScriptWriter.IsReplaced(c.Left, c.Right, t)).Select(c => c.Left)
            .Concat(t.Left.Columns.Where(c => c.EnumType is { } type && enums.Contains(type))).Select(c => c.Name).ToHashSet()));
        return [.. columns.Where(c => Naming(comparison, [(c.Name.Name, c.Columns)]).Count > 0).Select(c => (c.Name, (IEnumerable<string>)c.Columns))];
    }

    private static bool HasNewType(ColumnSchema left, ColumnSchema right) => left.NativeType != right.NativeType || left.EnumType != right.EnumType || left.Collation != right.Collation;

    /// <summary>Views that name a table and one of its columns; any, where these are null.</summary>
    private static List<DatabaseObject> Naming(SchemaComparison comparison, IReadOnlyList<(string Table, IReadOnlySet<string>? Columns)> what) =>
    [
        .. comparison.Left.Others.Where(o => o is { Kind: "View", Definition: not null }).Where(view =>
        {
            var names = SqlTokens.Read(view.Definition!).Where(t => t.IsName).Select(t => t.Text).ToHashSet();
            return what.Any(w => names.Contains(w.Table) && w.Columns?.Overlaps(names) != false);
        }),
    ];
}
