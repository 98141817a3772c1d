using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>One column to read.</summary>
/// <param name="Position">Its place in the record.</param>
/// <param name="Name">Its name, made unique.</param>
/// <param name="Original">The file's own name, where that could not stay.</param>
/// <param name="Type">Its type.</param>
/// <param name="Rules">How its text is read.</param>
/// <param name="Origin">For messages: where an inferred type comes from; null for a type that the user named.</param>
internal sealed record PlannedColumn(int Position, string Name, string? Original, DataType Type, TextRules Rules, string? Origin);

/// <summary>Everything that is settled before the first row is read.</summary>
internal sealed record ReadPlan
{
    public required string Source { get; init; }

    public required Dialect Dialect { get; init; }

    public required Schema Schema { get; init; }

    /// <summary>The columns to read, in the order of the schema.</summary>
    public required PlannedColumn[] Columns { get; init; }

    /// <summary>The names of all columns of the file.</summary>
    public required string[] Names { get; init; }

    /// <summary>Whether the first record is a header.</summary>
    public required bool HasHeader { get; init; }

    /// <summary>The line at which the text begins.</summary>
    public required long FirstLine { get; init; }

    public required RaggedRows Ragged { get; init; }

    public required int MaxRecordBytes { get; init; }

    /// <summary>The texts that mean null.</summary>
    public required byte[][] NullValues { get; init; }

    /// <summary>The fields of a record.</summary>
    public int FieldCount => Dialect.Widths?.Count ?? Names.Length;

    /// <summary>With one column, an empty line is a row whose cell is null; with more, it is no row.</summary>
    public bool KeepsEmptyLines => Names.Length == 1;
}
