using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Charts = DocumentFormat.OpenXml.Drawing.Charts;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Ranges that end where a region ended end where it ends now: of names, charts, pivot tables, filters and formats.</summary>
internal sealed class RangeGrowth(string sheet, Region region, int newLast)
{
    /// <summary>Changes the ranges of the book's other parts.</summary>
    public void Apply(WorkbookPart workbook)
    {
        foreach (var name in workbook.Workbook!.DefinedNames?.Elements<DefinedName>() ?? [])
        {
            name.Text = Formula(name.Text);
        }

        foreach (var cache in workbook.PivotTableCacheDefinitionParts)
        {
            Apply(cache.PivotCacheDefinition);
        }

        var drawings = workbook.WorksheetParts.Select(w => w.DrawingsPart).Concat(workbook.ChartsheetParts.Select(c => c.DrawingsPart));
        foreach (var chart in drawings.OfType<DrawingsPart>().SelectMany(d => d.ChartParts))
        {
            Apply(chart);
        }
    }

    /// <summary>Changes the ranges of the sheet itself.</summary>
    public void Apply(SheetFrame frame)
    {
        foreach (var attribute in frame.Tail.SelectMany(e => e.DescendantsAndSelf()).Attributes("sqref"))
        {
            attribute.Value = string.Join(' ', attribute.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Reference));
        }

        foreach (var element in frame.Tail.SelectMany(e => e.Descendants()).Where(e => e.Name.LocalName is "sqref" or "f" && !e.HasElements))
        {
            // What newer versions of Excel added holds its ranges as text.
            element.Value = element.Name.LocalName == "f" ? Formula(element.Value) : string.Join(' ', element.Value.Split(' ').Select(Reference));
        }

        foreach (var reference in frame.Elements("autoFilter").Attributes("ref"))
        {
            reference.Value = Reference(reference.Value);
        }
    }

    /// <summary>Changes the table of the region.</summary>
    public void Apply(Table table)
    {
        var range = CellRange.Parse(table.Reference!.Value!);
        table.Reference = (range with { Row2 = newLast + (region.HasTotals ? 1 : 0) }).ToString();
        if (table.AutoFilter is { } filter)
        {
            filter.Reference = (range with { Row2 = newLast }).ToString();
        }
    }

    private void Apply(PivotCacheDefinition? cache)
    {
        if (cache?.CacheSource?.WorksheetSource is { Reference.Value: { } reference } source && IsHere(source.Sheet?.Value))
        {
            source.Reference = Reference(reference);
            cache.RefreshOnLoad = true;
        }
    }

    private void Apply(ChartPart chart)
    {
        foreach (var formula in chart.ChartSpace?.Descendants<Charts.Formula>().ToList() ?? [])
        {
            var grown = Formula(formula.Text);
            if (grown != formula.Text)
            {
                formula.Text = grown;
                // The values that the chart remembers are those of the old range.
                formula.Parent!.ChildElements.Where(c => c is Charts.NumberingCache or Charts.StringCache or Charts.MultiLevelStringCache).ToList().ForEach(c => c.Remove());
            }
        }
    }

    private string Reference(string text) => CellRange.TryParse(text, out var range) ? Grow(range).ToString() : text;

    private string Formula(string text) => FormulaText.Grow(text, (at, range) => at is not null && IsHere(at) ? Grow(range) : range);

    private bool IsHere(string? name) => string.Equals(name, sheet, StringComparison.OrdinalIgnoreCase);

    private CellRange Grow(CellRange range) =>
        range.Row2 == region.OldLast && range.Row1 <= region.FirstRow && range.Column1 <= region.LastColumn && range.Column2 >= region.FirstColumn
            ? range with { Row2 = newLast }
            : range;
}
