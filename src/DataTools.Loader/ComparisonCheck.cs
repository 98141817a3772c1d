using System.Collections;

namespace DataTools;

/// <summary>One thing that was checked of two tables.</summary>
/// <param name="Table">The table.</param>
/// <param name="Check">What was checked: Columns, Rows, Values, PrimaryKey ...</param>
/// <param name="Passed">Whether both sides agree.</param>
/// <param name="Expected">What the source has.</param>
/// <param name="Actual">What the destination has.</param>
/// <param name="Details">What else there is to say; null for nothing.</param>
public sealed record ComparisonCheck(string Table, string Check, bool Passed, string? Expected, string? Actual, string? Details)
{
    /// <summary>The source.</summary>
    public string Source { get; init; } = "";

    /// <summary>The destination.</summary>
    public string Destination { get; init; } = "";

    /// <summary>The rows and values in which the two differ, as far as they were listed.</summary>
    public IReadOnlyList<RowDifference> Differences { get; init; } = [];
}

/// <summary>A row, or a value of a row, in which two tables differ.</summary>
/// <param name="Kind">Missing (only the source has the row), Extra (only the destination has it), or Different.</param>
/// <param name="Key">The row's key as text; for a table without key, the whole row.</param>
/// <param name="Column">The column that differs; null for a whole row.</param>
/// <param name="Source">The source's value.</param>
/// <param name="Destination">The destination's value.</param>
public sealed record RowDifference(string Kind, string Key, string? Column, object? Source, object? Destination)
{
    /// <summary>The table.</summary>
    public string Table { get; init; } = "";

    /// <summary>The source's value as text, in quotes where it is text itself; empty for a whole row.</summary>
    public string SourceText { get; init; } = "";

    /// <summary>The destination's value as text, in quotes where it is text itself; empty for a whole row.</summary>
    public string DestinationText { get; init; } = "";

    /// <summary>The key's values by column.</summary>
    public IDictionary KeyValues { get; init; } = new Hashtable();

    /// <summary>All values of a missing or extra row by column; null for a row that only differs.</summary>
    public IDictionary? Row { get; init; }
}
