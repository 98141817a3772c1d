using System.Management.Automation;
using System.Security;
using DataTools.Formats.Excel;

namespace DataTools.Module;

/// <content>The parameters of Excel books.</content>
public abstract partial class FileInputCmdlet
{
    /// <summary>The sheets of an Excel book to read, which become one table; wildcards are taken. Without it: the first one that is visible.</summary>
    [Parameter]
    [SupportsWildcards]
    [Alias("Sheet")]
    [ArgumentCompleter(typeof(WorksheetCompleter))]
    public string[] WorksheetName { get; set; } = [];

    /// <summary>The cells of an Excel book to read: B2:F20, B:F, Sheet1!B2:F20, B2 for all from there on, or the name of a range or table.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RangeCompleter))]
    public string? Range { get; set; }

    /// <summary>The row of the sheet, counted from 1, at which the table of an Excel book begins.</summary>
    [Parameter]
    [ValidateRange(1, 1_048_576)]
    public int StartRow { get; set; } = ExcelReadOptions.Default.StartRow;

    /// <summary>Wildcards take hidden sheets of an Excel book too. One that is named in full is read anyway.</summary>
    [Parameter]
    public SwitchParameter IncludeHidden { get; set; }

    /// <summary>The password of an encrypted Excel book.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>Cells with a formula give its text, such as =A1+B1, in place of its value. Not of binary books (XLS, XLSB).</summary>
    [Parameter]
    public SwitchParameter Formula { get; set; }

    /// <summary>Every cell gives the text that Excel shows, by its number format and -Culture.</summary>
    [Parameter]
    public SwitchParameter AsDisplayed { get; set; }

    /// <summary>Every cell of a merged area has the value of its first. Without it the others are null.</summary>
    [Parameter]
    public SwitchParameter FillMerged { get; set; }

    /// <summary>What becomes of cells with an error such as #N/A: Null (the default; a warning counts them), or Reject, which makes their rows bad rows.</summary>
    [Parameter]
    public CellErrorPolicy CellError { get; set; }

    private ExcelReadOptions ExcelOptions => new()
    {
        Worksheets = WorksheetName, Range = Range, StartRow = StartRow, IncludeHidden = IncludeHidden, Password = Password, Formulas = Formula,
        AsDisplayed = AsDisplayed, FillMerged = FillMerged, CellErrors = CellError, IncludeSheet = IncludeSource,
    };
}
