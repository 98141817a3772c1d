using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>A book as another library sees it. Opening one checks that it is valid.</summary>
internal sealed class WrittenBook : IDisposable
{
    private readonly SpreadsheetDocument _document;

    internal WrittenBook(string path)
    {
        _document = SpreadsheetDocument.Open(path, isEditable: false);
        Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Microsoft365).Validate(_document, TestContext.Current.CancellationToken).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}"));
    }

    internal WorkbookPart Main => _document.WorkbookPart!;

    internal string[] Sheets => [.. Main.Workbook!.Sheets!.Elements<Sheet>().Select(s => s.Name!.Value!)];

    internal WorksheetPart Part(string? sheet = null) =>
        (WorksheetPart)Main.GetPartById(Main.Workbook!.Sheets!.Elements<Sheet>().First(s => sheet is null || s.Name == sheet).Id!.Value!);

    internal Worksheet Sheet(string? sheet = null) => Part(sheet).Worksheet!;

    internal Table Table(string? sheet = null) => Part(sheet).TableDefinitionParts.Single().Table!;

    /// <summary>The value of a cell as the book holds it, behind its kind: n, t(ext), b, or f for a formula.</summary>
    internal string? Cell(string name, string? sheet = null)
    {
        var cell = Find(name, sheet);
        return cell is null ? null
            : cell.CellFormula is { } formula ? $"f {formula.Text}"
            : cell.InlineString is { } text ? $"t {text.InnerText}"
            : cell.CellValue is null ? null
            : cell.DataType?.Value == CellValues.SharedString ? $"t {Main.SharedStringTablePart!.SharedStringTable!.ElementAt(int.Parse(cell.CellValue.Text, CultureInfo.InvariantCulture)).InnerText}"
            : cell.DataType?.Value == CellValues.Boolean ? $"b {cell.CellValue.Text}"
            : $"n {cell.CellValue.Text}";
    }

    internal string Row(int row, string? sheet = null) => string.Join(" | ", Sheet(sheet).Descendants<Row>().Single(r => r.RowIndex! == row).Elements<Cell>().Select(c => Cell(c.CellReference!.Value!, sheet)));

    internal CellFormat Style(string name, string? sheet = null) =>
        (CellFormat)Main.WorkbookStylesPart!.Stylesheet!.CellFormats!.ElementAt((int)(Find(name, sheet)?.StyleIndex?.Value ?? 0));

    internal Font Font(string name, string? sheet = null) => (Font)Main.WorkbookStylesPart!.Stylesheet!.Fonts!.ElementAt((int)Style(name, sheet).FontId!.Value);

    internal string Format(string name, string? sheet = null)
    {
        var id = Style(name, sheet).NumberFormatId?.Value ?? 0;
        return Main.WorkbookStylesPart!.Stylesheet!.NumberingFormats?.Elements<NumberingFormat>().FirstOrDefault(f => f.NumberFormatId! == id)?.FormatCode?.Value
            ?? id.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose() => _document.Dispose();

    private Cell? Find(string name, string? sheet) => Sheet(sheet).Descendants<Cell>().SingleOrDefault(c => c.CellReference == name);
}
