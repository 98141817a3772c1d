using System.Collections;
using System.Management.Automation;
using DataTools.Formats.Excel;

namespace DataTools.Module;

/// <summary>The parameters by which a command is told how to write Excel books.</summary>
public abstract class BookExportCmdlet : ExportCmdlet
{
    /// <summary>The sheet of the book; Sheet1 by default. In a book that exists, its other sheets are kept.</summary>
    [Parameter]
    [Alias("Sheet")]
    [ValidateNotNullOrEmpty]
    public string? WorksheetName { get; set; }

    /// <summary>A column that makes sheets: one for each of its values.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SheetBy { get; set; }

    /// <summary>The Excel table that the rows become, or the one of the book that takes them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TableName { get; set; }

    /// <summary>The style of the table, such as Light9, Medium2 (the default) or Dark1; None for none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TableStyleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TableStyle { get; set; }

    /// <summary>Buttons in the header of the sheet filter its rows.</summary>
    [Parameter]
    public SwitchParameter AutoFilter { get; set; }

    /// <summary>The rows of the sheet down to the header stay in sight.</summary>
    [Parameter]
    public SwitchParameter FreezeTopRow { get; set; }

    /// <summary>The header of the sheet is bold.</summary>
    [Parameter]
    public SwitchParameter BoldTopRow { get; set; }

    /// <summary>The columns of the sheet are as wide as the header and the first 5,000 rows need.</summary>
    [Parameter]
    public SwitchParameter AutoSize { get; set; }

    /// <summary>Number formats of the sheet's columns in Excel's notation: @{ price = '#,##0.00'; *_at = 'dd.mm.yyyy' }.</summary>
    [Parameter]
    public IDictionary? NumberFormat { get; set; }

    /// <summary>Widths of the sheet's columns in characters: @{ note = 40 }, or one width for all.</summary>
    [Parameter]
    public object? ColumnWidth { get; set; }

    /// <summary>A line above the header of the sheet.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>A book whose sheets, styles, charts and names the new one starts from. The rows below its header are replaced.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Template { get; set; }

    /// <summary>What becomes of rows over the 1,048,576 of a sheet: Error (the default), or NewSheet.</summary>
    [Parameter]
    public RowLimitPolicy OnRowLimit { get; set; }

    /// <summary>How a book is written, as the parameters say.</summary>
    private protected ExcelWriteOptions BookOptions => new()
    {
        WorksheetName = WorksheetName, SheetBy = SheetBy, TableName = TableName, TableStyle = TableStyles.FullName(TableStyle), AutoFilter = AutoFilter,
        FreezeTopRow = FreezeTopRow, BoldTopRow = BoldTopRow, AutoSize = AutoSize, Title = Title, Template = Template is null ? null : FullPath(Template),
        OnRowLimit = OnRowLimit, ReplaceSheet = Force, NumberFormats = Arguments.ToColumns<string>(NumberFormat), ColumnWidths = Arguments.ToColumns<double>(ColumnWidth),
    };
}

/// <summary>The styles that Excel has for tables.</summary>
internal static class TableStyles
{
    private const string Prefix = "TableStyle";

    /// <summary>The names without what they have in common.</summary>
    public static readonly string[] Names =
        ["None", .. Numbered("Light", 21), .. Numbered("Medium", 28), .. Numbered("Dark", 11)];

    /// <summary>The name as books hold it; a name that is none of Excel's is one of the book's own.</summary>
    public static string? FullName(string? name) =>
        Array.Find(Names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) is { } known ? (known == "None" ? known : Prefix + known) : name;

    private static IEnumerable<string> Numbered(string name, int count) => Enumerable.Range(1, count).Select(n => $"{name}{n}");
}

/// <summary>Completes the styles of tables.</summary>
public sealed class TableStyleCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound) => TableStyles.Names;
}
