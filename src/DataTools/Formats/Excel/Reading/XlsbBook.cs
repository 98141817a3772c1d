using System.Globalization;

namespace DataTools.Formats.Excel.Reading;

/// <summary>
/// A binary book of Excel 2007 and later (XLSB): a package like XLSX, whose parts are records. [MS-XLSB]. The versions of ExcelDataReader that know the
/// format are not the one in use.
/// </summary>
internal sealed class XlsbBook : ExcelBook
{
    private const int BookProperties = 153;
    private const int SheetOfBook = 156;
    private const int Format = 44;
    private const int Style = 47;
    private const int BeginStyles = 617;
    private const int EndStyles = 618;
    private const int SharedString = 19;
    private const int MergedArea = 176;

    private readonly XlsxPackage _package;
    private readonly List<BookSheet> _sheets = [];
    private readonly Lazy<SharedStrings> _strings;

    public XlsbBook(XlsxPackage package, ReadOptions options)
        : base(package.Name)
    {
        _package = package;
        CheckFormulas(options);
        var links = package.Links(package.WorkbookPath);
        var culture = options.Text.FormatCulture;
        Typer = new CellTyper(ReadWorkbook(links), options.Excel.AsDisplayed ? culture : null);
        Styles = ReadStyles(links, culture);
        _strings = new(() => ReadStrings(links));
    }

    /// <summary>The number formats.</summary>
    public CellStyles Styles { get; }

    /// <summary>The texts of cells.</summary>
    public SharedStrings Strings => _strings.Value;

    /// <inheritdoc/>
    public override CellTyper Typer { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<BookSheet> Sheets => _sheets;

    /// <inheritdoc/>
    public override IReadOnlyList<BookTable>? Tables => null;

    /// <inheritdoc/>
    public override IReadOnlyList<BookName>? Names => null;

    /// <inheritdoc/>
    public override SheetRows OpenRows(BookSheet sheet, ReadOptions options)
    {
        var stream = _package.OpenStreamed(sheet.Path, out var length);
        return new XlsbRows(this, NameOf(sheet), stream, length);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CellRange> Merged(BookSheet sheet)
    {
        var areas = new List<CellRange>();
        using var records = new XlsbRecords(_package.OpenStreamed(sheet.Path, out _));
        while (records.Read())
        {
            if (records.Type == MergedArea)
            {
                areas.Add(new CellRange(records.Int32(0), records.Int32(8), records.Int32(4), records.Int32(12)));
            }
        }

        return areas;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _package.Dispose();

    private bool ReadWorkbook(List<XlsxLink> links)
    {
        var is1904 = false;
        using var records = new XlsbRecords(_package.OpenHeld(_package.WorkbookPath));
        while (records.Read())
        {
            if (records.Type == BookProperties)
            {
                is1904 = (records.Byte(0) & 1) != 0;
            }
            else if (records.Type == SheetOfBook)
            {
                var id = records.Text(8, out var at).ToString();
                if (links.Find(l => l.Id == id && l.Type == "worksheet") is { } link)
                {
                    _sheets.Add(new BookSheet(_sheets.Count, records.Text(at, out _).ToString(), records.Int32(0) != 0, link.Target));
                }
            }
        }

        return is1904;
    }

    private CellStyles ReadStyles(List<XlsxLink> links, CultureInfo culture)
    {
        var styles = new CellStyles(culture);
        if (_package.PathOf(links, "styles") is not { } path)
        {
            return styles;
        }

        var isCells = false;
        using var records = new XlsbRecords(_package.OpenHeld(path));
        while (records.Read())
        {
            switch (records.Type)
            {
                case Format:
                    styles.AddFormat(records.UInt16(0), records.Text(2, out _).ToString());
                    break;
                case BeginStyles or EndStyles:
                    isCells = records.Type == BeginStyles;
                    break;
                case Style when isCells:
                    styles.AddStyle(records.UInt16(2));
                    break;
            }
        }

        return styles;
    }

    private SharedStrings ReadStrings(List<XlsxLink> links)
    {
        var strings = new SharedStrings();
        if (_package.PathOf(links, "sharedStrings") is not { } path)
        {
            return strings;
        }

        using var records = new XlsbRecords(_package.OpenHeld(path));
        while (records.Read())
        {
            if (records.Type == SharedString)
            {
                strings.Add(records.Text(1, out _));
            }
        }

        return strings;
    }
}
