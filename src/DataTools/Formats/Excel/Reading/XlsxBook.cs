using System.Globalization;
using System.Xml;

namespace DataTools.Formats.Excel.Reading;

/// <summary>A book in the format of Excel 2007 and later: XLSX and XLSM.</summary>
internal sealed class XlsxBook : ExcelBook
{
    private readonly List<BookSheet> _sheets = [];
    private readonly List<BookName> _names = [];
    private readonly Lazy<SharedStrings> _strings;
    private readonly Lazy<List<BookTable>> _tables;

    public XlsxBook(XlsxPackage package, ReadOptions options)
        : base(package.Name)
    {
        Package = package;
        var culture = options.Text.FormatCulture;
        var links = package.Links(package.WorkbookPath);
        var is1904 = ReadWorkbook(links);
        Typer = new CellTyper(is1904, options.Excel.AsDisplayed ? culture : null);
        Styles = ReadStyles(links, culture);
        _strings = new(() => ReadStrings(links, options.MaxRecordBytes));
        _tables = new(() => [.. _sheets.SelectMany(ReadTables)]);
    }

    /// <summary>The parts of the book.</summary>
    public XlsxPackage Package { get; }

    /// <summary>The number formats.</summary>
    public CellStyles Styles { get; }

    /// <summary>The texts of cells; read when the first is needed.</summary>
    public SharedStrings Strings => _strings.Value;

