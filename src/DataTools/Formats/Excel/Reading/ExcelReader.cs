using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Reads an Excel book: one sheet, or several as one table.</summary>
internal sealed class ExcelReader : IBatchReader
{
    /// <summary>The column that names the sheet of a row.</summary>
    public const string SheetColumn = "SourceSheet";

    private readonly ExcelBook _book;
    private readonly IBatchReader _reader;

    private ExcelReader(ExcelBook book, IBatchReader reader) => (_book, _reader) = (book, reader);

    /// <inheritdoc/>
    public Schema Schema => _reader.Schema;

    /// <inheritdoc/>
    public double? Progress => _reader.Progress;

    /// <summary>Opens a book.</summary>
    public static ExcelReader Open(DataSource source, ReadContext context)
    {
        var book = ExcelBook.Open(source, context.Options);
        try
        {
            return new ExcelReader(book, OpenParts(source, book, context));
        }
        catch
        {
            book.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation) => _reader.ReadBatch(cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _book.Dispose();
    }

    private static IBatchReader OpenParts(DataSource source, ExcelBook book, ReadContext context)
    {
        var includeSheet = context.Options.Excel.IncludeSheet;
        var parts = BookFault.Guard(source.Name, () => SheetPart.Find(book, context.Options))
            .ConvertAll(p => new DataPart(source, p, includeSheet ? [KeyValuePair.Create(SheetColumn, p.Sheet.Name)] : []));
        var empty = new List<DataException>();
        var reader = MultiFileReader.Open(parts, context, parts.Count == 1 ? null : e => empty.Add(e.Id == nameof(DataErrors.EmptyFile) ? e : throw e));
        if (empty.Count > 0 && empty.Count == parts.Count)
        {
            throw empty[0];
        }

        // Of several sheets, empty ones are no reason to end.
        empty.ForEach(e => context.Warn(e.Message));
        return reader;
    }
}
