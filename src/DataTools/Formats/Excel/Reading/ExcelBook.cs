using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>A sheet of cells.</summary>
/// <param name="Index">Its place among all sheets, those of charts included.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsHidden">Whether Excel does not show it.</param>
/// <param name="Path">The part that holds it; empty where the format has none.</param>
internal sealed record BookSheet(int Index, string Name, bool IsHidden, string Path);

/// <summary>A table of a sheet, as Insert > Table makes it.</summary>
/// <param name="Name">Its name, which no other of the book has.</param>
/// <param name="Sheet">Its sheet.</param>
/// <param name="Range">Its cells, header and totals included.</param>
/// <param name="HeaderRows">1, or 0 where the header is hidden.</param>
/// <param name="TotalsRows">The rows at the end that are no data.</param>
/// <param name="Columns">The names of its columns.</param>
internal sealed record BookTable(string Name, BookSheet Sheet, CellRange Range, int HeaderRows, int TotalsRows, IReadOnlyList<string> Columns);

/// <summary>A name that a book defines.</summary>
/// <param name="Name">The name.</param>
/// <param name="Sheet">The sheet that alone knows it, or null.</param>
/// <param name="Text">What it stands for, such as Sheet1!$A$1:$C$9, or any other formula.</param>
/// <param name="IsHidden">Whether Excel does not list it.</param>
internal sealed record BookName(string Name, BookSheet? Sheet, string Text, bool IsHidden);

/// <summary>An open Excel book of any of the formats.</summary>
internal abstract class ExcelBook(string source) : IDisposable
{
    /// <summary>What messages call the book.</summary>
    public string Source => source;

    /// <summary>The sheets that hold cells, in their order.</summary>
    public abstract IReadOnlyList<BookSheet> Sheets { get; }

    /// <summary>The tables; null where the format's reader does not know them.</summary>
    public abstract IReadOnlyList<BookTable>? Tables { get; }

    /// <summary>The names; null where the format's reader does not know them.</summary>
    public abstract IReadOnlyList<BookName>? Names { get; }

    /// <summary>What gives cells their types.</summary>
    public abstract CellTyper Typer { get; }

    /// <summary>Opens a book; its content says which format it has, whatever its name is.</summary>
    public static ExcelBook Open(DataSource source, ReadOptions options)
    {
        var stream = SeekableSource.Open(source, options, out _);
        try
        {
            return BookFault.Guard(source.Name, () => Open(stream, source.Name, options));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a sheet, from the first on. Those opened before must be closed.</summary>
    public abstract SheetRows OpenRows(BookSheet sheet, ReadOptions options);

    /// <summary>The areas of merged cells of a sheet.</summary>
    public abstract IReadOnlyList<CellRange> Merged(BookSheet sheet);

    /// <summary>What messages call a sheet.</summary>
    public string NameOf(BookSheet sheet) => $"{source}!{sheet.Name}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws where the options ask for formulas, of a format whose formulas are no text.</summary>
    protected void CheckFormulas(ReadOptions options)
    {
        if (options.Excel.Formulas)
        {
            throw DataErrors.InvalidOption($"'{source}' is in a binary format, of which formulas cannot be read. Save it as .xlsx, or leave -Formula out.");
        }
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);

    private static ExcelBook Open(Stream stream, string name, ReadOptions options)
    {
        var head = new byte[512];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        switch (head)
        {
            case var _ when length == 0:
                throw DataErrors.EmptyFile(name);
            case [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..]:
                return OpenPackage(stream, name, options);
            case [0xD0, 0xCF, 0x11, 0xE0, ..]:
                return EncryptedPackage.TryOpen(stream, name, options) is { } package ? OpenPackage(package, name, options) : new XlsBook(stream, name, options);
            case [0x09, 0 or 2 or 4 or 8, 4 or 6, 0, ..]:
                return new XlsBook(stream, name, options);
            default:
                throw DataErrors.MalformedFile(name, "Excel", $"it is no book but {Guess(head.AsSpan(0, length))}");
        }
    }

    private static ExcelBook OpenPackage(Stream stream, string name, ReadOptions options)
    {
        try
        {
            var package = new XlsxPackage(stream, name, options);
            return !package.Has(package.WorkbookPath) ? throw DataErrors.MalformedFile(name, "Excel", Lacks(package))
                : package.WorkbookPath.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? new XlsbBook(package, options)
                : new XlsxBook(package, options);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string Lacks(XlsxPackage package) => package.Has("content.xml")
        ? "it is a document of OpenOffice or LibreOffice; save it as .xlsx."
        : "it is a zip archive without a book, or an incomplete one.";

    private static string Guess(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'<', ..] or [0xEF, 0xBB, 0xBF, (byte)'<', ..] => "HTML or XML text, which some programs save under the name of a book. Open and save it in Excel, or name its format with -Format.",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document.",
        _ when !head.ContainsAnyInRange<byte>(0, 8) => "text. If it is delimited text, name its format: -Format Csv.",
        _ => "other data: its first bytes are those of no Excel format.",
    };
}

/// <summary>What the libraries throw over damaged books, as errors that name the book.</summary>
internal static class BookFault
{
    /// <summary>Runs an action; what is thrown because of a book's content becomes an error of ours.</summary>
    public static T Guard<T>(string source, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw DataErrors.MalformedFile(source, "Excel", e.Message, e);
        }
    }
}
