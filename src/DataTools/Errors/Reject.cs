namespace DataTools.Errors;

/// <summary>A row that could not be taken, and why.</summary>
/// <param name="Source">The file or table.</param>
/// <param name="Row">The 1-based number of the data row, or 0 where it is not known.</param>
/// <param name="Line">The 1-based line on which it starts, or 0 where the source has no lines.</param>
/// <param name="Column">The column, or null where the whole row is at fault.</param>
/// <param name="Value">The raw value.</param>
/// <param name="Reason">Why, as a clause: "is not an int64".</param>
/// <param name="Raw">The raw record, cut at 4,000 characters.</param>
public sealed record Reject(string Source, long Row, long Line, string? Column, string? Value, string Reason, string? Raw)
{
    private const int ShownValue = 100;

    /// <summary>The place, the value and the reason in one line.</summary>
    public string Describe()
    {
        var place = Line > 0 ? $"line {Line}" : $"row {Row}";
        var column = Column is null ? "" : $", column '{Column}'";
        var value = Value is null ? "" : $": '{Shorten(Value)}'";
        return $"{Source}, {place}{column}{value} {Reason}.";
    }

    /// <summary>A value as messages show it: control characters visible, at most 100 characters.</summary>
    public static string Shorten(string value)
    {
        var shown = value.Length <= ShownValue ? value : string.Concat(value.AsSpan(0, ShownValue), "…");
        return string.Concat(shown.Select(c => char.IsControl(c) ? $"\\u{(int)c:X4}" : c.ToString()));
    }
}
