namespace DataTools.Errors;

/// <summary>What comparisons and tests of quality find.</summary>
public static partial class DataErrors
{
    /// <summary>Tables that were compared are not equal.</summary>
    public static DataException TablesDiffer(IReadOnlyList<string> tables, int compared, IReadOnlyList<string> checks) => Make(
        DataErrorCategory.InvalidResult,
        (compared == 1 ? $"{tables[0]} differs" : $"{tables.Count} of {compared} tables differ: {string.Join(", ", tables)}") + $". Checks that failed: {string.Join(", ", checks)}.",
        string.Join(", ", tables));
}
