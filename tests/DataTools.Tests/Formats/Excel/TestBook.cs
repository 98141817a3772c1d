using System.IO.Compression;
using System.Security;
using System.Text;

namespace DataTools.Tests.Formats.Excel;

/// <summary>An XLSX book written part by part, so that a test can put in whatever it needs, wrong things too.</summary>
internal sealed class TestBook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private readonly List<(string Name, string State, string Xml)> _sheets = [];
    private readonly Dictionary<string, string> _parts = [];
    private readonly List<string> _formats = [];

    /// <summary>Attributes and elements of the list of sheets that a test adds.</summary>
    public string BookProperties { get; init; } = "";

    /// <summary>Names of the book, as XML.</summary>
    public string Names { get; init; } = "";

    /// <summary>The shared strings, as XML.</summary>
    public string SharedStrings { get; init; } = "";

    /// <summary>The styles in place of those that <see cref="Style"/> makes, as XML.</summary>
    public string? Styles { get; init; }

    /// <summary>What is before the root element of sheets.</summary>
    public string Prolog { get; init; } = "";

    /// <summary>The style of a number format, for the attribute s of a cell.</summary>
    public int Style(string code)
    {
        var at = _formats.IndexOf(code);
        if (at < 0)
        {
            _formats.Add(code);
        }

        return (at < 0 ? _formats.Count - 1 : at) + 1;
    }

    /// <summary>Adds a sheet: rows, and what follows them.</summary>
    public TestBook Sheet(string name, string rows, string after = "", string state = "visible")
    {
        _sheets.Add((name, state, $"<worksheet xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheetData>{rows}</sheetData>{after}</worksheet>"));
        return this;
    }

    /// <summary>Adds a part, or replaces one.</summary>
    public TestBook Part(string path, string text)
    {
        _parts[path] = text;
        return this;
    }

    /// <summary>A row of texts and numbers from column A on; null is no cell.</summary>
    public static string Row(int number, params object?[] values) =>
        $"<row r=\"{number}\">{string.Concat(values.Select((v, i) => v is null ? "" : Cell($"{(char)('A' + i)}{number}", v)))}</row>";

    /// <summary>A cell with a text, a number or a boolean.</summary>
    public static string Cell(string place, object value, int style = 0) => value switch
    {
        string text => $"<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></is></c>",
        bool flag => $"<c r=\"{place}\" s=\"{style}\" t=\"b\"><v>{(flag ? 1 : 0)}</v></c>",
        _ => FormattableString.Invariant($"<c r=\"{place}\" s=\"{style}\"><v>{value}</v></c>"),
    };

    /// <summary>A cell with an error.</summary>
    public static string Error(string place, string error) => $"<c r=\"{place}\" t=\"e\"><v>{error}</v></c>";

    /// <summary>Writes the book.</summary>
    public string Write(string path)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in Parts())
        {
            using var stream = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return path;
    }

    private Dictionary<string, string> Parts()
    {
        var sheets = _sheets.Select((s, i) => $"<sheet name=\"{SecurityElement.Escape(s.Name)}\" sheetId=\"{i + 1}\" state=\"{s.State}\" r:id=\"s{i}\"/>");
        var links = _sheets.Select((_, i) => $"<Relationship Id=\"s{i}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>");
        var parts = new Dictionary<string, string>
        {
            ["_rels/.rels"] = Links($"<Relationship Id=\"b\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/>"),
            ["xl/workbook.xml"] = $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\">{BookProperties}<sheets>{string.Concat(sheets)}</sheets><definedNames>{Names}</definedNames></workbook>",
            ["xl/_rels/workbook.xml.rels"] = Links($"{string.Concat(links)}<Relationship Id=\"t\" Type=\"{Relations}/styles\" Target=\"styles.xml\"/><Relationship Id=\"u\" Type=\"{Relations}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"),
            ["xl/sharedStrings.xml"] = $"<sst xmlns=\"{Main}\">{SharedStrings}</sst>",
            ["xl/styles.xml"] = Styles ?? OwnStyles(),
        };
        for (var i = 0; i < _sheets.Count; i++)
        {
            parts[$"xl/worksheets/sheet{i}.xml"] = Prolog + _sheets[i].Xml;
        }

        foreach (var (path, text) in _parts)
        {
            parts[path] = text;
        }

        return parts;
    }

    /// <summary>The links of a sheet to its tables.</summary>
    public static string Links(string links) => $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>";

    private string OwnStyles()
    {
        var formats = _formats.Select((f, i) => $"<numFmt numFmtId=\"{200 + i}\" formatCode=\"{SecurityElement.Escape(f)}\"/>");
        var styles = _formats.Select((_, i) => $"<xf numFmtId=\"{200 + i}\"/>");
        return $"<styleSheet xmlns=\"{Main}\"><numFmts>{string.Concat(formats)}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>{string.Concat(styles)}</cellXfs></styleSheet>";
    }
}
