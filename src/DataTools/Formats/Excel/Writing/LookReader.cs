using System.Globalization;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Schema = Apache.Arrow.Schema;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Takes from a book what a sheet looks like: the marks that -KeepFormat leaves on columns.</summary>
internal static class LookReader
{
    /// <summary>
    /// The schema with marks. <paramref name="headerRow"/> is the row of the header, 0 for none; <paramref name="columns"/> are the sheet's columns, from
    /// 1, of the schema's fields. The cells look as those of the first row below the header do.
    /// </summary>
    public static Schema Mark(Stream book, string sheet, int headerRow, IReadOnlyList<int> columns, Schema schema)
    {
        using var document = SpreadsheetDocument.Open(book, isEditable: false);
        var main = document.WorkbookPart!;
        var id = main.Workbook!.Sheets!.Elements<Sheet>().First(s => string.Equals(s.Name?.Value, sheet, StringComparison.OrdinalIgnoreCase)).Id!.Value!;
        if (main.WorkbookStylesPart is null || main.GetPartById(id) is not WorksheetPart part)
        {
            return schema;
        }

        using var stream = part.GetStream(FileMode.Open, FileAccess.Read);
        var frame = SheetFrame.Read(stream);
        var (header, cells) = Rows(part, headerRow);
        var styles = new StyleBook(main);
        var fields = schema.FieldsList.Select((f, i) => Looks.Mark(f, new ColumnLook(
            frame.WidthOf(columns[i]), LookOf(styles, cells.Styles, frame, columns[i]), headerRow > 0 ? LookOf(styles, header.Styles, frame, columns[i]) : null)));
        var marked = new Schema(fields, schema.HasMetadata ? schema.Metadata : null);
        return Looks.Mark(marked, SheetOf(part, sheet, frame, headerRow) with { HeaderHeight = header.Height, RowHeight = cells.Height });
    }

    private static CellLook? LookOf(StyleBook styles, Dictionary<int, uint> row, SheetFrame frame, int column) =>
        styles.LookOf(row.GetValueOrDefault(column, frame.StyleOf(column))) is var look && look != CellLook.None ? look : null;

    private static SheetLook SheetOf(WorksheetPart part, string name, SheetFrame frame, int headerRow)
    {
        var pane = frame.Elements("sheetViews").Elements(frame.Ns + "sheetView").Elements(frame.Ns + "pane").FirstOrDefault(p => (string?)p.Attribute("state") == "frozen");
        var table = part.TableDefinitionParts.Select(t => t.Table!).FirstOrDefault(t => CellRange.TryParse(t.Reference?.Value, out var range) && range.Row1 == headerRow);
        return new SheetLook(
            name, Split(pane, "ySplit"), Split(pane, "xSplit"), frame.Elements("autoFilter").Any(),
            table?.DisplayName?.Value, table is null ? null : table.TableStyleInfo?.Name?.Value ?? "None", null, null);
    }

    private static int Split(XElement? pane, string attribute) =>
        double.TryParse((string?)pane?.Attribute(attribute), CultureInfo.InvariantCulture, out var count) ? (int)count : 0;

    private static ((Dictionary<int, uint> Styles, double? Height) Header, (Dictionary<int, uint> Styles, double? Height) Cells) Rows(WorksheetPart part, int headerRow)
    {
        (Dictionary<int, uint> Styles, double? Height) header = ([], null);
        using var stream = part.GetStream(FileMode.Open, FileAccess.Read);
        using var rows = new SheetXml(stream);
        while (rows.Read())
        {
            var row = (rows.Cells.ToDictionary(c => c.Column, c => c.Style), rows.Height);
            if (rows.Row == headerRow)
            {
                header = row;
            }
            else if (rows.Row > headerRow)
            {
                return (header, row);
            }
        }

        return (header, ([], null));
    }
}
