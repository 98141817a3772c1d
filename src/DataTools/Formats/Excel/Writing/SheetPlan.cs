using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Apache.Arrow;
using DataTools.Data;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Schema = Apache.Arrow.Schema;
using Table = DocumentFormat.OpenXml.Spreadsheet.Table;

namespace DataTools.Formats.Excel.Writing;

/// <summary>What a sheet is to be: where its rows begin, what writes their cells, and what stands around them.</summary>
internal sealed class SheetPlan
{
    private readonly Schema _schema;
    private readonly ExcelWriteOptions _options;
    private readonly SheetLook _look;
    private readonly int[] _places;
    private readonly string? _table;

    private SheetPlan(Book book, WorksheetPart part, string name, SheetFrame frame, Schema schema, WriteContext context, CellRules rules, Region? region, string? table)
    {
        (Part, Name, Frame, Region, _schema, _table) = (part, name, frame, region, schema, table);
        _options = context.Options.Excel;
        _look = SheetLook.Of(schema.Metadata) ?? SheetLook.Plain;
        _places = region?.Places(schema) ?? [.. Enumerable.Range(1, schema.FieldsList.Count)];
        Appends = KeepsRows && context.Continues == Continuation.Rewritten;
        HeaderRow = region?.HeaderRow ?? NewHeaderRow(context.Options);
        FirstRow = Appends ? region!.LastRow + 1 : HeaderRow + 1;
        var styles = new ColumnStyles(book.Styles, _options, region, frame);
        Cells = [.. Own(styles, rules).Concat(Others(region)).OrderBy(c => c.Place).Select(c => new RowCell(c.Source, c.Writer))];
        RowHeight = region is null ? _look.RowHeight : region.SampleHeight;
        HeadRows = region is null ? Head(styles, context.Options.NoHeader) : null;
    }

    /// <summary>The sheet's part.</summary>
    public WorksheetPart Part { get; }

    /// <summary>The sheet's name.</summary>
    public string Name { get; }

    /// <summary>What stands around the rows.</summary>
    public SheetFrame Frame { get; }

    /// <summary>Where rows go among those that are there; null in a sheet that has none.</summary>
    public Region? Region { get; }

    /// <summary>Whether rows that are there stay before the new ones.</summary>
    public bool Appends { get; }

    /// <summary>Whether the sheet has rows that are to be kept.</summary>
    public bool KeepsRows => Region is not null;

    /// <summary>The row of the header; 0 for none, the title's where there is no header.</summary>
    public int HeaderRow { get; }

    /// <summary>The first new row.</summary>
    public int FirstRow { get; }

    /// <summary>What writes the cells of a row.</summary>
    public RowCell[] Cells { get; }

    /// <summary>The height of new rows in points; null for the usual.</summary>
    public double? RowHeight { get; }

    /// <summary>The XML of the title and the header.</summary>
    public string? HeadRows { get; }

    /// <summary>The plan for a sheet that is made, or has nothing in it.</summary>
    public static SheetPlan OfNew(Book book, WorksheetPart part, string name, SheetFrame frame, Schema schema, WriteContext context, CellRules rules, string? table) =>
        new(book, part, name, frame, schema, context, rules, null, table);

    /// <summary>The plan for a sheet with rows.</summary>
    public static SheetPlan OfRegion(Book book, WorksheetPart part, string name, SheetFrame frame, Schema schema, WriteContext context, CellRules rules, Region region) =>
        new(book, part, name, frame, schema, context, rules, region, null);

    /// <summary>Sets what depends on the first rows: widths of columns, what stays in sight.</summary>
    public void Prepare(RecordBatch? sample)
    {
        var widths = new ColumnWidths(_options, sample, hasButtons: _table is not null || _options.AutoFilter);
        for (var i = 0; i < _places.Length; i++)
        {
            if (widths.Of(_schema.GetFieldByIndex(i), i, Region is null) is { } width)
            {
                Frame.SetWidth(_places[i], width);
            }
        }

        var rows = _options.FreezeTopRow ? Math.Max(HeaderRow, 1) : Region is null ? _look.FrozenRows : 0;
        var columns = Region is null ? _look.FrozenColumns : 0;
        if (rows + columns > 0)
        {
            Frame.Freeze(rows, columns);
        }
    }

