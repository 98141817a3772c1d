namespace DataTools.Formats.Excel;

/// <summary>What becomes of rows that no longer fit on a sheet.</summary>
public enum RowLimitPolicy
{
    /// <summary>The run ends with an error.</summary>
    Error,

    /// <summary>A further sheet takes them.</summary>
    NewSheet,
}

/// <summary>How a book is written.</summary>
public sealed record ExcelWriteOptions
{
    /// <summary>The options with every default.</summary>
    public static ExcelWriteOptions Default { get; } = new();

    /// <summary>The sheet; null for that of the marks, the table or the first.</summary>
    public string? WorksheetName { get; init; }

    /// <summary>A column with one sheet for each of its values.</summary>
    public string? SheetBy { get; init; }

    /// <summary>The table; null for none in a new sheet, or for the one that the sheet has.</summary>
    public string? TableName { get; init; }

    /// <summary>The table's style, such as TableStyleMedium2; null for that one.</summary>
    public string? TableStyle { get; init; }

    /// <summary>Buttons in the header filter the rows.</summary>
    public bool AutoFilter { get; init; }

    /// <summary>The rows down to the header stay in sight.</summary>
    public bool FreezeTopRow { get; init; }

    /// <summary>The header is bold.</summary>
    public bool BoldTopRow { get; init; }

    /// <summary>Columns are as wide as their first rows need.</summary>
    public bool AutoSize { get; init; }

    /// <summary>Number formats in Excel's notation, by column (wildcards).</summary>
    public IReadOnlyDictionary<string, string> NumberFormats { get; init; } = new Dictionary<string, string>();

    /// <summary>Widths in characters, by column (wildcards).</summary>
    public IReadOnlyDictionary<string, double> ColumnWidths { get; init; } = new Dictionary<string, double>();

    /// <summary>A line above the header.</summary>
    public string? Title { get; init; }

    /// <summary>The book that the new one starts from; null for none.</summary>
    public string? Template { get; init; }

    /// <summary>What becomes of rows over the limit of a sheet.</summary>
    public RowLimitPolicy OnRowLimit { get; init; }

    /// <summary>A sheet that is there, and lacks the columns, is cleared.</summary>
    public bool ReplaceSheet { get; init; }

    /// <summary>The value of the first entry whose name or wildcard fits a column; the default of the type for none.</summary>
    internal static T? Of<T>(IReadOnlyDictionary<string, T> byColumn, string column) =>
        byColumn.FirstOrDefault(p => Data.ColumnNames.IsMatch(column, p.Key)).Value;
}
