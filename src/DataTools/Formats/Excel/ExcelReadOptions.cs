using System.Security;

namespace DataTools.Formats.Excel;

/// <summary>What becomes of a cell that holds an error, such as #N/A.</summary>
public enum CellErrorPolicy
{
    /// <summary>It is null, and a warning counts them.</summary>
    Null,

    /// <summary>Its row is a reject.</summary>
    Reject,
}

/// <summary>How an Excel book is read.</summary>
public sealed record ExcelReadOptions
{
    /// <summary>The options with every default.</summary>
    public static ExcelReadOptions Default { get; } = new();

    /// <summary>The sheets to read (wildcards); empty for the first one that is visible.</summary>
    public IReadOnlyList<string> Worksheets { get; init; } = [];

    /// <summary>The cells to read: a range as Excel writes it, the name of a range or that of a table; null for all.</summary>
    public string? Range { get; init; }

    /// <summary>The row of the sheet, counted from 1, at which the table begins.</summary>
    public int StartRow { get; init; } = 1;

    /// <summary>Wildcards, and a book without <see cref="Worksheets"/>, take hidden sheets too.</summary>
    public bool IncludeHidden { get; init; }

    /// <summary>The password of an encrypted book.</summary>
    public SecureString? Password { get; init; }

    /// <summary>Cells with a formula give its text in place of its value.</summary>
    public bool Formulas { get; init; }

    /// <summary>Every cell gives the text that Excel shows, by its number format and the culture.</summary>
    public bool AsDisplayed { get; init; }

    /// <summary>Every cell of a merged area has the value of the first.</summary>
    public bool FillMerged { get; init; }

    /// <summary>What becomes of cells that hold an error.</summary>
    public CellErrorPolicy CellErrors { get; init; }

    /// <summary>A column names the sheet of each row.</summary>
    public bool IncludeSheet { get; init; }
}