    /// <summary>Sets what depends on the last row: tables, filters, and the ranges that go along.</summary>
    public void Finish(Book book, int last)
    {
        var bottom = Math.Max(last, HeaderRow + 1);
        if (Region is { } region)
        {
            var growth = new RangeGrowth(Name, region, bottom);
            growth.Apply(book.Main);
            growth.Apply(Frame);
            if (region.Table is { } part)
            {
                growth.Apply(part.Table!);
            }

            book.ComputeOnOpen();
        }

        if (_table is not null)
        {
            AddTable(book, bottom);
        }
        else if ((_options.AutoFilter || (Region is null && _look.AutoFilter)) && Region?.Table is null)
        {
            var filter = Frame.Need("autoFilter");
            filter.SetAttributeValue("ref", new CellRange(Math.Max(HeaderRow, 1), _places.Min(), bottom, _places.Max()).ToString());
        }
    }

    private static int NewHeaderRow(WriteOptions options) => (options.Excel.Title is null ? 0 : 1) + (options.NoHeader ? 0 : 1);

    private IEnumerable<(int Place, int Source, CellWriter Writer)> Own(ColumnStyles styles, CellRules rules) =>
        _schema.FieldsList.Select((field, i) => (_places[i], i, CellWriters.New(field, _places[i], styles.Of(field, _places[i]), rules)));

    /// <summary>The columns of a region that the data does not have: formulas go on, others keep their style.</summary>
    private IEnumerable<(int Place, int Source, CellWriter Writer)> Others(Region? region)
    {
        if (region is null)
        {
            return [];
        }

        var formulas = region.Table?.Table!.TableColumns!.Elements<TableColumn>().Select(c => c.CalculatedColumnFormula?.Text).ToList();
        return Enumerable.Range(region.FirstColumn, region.LastColumn - region.FirstColumn + 1).Except(_places)
            .Select(place => (place, -1, Other(region.Sample.GetValueOrDefault(place), formulas?[place - region.FirstColumn], region, place)));
    }

    private static CellWriter Other(SheetCell sample, string? calculated, Region region, int place) =>
        calculated is not null ? new FormulaCellWriter(calculated, region.FirstRow, place, sample.Style)
        : sample.Formula is { Length: > 0 } formula ? new FormulaCellWriter(formula, region.SampleRow, place, sample.Style)
        : new BlankCellWriter(place, sample.Style);

    private string Head(ColumnStyles styles, bool noHeader)
    {
        var rows = new StringBuilder();
        if (_options.Title is { } title)
        {
            rows.Append(CultureInfo.InvariantCulture, $"<row r=\"1\">{TextCell(1, 1, styles.Title, title)}</row>");
        }

        if (noHeader)
        {
            return rows.ToString();
        }

        var height = _look.HeaderHeight is { } points ? string.Create(CultureInfo.InvariantCulture, $" ht=\"{points}\" customHeight=\"1\"") : "";
        rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{HeaderRow}\"{height}>");
        for (var i = 0; i < _places.Length; i++)
        {
            var field = _schema.GetFieldByIndex(i);
            rows.Append(TextCell(HeaderRow, _places[i], styles.OfHeader(field, _places[i]), field.Name));
        }

        return rows.Append("</row>").ToString();
    }

    private static string TextCell(int row, int column, uint style, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"<c r=\"{CellRange.Cell(row, column)}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{CellText.Escape(text)}</t></is></c>");

    private void AddTable(Book book, int bottom)
    {
        var range = new CellRange(HeaderRow, 1, bottom, _places.Length).ToString();
        var part = Part.AddNewPart<TableDefinitionPart>();
        var id = book.Main.WorksheetParts.SelectMany(w => w.TableDefinitionParts).Where(t => t != part).Select(t => t.Table!.Id!.Value).DefaultIfEmpty().Max() + 1;
        var name = _table!;
        var style = _options.TableStyle ?? _look.TableStyle ?? "TableStyleMedium2";
        part.Table = new Table(
            new AutoFilter { Reference = range },
            new TableColumns(_schema.Names().Select((n, i) => new TableColumn { Id = (uint)i + 1, Name = n.Replace("\n", "_x000a_", StringComparison.Ordinal) })) { Count = (uint)_places.Length },
            new TableStyleInfo { Name = style == "None" ? null : style, ShowRowStripes = true, ShowFirstColumn = false, ShowLastColumn = false, ShowColumnStripes = false })
        {
            Id = id, Name = name, DisplayName = name, Reference = range, TotalsRowShown = false,
        };
        var parts = Frame.Need("tableParts");
        parts.Add(new XElement(Frame.Ns + "tablePart", new XAttribute(SheetFrame.Relations + "id", Part.GetIdOfPart(part))));
        parts.SetAttributeValue("count", parts.Elements().Count());
    }
}
