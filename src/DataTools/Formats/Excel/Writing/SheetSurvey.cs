using Apache.Arrow;
using DataTools.Data;
using DocumentFormat.OpenXml.Packaging;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Looks through a sheet that is there for the place where rows go: its table, or the row that holds the names of the columns.</summary>
internal sealed class SheetSurvey(Func<Stream> open, Func<IReadOnlySet<int>, IReadOnlyDictionary<int, string>> sharedTexts)
{
    /// <summary>The header is looked for in so many rows.</summary>
    private const int HeaderWithin = 100;

    /// <summary>The region of a table.</summary>
    public Region OfTable(TableDefinitionPart part, bool appends)
    {
        var table = part.Table!;
        var range = CellRange.Parse(table.Reference!.Value!);
        var columns = table.TableColumns!.Elements<DocumentFormat.OpenXml.Spreadsheet.TableColumn>().Select(c => CellText.Unescape(c.Name!.Value!)).ToList();
        var hasHeader = table.HeaderRowCount?.Value != 0;
        var hasTotals = table.TotalsRowCount?.Value > 0;
        var region = new Region
        {
            HeaderRow = hasHeader ? range.Row1 : range.Row1 - 1, Names = columns.Select((n, i) => (Name: n, Column: range.Column1 + i)).ToDictionary(c => c.Column, c => c.Name),
            FirstColumn = range.Column1, LastColumn = range.Column2, LastRow = range.Row2 - (hasTotals ? 1 : 0), HasTotals = hasTotals, Table = part,
        };
        return WithSample(region, appends);
    }

    /// <summary>The region below the row that has the names of all columns; null where there is none.</summary>
    public Region? OfColumns(Schema schema, bool hasHeader, bool appends)
    {
        var rows = FirstRows();
        var names = hasHeader ? rows.Select(r => (r.Row, Names: Texts(r.Cells))).FirstOrDefault(r => new Region
        {
            HeaderRow = r.Row, Names = r.Names, FirstColumn = 1, LastColumn = 1,
        }.Places(schema) is not null)
        : rows.Where(r => r.Cells.Exists(c => c.HasContent)).Select(r => (Row: r.Row - 1, Names: ByPosition(r.Cells, schema))).FirstOrDefault();
        return names.Names is null
            ? null
            : WithSample(WithLastRow(new Region { HeaderRow = names.Row, Names = names.Names, FirstColumn = names.Names.Keys.Min(), LastColumn = names.Names.Keys.Max() }), appends);
    }

    /// <summary>Whether nothing is in the sheet.</summary>
    public bool IsEmpty()
    {
        using var rows = new SheetXml(open());
        while (rows.Read())
        {
            if (rows.Cells.Exists(c => c.HasContent))
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<int, string> ByPosition(List<SheetCell> cells, Schema schema)
    {
        var first = cells.First(c => c.HasContent).Column;
        return schema.Names().Select((n, i) => (n, i)).ToDictionary(p => first + p.i, p => p.n);
    }

    private Dictionary<int, string> Texts(List<SheetCell> cells)
    {
        var shared = sharedTexts(cells.Where(c => c.Type == "s").Select(c => Index(c.Value)).ToHashSet());
        return cells.Where(c => c.Value is not null)
            .Select(c => (c.Column, Text: c.Type == "s" ? shared.GetValueOrDefault(Index(c.Value), "") : c.Value!))
            .Where(c => c.Text.Length > 0)
            .ToDictionary(c => c.Column, c => c.Text);
    }

    private static int Index(string? value) => int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var index) ? index : -1;

    private List<(int Row, List<SheetCell> Cells)> FirstRows()
    {
        var found = new List<(int Row, List<SheetCell> Cells)>();
        using var rows = new SheetXml(open());
        while (found.Count < HeaderWithin && rows.Read())
        {
            found.Add((rows.Row, [.. rows.Cells]));
        }

        return found;
    }

    private Region WithLastRow(Region region)
    {
        var last = region.HeaderRow;
        using var rows = new SheetXml(open());
        while (rows.Read())
        {
            last = rows.Row > last && rows.Cells.Exists(c => c.HasContent && c.Column >= region.FirstColumn && c.Column <= region.LastColumn) ? rows.Row : last;
        }

        return region with { LastRow = last };
    }

    /// <summary>Adds the cells that new ones are to look like: those of the last row where rows are added, else those of the first.</summary>
    private Region WithSample(Region region, bool appends)
    {
        var wanted = appends ? region.OldLast : region.FirstRow;
        var formulas = new Dictionary<string, (int Row, string Formula)>();
        using var rows = new SheetXml(open());
        while (rows.Read() && rows.Row <= wanted)
        {
            foreach (var cell in rows.Cells.Where(c => c is { Shared: not null, Formula.Length: > 0 }))
            {
                formulas[cell.Shared!] = (rows.Row, cell.Formula!);
            }

            if (rows.Row == wanted)
            {
                return region with { SampleRow = wanted, SampleHeight = rows.Height, Sample = rows.Cells.Select(c => Own(c, wanted, formulas)).ToDictionary(c => c.Column) };
            }
        }

        return region;
    }

    /// <summary>A cell that shares its formula gets it as its own.</summary>
    private static SheetCell Own(SheetCell cell, int row, Dictionary<string, (int Row, string Formula)> formulas) =>
        cell is { Formula: "", Shared: not null } && formulas.TryGetValue(cell.Shared, out var master)
            ? cell with { Formula = FormulaText.Move(master.Formula, row - master.Row) }
            : cell;
}