    /// <inheritdoc/>
    public override CellTyper Typer { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<BookSheet> Sheets => _sheets;

    /// <inheritdoc/>
    public override IReadOnlyList<BookTable>? Tables => _tables.Value;

    /// <inheritdoc/>
    public override IReadOnlyList<BookName>? Names => _names;

    /// <inheritdoc/>
    public override SheetRows OpenRows(BookSheet sheet, ReadOptions options) => new XlsxRows(this, sheet.Path, NameOf(sheet), options);

    /// <inheritdoc/>
    public override IReadOnlyList<CellRange> Merged(BookSheet sheet)
    {
        // They stand behind the rows.
        var areas = new List<CellRange>();
        using var reader = XlsxPackage.OpenXml(Package.OpenStreamed(sheet.Path, out _));
        reader.MoveToContent();
        while (XlsxPackage.NextChild(reader, 0))
        {
            var isMerged = reader.LocalName == "mergeCells";
            while (isMerged && XlsxPackage.NextChild(reader, 1))
            {
                areas.Add(RangeOf(reader, NameOf(sheet)));
            }
        }

        return areas;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Package.Dispose();

    private static bool IsTrue(string? value) => value is "1" or "true";

    private static int Count(string? value, int none) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : none;

    private static CellRange RangeOf(XmlReader reader, string source) =>
        reader.GetAttribute("ref") is { } text && CellRange.TryParse(text.Contains(':', StringComparison.Ordinal) ? text : $"{text}:{text}", out var range) ? range
            : throw new XmlException($"{source} has a {reader.LocalName} without a range");

    private CellStyles ReadStyles(List<XlsxLink> links, CultureInfo culture)
    {
        var styles = new CellStyles(culture);
        if (Package.PathOf(links, "styles") is not { } path)
        {
            return styles;
        }

        using var reader = Package.OpenHeldXml(path);
        reader.MoveToContent();
        while (XlsxPackage.NextChild(reader, 0))
        {
            var isFormats = reader.LocalName == "numFmts";
            var isStyles = reader.LocalName == "cellXfs";
            while ((isFormats || isStyles) && XlsxPackage.NextChild(reader, 1))
            {
                var id = Count(reader.GetAttribute("numFmtId"), 0);
                if (isFormats)
                {
                    styles.AddFormat(id, reader.GetAttribute("formatCode") ?? "");
                }
                else
                {
                    styles.AddStyle(id);
                }
            }
        }

        return styles;
    }

    private SharedStrings ReadStrings(List<XlsxLink> links, int maxLength)
    {
        var strings = new SharedStrings();
        if (Package.PathOf(links, "sharedStrings") is not { } path)
        {
            return strings;
        }

        var text = new XlsxText(Source, maxLength);
        using var reader = Package.OpenHeldXml(path);
        reader.MoveToContent();
        while (XlsxPackage.NextChild(reader, 0))
        {
            if (reader.LocalName == "si")
            {
                text.ReadString(reader);
                strings.Add(text.Chars);
            }
        }

        return strings;
    }

    /// <summary>Reads sheets and names; whether dates count from 1904.</summary>
    private bool ReadWorkbook(List<XlsxLink> links)
    {
        var is1904 = false;
        var all = new List<BookSheet>();
        using var reader = Package.OpenHeldXml(Package.WorkbookPath);
        reader.MoveToContent();
        while (XlsxPackage.NextChild(reader, 0))
        {
            switch (reader.LocalName)
            {
                case "workbookPr":
                    is1904 = IsTrue(reader.GetAttribute("date1904"));
                    break;
                case "sheets":
                    ReadSheets(reader, links, all);
                    break;
                case "definedNames":
                    ReadNames(reader, all);
                    break;
            }
        }

        return is1904;
    }

    private void ReadSheets(XmlReader reader, List<XlsxLink> links, List<BookSheet> all)
    {
        var byId = links.ToLookup(l => l.Id);
        while (XlsxPackage.NextChild(reader, 1))
        {
            var link = byId[LinkId(reader)].FirstOrDefault();
            var sheet = new BookSheet(all.Count, reader.GetAttribute("name") ?? "", reader.GetAttribute("state") is "hidden" or "veryHidden", link?.Target ?? "");
            all.Add(sheet);
            if (link?.Type == "worksheet")
            {
                _sheets.Add(sheet);
            }
        }
    }

    /// <summary>The attribute r:id, whose namespace differs between the transitional and the strict form.</summary>
    private static string LinkId(XmlReader reader)
    {
        var id = "";
        while (reader.MoveToNextAttribute())
        {
            id = reader.LocalName == "id" ? reader.Value : id;
        }

        reader.MoveToElement();
        return id;
    }

    private void ReadNames(XmlReader reader, List<BookSheet> all)
    {
        var text = new XlsxText(Source, ReadOptions.Default.MaxRecordBytes);
        while (XlsxPackage.NextChild(reader, 1))
        {
            var name = reader.GetAttribute("name") ?? "";
            var local = Count(reader.GetAttribute("localSheetId"), -1);
            var isHidden = IsTrue(reader.GetAttribute("hidden")) || name.StartsWith("_xlnm.", StringComparison.OrdinalIgnoreCase);
            text.ReadElement(reader);
            _names.Add(new BookName(name, local >= 0 && local < all.Count ? all[local] : null, text.Chars.ToString(), isHidden));
        }
    }

    private IEnumerable<BookTable> ReadTables(BookSheet sheet) =>
        Package.Links(sheet.Path).Where(l => l.Type == "table" && Package.Has(l.Target)).Select(l => ReadTable(sheet, l.Target));

    private BookTable ReadTable(BookSheet sheet, string path)
    {
        using var reader = Package.OpenHeldXml(path);
        reader.MoveToContent();
        var name = reader.GetAttribute("displayName") ?? reader.GetAttribute("name") ?? "";
        var range = RangeOf(reader, NameOf(sheet));
        var (header, totals) = (Count(reader.GetAttribute("headerRowCount"), 1), Count(reader.GetAttribute("totalsRowCount"), 0));
        var columns = new List<string>();
        while (XlsxPackage.NextChild(reader, 0))
        {
            var isColumns = reader.LocalName == "tableColumns";
            while (isColumns && XlsxPackage.NextChild(reader, 1))
            {
                columns.Add(reader.GetAttribute("name") ?? "");
            }
        }

        return new BookTable(name, sheet, range, header, totals, columns);
    }
}
