using System.IO.Compression;
using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>How a part of a package leads to another.</summary>
/// <param name="Id">The name that the part uses for it.</param>
/// <param name="Type">The last word of its type, such as worksheet.</param>
/// <param name="Target">The path of the other part.</param>
internal sealed record XlsxLink(string Id, string Type, string Target);

/// <summary>
/// The parts of a book, which is a zip archive. Only parts of the archive are ever opened: links that lead out of it are passed over. XML is read
/// without document types, so there are no entities, and what a part expands to is bounded.
/// </summary>
internal sealed class XlsxPackage : IDisposable
{
    /// <summary>No part of a book is nested nearly as deep.</summary>
    private const int MaxDepth = 100;

    /// <summary>How many times the file's size a part that is held in memory may expand to; no honest one comes near.</summary>
    private const int MaxHeldExpansion = 100;

    private const int SmallExpansion = 100 << 20;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true,
    };

    private readonly Stream _file;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _maxExpansion;

    /// <summary>Opens the archive in a stream that can seek, which closes with it.</summary>
    public XlsxPackage(Stream file, string name, ReadOptions options)
    {
        _file = file;
        _maxExpansion = options.MaxExpansion;
        Name = name;
        _archive = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (var entry in _archive.Entries)
        {
            _entries.TryAdd(entry.FullName.Replace('\\', '/'), entry);
        }

        WorkbookPath = Links("").FirstOrDefault(l => l.Type == "officeDocument")?.Target is { } path && Has(path) ? path
            : Has("xl/workbook.bin") ? "xl/workbook.bin"
            : "xl/workbook.xml";
    }

    /// <summary>What messages call the book.</summary>
    public string Name { get; }

    /// <summary>The path of the part that lists the sheets.</summary>
    public string WorkbookPath { get; }

    /// <summary>Whether there is a part of a path.</summary>
    public bool Has(string path) => _entries.ContainsKey(path);

    /// <summary>Opens a part that is read as it comes.</summary>
    public BoundedStream OpenStreamed(string path, out long length) => Open(path, _maxExpansion, out length);

    /// <summary>Opens a part whose content is held in memory.</summary>
    public BoundedStream OpenHeld(string path) => Open(path, Math.Min(_maxExpansion, MaxHeldExpansion), out _);

    /// <summary>Opens the XML of a part whose content is held in memory.</summary>
    public XmlReader OpenHeldXml(string path) => OpenXml(OpenHeld(path));

    /// <summary>Opens the XML of a stream, which closes with it.</summary>
    public static XmlReader OpenXml(Stream stream) => XmlReader.Create(stream, Settings);

    /// <summary>The links of a part to others of the book; of the book itself for an empty path.</summary>
    public List<XlsxLink> Links(string part)
    {
        var folder = part[..(part.LastIndexOf('/') + 1)];
        var path = $"{folder}_rels/{part[folder.Length..]}.rels";
        var links = new List<XlsxLink>();
        if (!Has(path))
        {
            return links;
        }

        using var reader = OpenHeldXml(path);
        reader.MoveToContent();
        while (NextChild(reader, 0))
        {
            if (reader.LocalName == "Relationship" && reader.GetAttribute("TargetMode") != "External"
                && (reader.GetAttribute("Id"), reader.GetAttribute("Type"), reader.GetAttribute("Target")) is ({ } id, { } type, { } target))
            {
                links.Add(new XlsxLink(id, type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target)));
            }
        }

        return links;
    }

    /// <summary>The part that a link of a type leads to; null where there is none.</summary>
    public string? PathOf(List<XlsxLink> links, string type) => links.Find(l => l.Type == type && Has(l.Target))?.Target;

    /// <summary>
    /// Moves to the next child of the element at a depth, which the reader stands in; false, and at its end, when there is none. What is
    /// in a child is passed over where the caller left it.
    /// </summary>
    public static bool NextChild(XmlReader reader, int depth)
    {
        if (reader.Depth == depth && reader.IsEmptyElement)
        {
            return false;
        }

        while (reader.Read())
        {
            if (reader.Depth == depth + 1 && reader.NodeType == XmlNodeType.Element)
            {
                return true;
            }

            if (reader.Depth <= depth)
            {
                return false;
            }

            if (reader.Depth > MaxDepth)
            {
                throw new XmlException($"elements are nested more than {MaxDepth} deep");
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive.Dispose();
        _file.Dispose();
    }

    private BoundedStream Open(string path, int maxExpansion, out long length)
    {
        if (!_entries.TryGetValue(path, out var entry))
        {
            throw DataErrors.MalformedFile(Name, "Excel", $"its part '{path}' is missing.");
        }

        length = entry.Length;
        return new BoundedStream(entry.Open(), Name, () => Math.Max(SmallExpansion, _file.Length * maxExpansion));
    }

    /// <summary>The path that a link means: from the root, or from the folder of the part that has it.</summary>
    private static string Resolve(string folder, string target)
    {
        var parts = new List<string>();
        foreach (var part in (target.StartsWith('/') ? target : folder + target).Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts.Where(p => p != "."));
    }
}
