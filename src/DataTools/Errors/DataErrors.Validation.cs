namespace DataTools.Errors;

/// <summary>What comparisons and tests of quality find.</summary>
public static partial class DataErrors
{
    /// <summary>Tables that were compared are not equal.</summary>
    public static DataException TablesDiffer(IReadOnlyList<string> tables, int compared, IReadOnlyList<string> checks) => Make(
        DataErrorCategory.InvalidResult,
        (compared == 1 ? $"{tables[0]} differs" : $"{tables.Count} of {compared} tables differ: {string.Join(", ", tables)}") + $". Checks that failed: {string.Join(", ", checks)}.",
        string.Join(", ", tables));

    /// <summary>Data breaks rules.</summary>
    public static DataException QualityInsufficient(string source, int failed, int rules, long most) => Make(
        DataErrorCategory.InvalidResult,
        $"{source}: {failed} of {rules} rules {(rules == 1 ? "is" : "are")} broken, by up to {most.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} rows.",
        source);
}
