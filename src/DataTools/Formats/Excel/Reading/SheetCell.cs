namespace DataTools.Formats.Excel.Reading;

/// <summary>What a cell holds, by its own type and its number format.</summary>
internal enum CellKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Text, which may look like a number.</summary>
    Text,

    /// <summary>A whole number that is known to the last digit.</summary>
    Integer,

    /// <summary>Any other number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and a time.</summary>
    Timestamp,

    /// <summary>A day and a time in UTC.</summary>
    Instant,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A length of time, which may pass 24 hours.</summary>
    Duration,

    /// <summary>An error, such as #N/A.</summary>
    Error,
}

/// <summary>One cell of the current row.</summary>
internal struct SheetCell
{
    /// <summary>What the cell holds.</summary>
    public CellKind Kind;

    /// <summary>The integer, 1 for true, days since 1970, or microseconds (since 1970, midnight or nothing).</summary>
    public long Value;

    /// <summary>The number as the sheet stores it, of dates too; not a number where the sheet stores none.</summary>
    public double Number;

    /// <summary>The text, or that of an error, in UTF-8; good until the next row.</summary>
    public ReadOnlyMemory<byte> Text;
}
