using System.Globalization;
using System.Xml;

namespace DataTools.Formats.Excel.Writing;

/// <summary>A cell of a sheet that is there.</summary>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Style">Its style.</param>
/// <param name="Type">What its value is: s for a number of a shared string.</param>
/// <param name="Value">Its value as the book holds it; null for an empty cell.</param>
/// <param name="Formula">Its formula, empty where it shares that of another cell; null for none.</param>
/// <param name="Shared">The number by which cells share a formula.</param>
internal readonly record struct SheetCell(int Column, uint Style, string? Type, string? Value, string? Formula, string? Shared)
{
    /// <summary>Whether there is anything in it.</summary>
    public bool HasContent => Value is not null || Formula is not null;
}

/// <summary>Reads the rows of a sheet that is there, one at a time.</summary>
internal sealed class SheetXml : IDisposable
{
    private readonly XmlReader _reader;
    private bool _ended;

    /// <summary>Starts before the first row.</summary>
    public SheetXml(Stream stream)
    {
        _reader = Open(stream);
        _ended = !_reader.ReadToFollowing("sheetData", Root(_reader));
        _ended = _ended || _reader.IsEmptyElement || !_reader.Read();
    }

    /// <summary>The number of the row that was read last.</summary>
    public int Row { get; private set; }

    /// <summary>The height of the row that was read last, where somebody set it.</summary>
    public double? Height { get; private set; }

    /// <summary>The cells of the row that was read last.</summary>
    public List<SheetCell> Cells { get; } = [];

    /// <summary>The reader, at a row; for who copies it.</summary>
    public XmlReader Reader => _reader;

    /// <summary>A reader that follows nothing out of the book.</summary>
    public static XmlReader Open(Stream stream) =>
        XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = false, IgnoreComments = true });

    /// <summary>Goes to the start of the next row without reading its cells; false at the end.</summary>
    public bool MoveToRow()
    {
        while (!_ended && _reader.NodeType != XmlNodeType.Element)
        {
            _ended = _reader.NodeType is XmlNodeType.EndElement or XmlNodeType.None || !_reader.Read();
        }

        if (_ended)
        {
            return false;
        }

        Row = Number("r") ?? Row + 1;
        Height = _reader.GetAttribute("customHeight") is "1" or "true" && double.TryParse(_reader.GetAttribute("ht"), CultureInfo.InvariantCulture, out var points) ? points : null;
        return true;
    }

    /// <summary>Reads the next row; false at the end.</summary>
    public bool Read()
    {
        if (!MoveToRow())
        {
            return false;
        }

        Cells.Clear();
        var depth = _reader.Depth;
        var isEmpty = _reader.IsEmptyElement;
        _reader.Read();
        while (!isEmpty && _reader.Depth > depth)
        {
            if (_reader.NodeType == XmlNodeType.Element && _reader.LocalName == "c")
            {
                Cells.Add(ReadCell());
            }
            else
            {
                _reader.Skip();
            }
        }

        if (!isEmpty)
        {
            _reader.Read();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static string Root(XmlReader reader)
    {
        reader.MoveToContent();
        return reader.NamespaceURI;
    }

    private int? Number(string attribute) =>
        int.TryParse(_reader.GetAttribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private SheetCell ReadCell()
    {
        var last = Cells.Count > 0 ? Cells[^1].Column : 0;
        var column = CellRange.TryCell(_reader.GetAttribute("r"), out _, out var named) ? named : last + 1;
        var cell = new SheetCell(column, (uint)(Number("s") ?? 0), _reader.GetAttribute("t"), null, null, null);
        var depth = _reader.Depth;
        var isEmpty = _reader.IsEmptyElement;
        _reader.Read();
        while (!isEmpty && _reader.Depth > depth)
        {
            if (_reader.NodeType != XmlNodeType.Element)
            {
                _reader.Read();
                continue;
            }

            cell = _reader.LocalName switch
            {
                "f" => cell with { Shared = _reader.GetAttribute("si"), Formula = _reader.GetAttribute("t") is "array" or "dataTable" ? Skipped() : _reader.ReadElementContentAsString() },
                "v" => cell with { Value = _reader.ReadElementContentAsString() },
                "is" => cell with { Value = RichText() },
                _ => Skip(cell),
            };
        }

        if (!isEmpty)
        {
            _reader.Read();
        }

        return cell;
    }

    private string? Skipped()
    {
        _reader.Skip();
        return null;
    }

    private SheetCell Skip(SheetCell cell)
    {
        _reader.Skip();
        return cell;
    }

    /// <summary>The text of an inline or shared string: its runs, without the hints for its pronunciation.</summary>
    private string RichText() => TextOf((System.Xml.Linq.XElement)System.Xml.Linq.XNode.ReadFrom(_reader));

    /// <summary>The text of a string element.</summary>
    public static string TextOf(System.Xml.Linq.XElement text) => CellText.Unescape(string.Concat(
        text.Descendants().Where(e => e.Name.LocalName == "t" && e.Parent!.Name.LocalName != "rPh").Select(e => e.Value)));
}
