using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DocumentFormat.OpenXml.Packaging;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Decides which sheet rows go to, and where in it.</summary>
internal sealed class SheetPlanner(Book book, Schema schema, WriteContext context, CellRules rules, bool hasBasis)
{
    private const string Usual = "Sheet1";

    private readonly ExcelWriteOptions _options = context.Options.Excel;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The plan of the sheet for a value of -SheetBy, or null for the only sheet.</summary>
    public SheetPlan Plan(string? value, RecordBatch? sample)
    {
        var name = value is null ? OnlyName() : NameOf(value);
        var plan = hasBasis && book.Find(name) is { } part ? Existing(part, name) : New(name);
        plan.Prepare(sample);
        return plan;
    }

    /// <summary>The plan of the sheet that takes over where one is full.</summary>
    public SheetPlan PlanNext(string full, RecordBatch? sample)
    {
        var plan = New(ExcelNames.Unique(full, book.SheetNames));
        plan.Prepare(sample);
        return plan;
    }

    /// <summary>The sheet that is named, or holds the table that is, or the first.</summary>
    private string OnlyName()
    {
        if (_options.WorksheetName is { } named)
        {
            return named;
        }

        var look = SheetLook.Of(schema.Metadata)?.Name;
        return hasBasis ? OnlyOldName(look) : look is null ? Usual : ExcelNames.Usable(look);
    }

    private string OnlyOldName(string? look)
    {
        var sheets = book.SheetNames.Select(n => (Name: n, Part: PartOf(n))).Where(s => s.Part is not null).ToList();
        var found = _options.TableName is { } table ? sheets.Find(s => TableIn(s.Part!, table) is not null).Name : null;
        return found ?? sheets.Find(s => string.Equals(s.Name, look, StringComparison.OrdinalIgnoreCase)).Name ?? sheets.FirstOrDefault().Name ?? Usual;
    }

    /// <summary>Two values may become one name; the second gets a number.</summary>
    private string NameOf(string value)
    {
        if (!_names.TryGetValue(value, out var name))
        {
            _names.Add(value, name = ExcelNames.Unique(ExcelNames.Usable(value), _names.Values));
        }

        return name;
    }

    private WorksheetPart? PartOf(string sheet)
    {
        try
        {
            return book.Find(sheet);
        }
        catch (DataException)
        {
            // A sheet that is a chart.
            return null;
        }
    }

    private static TableDefinitionPart? TableIn(WorksheetPart part, string name) => part.TableDefinitionParts.FirstOrDefault(
        t => string.Equals(t.Table!.DisplayName?.Value ?? t.Table.Name?.Value, name, StringComparison.OrdinalIgnoreCase));

    private SheetPlan New(string name)
    {
        var table = _options.TableName ?? (context.Options.NoHeader ? null : SheetLook.Of(schema.Metadata)?.Table);
        return SheetPlan.OfNew(book, book.Add(name), name, SheetFrame.New(), schema, context, rules, table is null ? null : Reserve(table));
    }

    private SheetPlan Existing(WorksheetPart part, string name)
    {
        SheetFrame frame;
        using (var stream = book.OpenOld(part))
        {
            frame = SheetFrame.Read(stream);
        }

        var survey = new SheetSurvey(() => book.OpenOld(part), book.SharedTexts);
        if (RegionOf(part, name, survey) is { } region)
        {
            return SheetPlan.OfRegion(book, part, name, frame, schema, context, rules, region);
        }

        if (!survey.IsEmpty())
        {
            // Without its cells a merged block or a filter has no meaning.
            frame.Elements("mergeCells").Concat(frame.Elements("autoFilter")).ToList().ForEach(e => e.Remove());
        }

        return SheetPlan.OfNew(book, part, name, frame, schema, context, rules, _options.TableName is { } table ? Reserve(table) : null);
    }

    /// <summary>The place in a sheet that is there; null where the sheet is empty or is to be cleared.</summary>
    private Region? RegionOf(WorksheetPart part, string sheet, SheetSurvey survey)
    {
        var appends = context.Continues == Continuation.Rewritten;
        if (TableOf(part, sheet) is { } table)
        {
            var region = survey.OfTable(table, appends);
            return region.Places(schema) is null
                ? throw DataErrors.TableMismatch(table.Table!.DisplayName!.Value!, region.Names.Values, schema.Names())
                : region;
        }

        var found = survey.OfColumns(schema, !context.Options.NoHeader, appends);
        if (found is null && !survey.IsEmpty() && (appends || !_options.ReplaceSheet))
        {
            throw DataErrors.SheetMismatch(sheet, schema.Names());
        }

        return _options.TableName is { } missing && found is not null ? throw DataErrors.BookTableNotFound(missing, sheet) : found;
    }

    private TableDefinitionPart? TableOf(WorksheetPart part, string sheet)
    {
        var tables = part.TableDefinitionParts.ToList();
        return _options.TableName is { } named ? TableIn(part, named)
            : tables.Count > 1 ? throw DataErrors.TableUnclear(sheet, tables.Select(t => t.Table!.DisplayName!.Value!))
            : tables.SingleOrDefault();
    }

    /// <summary>The names of tables that sheets in work will have, too, are taken.</summary>
    private string Reserve(string wanted)
    {
        var name = book.UniqueTableName(wanted, _tables);
        _tables.Add(name);
        return name;
    }
}
