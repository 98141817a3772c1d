using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Cells of a sheet that are read as one table: as a format of its own, so that several are read as several files are.</summary>
/// <param name="Book">The open book.</param>
/// <param name="Sheet">The sheet.</param>
/// <param name="Range">The cells that may belong to it.</param>
internal sealed record SheetPart(ExcelBook Book, BookSheet Sheet, CellRange Range) : IDataFormat
{
    /// <summary>The names of the columns, where they stand elsewhere than in the first row; empty else.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <inheritdoc/>
    public string Name => "Excel";

    /// <inheritdoc/>
    public string Description => "A sheet of a book";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [];

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader => (_, context) => BookFault.Guard(Book.Source, () => SheetReader.Open(this, context));

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter => null;

    /// <summary>The parts of a book that the options ask for.</summary>
    public static List<SheetPart> Find(ExcelBook book, ReadOptions options)
    {
        var excel = options.Excel;
        var parts = excel.Range is { } range ? InRange(book, range, excel) : [.. FindSheets(book, excel).Select(s => new SheetPart(book, s, CellRange.All))];
        return [.. parts.Select(p => p with { Range = p.Range with { FirstRow = Math.Max(p.Range.FirstRow, excel.StartRow - 1) + options.SkipRows } })];
    }

    /// <summary>The sheets that the options name; the first visible one where they name none.</summary>
    private static List<BookSheet> FindSheets(ExcelBook book, ExcelReadOptions options)
    {
        var shown = book.Sheets.Where(s => options.IncludeHidden || !s.IsHidden).ToList();
        if (options.Worksheets.Count == 0)
        {
            return shown.Count > 0 ? [shown[0]] : throw DataErrors.SheetNotFound("*", book.Source, book.Sheets.Select(s => s.Name));
        }

        var found = new List<BookSheet>();
        foreach (var pattern in options.Worksheets)
        {
            // A sheet that is named in full was asked for, hidden or not.
            var matches = book.Sheets.Where(s => string.Equals(s.Name, pattern, StringComparison.OrdinalIgnoreCase)).ToList();
            matches = matches.Count > 0 ? matches : shown.FindAll(s => ColumnNames.IsMatch(s.Name, pattern));
            found.AddRange(matches.Count > 0 ? matches : throw DataErrors.SheetNotFound(pattern, book.Source, book.Sheets.Select(s => s.Name)));
        }

        return [.. found.Distinct()];
    }

    private static List<SheetPart> InRange(ExcelBook book, string range, ExcelReadOptions options)
    {
        if (book.Tables?.FirstOrDefault(t => IsName(t.Name, range)) is { } table)
        {
            return [OfTable(book, table)];
        }

        if (book.Names?.Where(n => IsName(n.Name, range)).ToList() is { Count: > 0 } names)
        {
            var name = names.Find(n => IsOfNamedSheet(n, options)) ?? names.Find(n => n.Sheet is null) ?? names[0];
            return [OfReference(book, range, name.Text) ?? throw DataErrors.RangeNotFound(range, book.Source, $"stands for {name.Text}, which is not one block of cells of this book")];
        }

        if (CellRange.TryParse(range, out var cells))
        {
            return [.. FindSheets(book, options).Select(s => new SheetPart(book, s, cells))];
        }

        return [OfReference(book, range, range) ?? throw DataErrors.RangeNotFound(range, book.Source, Unknown(book))];
    }

    /// <summary>A name that one sheet alone knows goes before one of the book, where that sheet was named.</summary>
    private static bool IsOfNamedSheet(BookName name, ExcelReadOptions options) =>
        name.Sheet is { } sheet && options.Worksheets.Any(w => ColumnNames.IsMatch(sheet.Name, w));

    /// <summary>The rows of a table without its totals. One whose header is hidden brings the names of its columns.</summary>
    private static SheetPart OfTable(ExcelBook book, BookTable table) =>
        new(book, table.Sheet, table.Range with { LastRow = table.Range.LastRow - table.TotalsRows }) { Header = table.HeaderRows == 0 ? table.Columns : [] };

    /// <summary>A reference such as 'My sheet'!$A$1:$C$9; null where the text is none. References to other books are never followed.</summary>
    private static SheetPart? OfReference(ExcelBook book, string range, string text)
    {
        var mark = text.LastIndexOf('!');
        if (mark < 0 || !CellRange.TryParse(text[(mark + 1)..], out var cells))
        {
            return null;
        }

        var name = text[..mark];
        name = name is ['\'', .., '\''] ? name[1..^1].Replace("''", "'", StringComparison.Ordinal) : name;
        if (name.StartsWith('['))
        {
            throw DataErrors.RangeNotFound(range, book.Source, $"stands for {text}, which is in another book");
        }

        var sheet = book.Sheets.FirstOrDefault(s => IsName(s.Name, name)) ?? throw DataErrors.SheetNotFound(name, book.Source, book.Sheets.Select(s => s.Name));
        return new SheetPart(book, sheet, cells);
    }

    private static string Unknown(ExcelBook book)
    {
        const string Forms = "is not known. It takes cells, such as B2:F20 or Sheet1!B2:F20";
        return book.Tables is null || book.Names is null
            ? $"{Forms}; the names and tables of a binary book cannot be read"
            : $"{Forms}, or a name or table of the book: {string.Join(", ", book.Tables.Select(t => t.Name).Concat(book.Names.Where(n => !n.IsHidden).Select(n => n.Name)))}";
    }

    private static bool IsName(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
