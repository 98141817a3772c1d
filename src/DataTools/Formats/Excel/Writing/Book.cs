using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using DataTools.Errors;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace DataTools.Formats.Excel.Writing;

/// <summary>
/// The package of a book. All parts but the sheets that get rows are small and held by the Open XML SDK; the sheets go straight into the output, and
/// at the end the other parts follow.
/// </summary>
internal sealed class Book : IDisposable
{
    private readonly FileStream? _base;
    private readonly ZipArchive? _old;
    private readonly Stream _parts;
    private readonly SpreadsheetDocument _document;
    private readonly ZipArchive _output;
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name;

    private Book(Stream output, string name, FileStream? from, SpreadsheetDocumentType type)
    {
        (_name, _base) = (name, from);
        _parts = from is null ? new MemoryStream() : Copy(from);
        _document = from is null ? SpreadsheetDocument.Create(_parts, type, autoSave: false) : OpenExisting(type);
        _old = from is null ? null : new ZipArchive(from, ZipArchiveMode.Read, leaveOpen: true);
        if (from is null)
        {
            _document.AddWorkbookPart().Workbook = new Workbook(new BookViews(new WorkbookView()), new Sheets());
        }

        Styles = new StyleBook(Main);
        Dates = new SerialDates(Main.Workbook!.WorkbookProperties?.Date1904?.Value ?? false);
        // Created last: it writes to the output when it is closed.
        _output = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>The part that holds the list of sheets.</summary>
    public WorkbookPart Main => _document.WorkbookPart!;

    /// <summary>The styles.</summary>
    public StyleBook Styles { get; }

    /// <summary>How dates are counted.</summary>
    public SerialDates Dates { get; }

    /// <summary>The names of the sheets in their order.</summary>
    public IEnumerable<string> SheetNames => Main.Workbook!.Sheets!.Elements<Sheet>().Select(s => s.Name!.Value!);

    /// <summary>A book that is written to a stream; <paramref name="basis"/> is the file that it starts from, or null.</summary>
    public static Book Create(Stream output, string name, string? basis)
    {
        var type = name.EndsWith(".xlsm", StringComparison.OrdinalIgnoreCase) ? SpreadsheetDocumentType.MacroEnabledWorkbook : SpreadsheetDocumentType.Workbook;
        if (basis is null)
        {
            return new Book(output, name, null, type);
        }

        FileStream from;
        try
        {
            from = new FileStream(basis, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw DataErrors.FileNotFound(basis);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotOpen(basis, e);
        }

        try
        {
            return new Book(output, basis, from, type);
        }
        catch (Exception e) when (IsDamage(e) || e is IOException)
        {
            from.Dispose();
            throw Damaged(basis, e);
        }
        catch
        {
            from.Dispose();
            throw;
        }
    }

    /// <summary>Whether an exception tells of a book that is not as it should be.</summary>
    public static bool IsDamage(Exception e) =>
        e is OpenXmlPackageException or FileFormatException or InvalidDataException or XmlException or ArgumentException or FormatException;

    /// <summary>The error for such a book.</summary>
    public static DataException Damaged(string path, Exception e) => DataErrors.UnfitBook(path, $"it is no intact book in the Office Open XML format ({e.Message})", e);

    /// <summary>The part of a sheet; null where the book has none of that name.</summary>
    public WorksheetPart? Find(string name)
    {
        var sheet = Main.Workbook!.Sheets!.Elements<Sheet>().FirstOrDefault(s => string.Equals(s.Name?.Value, name, StringComparison.OrdinalIgnoreCase));
        return sheet is null ? null
            : Main.TryGetPartById(sheet.Id!.Value!, out var part) && part is WorksheetPart found ? found
            : throw DataErrors.UnfitBook(_name, $"'{name}' is no sheet of cells");
    }

    /// <summary>Adds a sheet behind the others.</summary>
    public WorksheetPart Add(string name)
    {
        var part = Main.AddNewPart<WorksheetPart>();
        var sheets = Main.Workbook!.Sheets!;
        var id = sheets.Elements<Sheet>().Select(s => s.SheetId!.Value).DefaultIfEmpty().Max() + 1;
        sheets.AppendChild(new Sheet { Name = name, SheetId = id, Id = Main.GetIdOfPart(part) });
        return part;
    }

    /// <summary>The XML of a sheet that was there before.</summary>
    public Stream OpenOld(OpenXmlPart part) =>
        _old!.GetEntry(EntryOf(part))?.Open() ?? throw DataErrors.UnfitBook(_name, $"its part '{part.Uri}' is missing");

    /// <summary>Starts the XML of a sheet in the output; one at a time.</summary>
    public Stream OpenNew(OpenXmlPart part)
    {
        _written.Add(EntryOf(part));
        return _output.CreateEntry(EntryOf(part), CompressionLevel.Fastest).Open();
    }

    /// <summary>The texts of shared strings by their numbers.</summary>
    public IReadOnlyDictionary<int, string> SharedTexts(IReadOnlySet<int> wanted)
    {
        var found = new Dictionary<int, string>();
        if (wanted.Count == 0 || Main.SharedStringTablePart is not { } part)
        {
            return found;
        }

        using var stream = OpenOld(part);
        using var reader = SheetXml.Open(stream);
        reader.MoveToContent();
        reader.Read();
        for (var index = 0; found.Count < wanted.Count && reader.NodeType is not (XmlNodeType.EndElement or XmlNodeType.None);)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
            }
            else if (wanted.Contains(index++))
            {
                found.Add(index - 1, SheetXml.TextOf((XElement)XNode.ReadFrom(reader)));
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }

    /// <summary>A name for a table that no other table, no name of the book and none of <paramref name="more"/> has.</summary>
    public string UniqueTableName(string wanted, IEnumerable<string> more)
    {
        var taken = Main.WorksheetParts.SelectMany(w => w.TableDefinitionParts).Select(t => t.Table!.Name?.Value ?? t.Table.DisplayName!.Value!)
            .Concat(Main.Workbook!.DefinedNames?.Elements<DefinedName>().Select(n => n.Name!.Value!) ?? [])
            .Concat(more)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var name = wanted;
        for (var n = 2; taken.Contains(name); n++)
        {
            name = $"{wanted}_{n}";
        }

        return name;
    }

    /// <summary>Formulas are computed when the book is opened, for their cells have no values, or old ones.</summary>
    public void ComputeOnOpen()
    {
        (Main.Workbook!.CalculationProperties ??= new CalculationProperties()).FullCalculationOnLoad = true;
        if (Main.CalculationChainPart is { } chain)
        {
            // Excel repairs a book whose chain names a cell without a formula; without the chain it makes a new one.
            Main.DeletePart(chain);
        }
    }

    /// <summary>Writes the parts that are not there yet.</summary>
    public void Complete()
    {
        _document.Save();
        _document.Dispose();
        _parts.Position = 0;
        using (var parts = new ZipArchive(_parts, ZipArchiveMode.Read, leaveOpen: true))
        {
            foreach (var entry in parts.Entries.Where(e => !_written.Contains(e.FullName)))
            {
                using var from = entry.Open();
                using var to = _output.CreateEntry(entry.FullName, CompressionLevel.Optimal).Open();
                from.CopyTo(to);
            }
        }

        _output.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _document.Dispose();
        _output.Dispose();
        _old?.Dispose();
        _base?.Dispose();
        _parts.Dispose();
    }

    private static string EntryOf(OpenXmlPart part) => part.Uri.OriginalString.TrimStart('/');

    private static FileStream Copy(FileStream from)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tmp");
        var copy = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        from.CopyTo(copy);
        copy.Position = from.Position = 0;
        return copy;
    }

    private SpreadsheetDocument OpenExisting(SpreadsheetDocumentType type)
    {
        Span<byte> head = stackalloc byte[4];
        _parts.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        _parts.Position = 0;
        if (head is [0xD0, 0xCF, 0x11, 0xE0])
        {
            // An encrypted book, or one in the format of Excel 97: both are compound files.
            throw DataErrors.UnfitBook(_name, "it is encrypted, or in the format of Excel 97");
        }

        var document = SpreadsheetDocument.Open(_parts, isEditable: true, new OpenSettings { AutoSave = false });
        if (document.WorkbookPart?.Workbook?.Sheets is null)
        {
            document.Dispose();
            throw DataErrors.UnfitBook(_name, "it has no list of sheets");
        }

        if (type == SpreadsheetDocumentType.Workbook && document.WorkbookPart.VbaProjectPart is not null)
        {
            document.Dispose();
            throw DataErrors.UnfitBook(_name, "it holds macros, which only a file named .xlsm may");
        }

        if (document.DocumentType != type)
        {
            document.ChangeDocumentType(type);
        }

        return document;
    }
}
