using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Changes;

/// <summary>Views that read what changes, where the database refuses that as long as they are there.</summary>
public static class ViewsInTheWay
{
    /// <summary>The views of the left side that name a table which goes, or a column of one that goes or gets another type.</summary>
    public static IReadOnlyList<DatabaseObject> Of(SchemaComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        // Values that are only added leave an enumeration the type that it is.
        var enums = comparison.Enums.Where(e => e.Left is not null && e.Right?.Values.Where(e.Left.Values.Contains).SequenceEqual(e.Left.Values) != true).Select(e => e.Left!.Name).ToHashSet();
        var changes = comparison.Tables.Select(t => (
            Table: t.Left.Name.Name,
            Columns: t.DroppedColumns.Concat(t.ChangedColumns.Where(c => c.Left.NativeType != c.Right.NativeType).Select(c => c.Left)).Concat(t.Left.Columns.Where(c => c.EnumType is { } type && enums.Contains(type))).Select(c => c.Name).ToHashSet())).ToList();
        return
        [
            .. comparison.Left.Others.Where(o => o is { Kind: "View", Definition: not null }).Where(view =>
            {
                var names = SqlTokens.Read(view.Definition!).Where(t => t.IsName).Select(t => t.Text).ToHashSet();
                return comparison.DroppedTables.Any(t => names.Contains(t.Name.Name)) || changes.Exists(c => names.Contains(c.Table) && names.Overlaps(c.Columns));
            }),
        ];
    }
}
