using System.Globalization;

namespace DataTools.Validation;

/// <summary>The checks of one comparison, in the order in which they are shown.</summary>
internal sealed class CheckList(string table, string source, string destination)
{
    private readonly List<ComparisonCheck> _all = [];

    /// <summary>The checks so far.</summary>
    public IReadOnlyList<ComparisonCheck> All => _all;

    /// <summary>Notes a check.</summary>
    public void Add(string check, bool passed, string? expected, string? actual, string? details = null) =>
        _all.Add(new ComparisonCheck(table, check, passed, expected, actual, details) { Source = source, Destination = destination });

    /// <summary>Whether both sides have the same columns.</summary>
    public void AddColumns(IReadOnlyCollection<string> missing, IReadOnlyCollection<string> extra, int common) => Add(
        "Columns",
        missing.Count == 0 && extra.Count == 0,
        Number(common + missing.Count),
        Number(common + extra.Count),
        Join(missing.Count == 0 ? null : $"missing: {string.Join(", ", missing)}", extra.Count == 0 ? null : $"extra: {string.Join(", ", extra)}"));

    /// <summary>Whether the values of all columns can be compared.</summary>
    public void AddTypes(IReadOnlyCollection<string> unfit, IReadOnlyCollection<string> notes, int compared) => Add(
        "Types",
        unfit.Count == 0,
        $"{Number(compared + unfit.Count)} comparable",
        $"{Number(compared)} comparable",
        Join([unfit.Count == 0 ? null : $"not comparable: {string.Join("; ", unfit)}", .. notes]));

    /// <summary>Whether both sides have the same number of rows; <paramref name="settled"/> where a later look has shown that they do.</summary>
    public void AddRows(long expected, long actual, bool settled) =>
        Add("Rows", expected == actual || settled, Number(expected), Number(actual), expected != actual && settled ? "equal when looked at again" : null);

    /// <summary>Whether the rows are the same, by the sums of their hashes, and where they are not.</summary>
    public void AddValues((BucketSums Source, BucketSums Destination) sums, ComparePlan plan, IReadOnlyList<DifferentRow> found, bool isFull, int vanished)
    {
        var isSame = sums.Source.Total == sums.Destination.Total && sums.Source.Rows == sums.Destination.Rows;
        var details = Join(
            Counts(found),
            !isSame && found.Count == 0 && vanished == 0 ? Unfounded(plan) : null,
            vanished == 0 ? null : $"{Number(vanished)} were equal when looked at again",
            isFull ? "there may be more: -MaxDifferences" : null,
            plan.HasKey ? null : "no key: rows are counted as a whole");
        // Those that were not listed have not been looked at again.
        Add("Values", isSame || (found.Count == 0 && !isFull), Text(sums.Source.Total), Text(sums.Destination.Total), details);
        _all[^1] = _all[^1] with { Differences = [.. found.SelectMany(ToDifferences)] };
    }

    /// <summary>Whether rows that were chosen at random are the same.</summary>
    public void AddSample(long rows, IReadOnlyList<DifferentRow> found)
    {
        var bad = found.Count(f => f.Kind != DifferenceKind.Extra);
        Add("Sample", found.Count == 0, $"{Number(rows)} rows", $"{Number(rows - bad)} equal", Counts(found));
        _all[^1] = _all[^1] with { Differences = [.. found.SelectMany(ToDifferences)] };
    }

    /// <summary>Texts that are there, separated by semicolons; null for none.</summary>
    public static string? Join(params IEnumerable<string?> parts) => string.Join("; ", parts.OfType<string>()) is { Length: > 0 } text ? text : null;

    /// <summary>Why sums may differ where no row does: floats that are near enough, or two texts of a value that databases hash.</summary>
    private static string Unfounded(ComparePlan plan) => plan.Tolerance > 0 ? "within the tolerance" : "the sums differ, and no row does";

    private static string? Counts(IReadOnlyList<DifferentRow> found) => string.Join(
        ", ",
        Enum.GetValues<DifferenceKind>().Select(k => (Kind: k, Rows: found.Count(f => f.Kind == k))).Where(c => c.Rows > 0).Select(c => $"{Number(c.Rows)} {c.Kind.ToString().ToLowerInvariant()}")) is { Length: > 0 } text ? text : null;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(UInt128 sum) => sum.ToString("x32", CultureInfo.InvariantCulture);

    private IEnumerable<RowDifference> ToDifferences(DifferentRow row)
    {
        var key = KeyText(row.Key.Count > 0 ? row.Key : row.Source ?? row.Destination!);
        if (row.Kind != DifferenceKind.Different)
        {
            return [new RowDifference(row.Kind.ToString(), key, null, null, null) { Table = table, KeyValues = row.Key, Row = row.Source ?? row.Destination }];
        }

        return row.Columns.Select(c => new RowDifference(row.Kind.ToString(), key, c, row.Source![c], row.Destination![c])
        {
            Table = table, KeyValues = row.Key, SourceText = ShownValue.Quoted(row.Source[c]), DestinationText = ShownValue.Quoted(row.Destination[c]),
        });
    }

    private static string KeyText(System.Collections.Specialized.OrderedDictionary key) =>
        string.Join(", ", key.Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={(e.Value is null ? "null" : Errors.Reject.Shorten(ShownValue.Of(e.Value)))}"));
}
