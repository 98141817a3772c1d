using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DataTools.Formats.Excel.Writing;

/// <summary>All of a sheet's XML but its rows: what stands before them, and what stands behind.</summary>
internal sealed class SheetFrame
{
    /// <summary>The namespace of sheets.</summary>
    public static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>The namespace of references to other parts.</summary>
    public static readonly XNamespace Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private const string Rows = "sheetData";

    /// <summary>The elements of a sheet in their order (ECMA-376 part 1, 18.3.1.99), those that are put here and those that may precede them.</summary>
    private static readonly string[] Order =
    [
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", Rows, "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios",
        "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
        "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
        "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
        "webPublishItems", "tableParts", "extLst",
    ];

    private readonly XElement _root;

    private SheetFrame(XElement root) => _root = root;

    /// <summary>The namespace of the sheet's own elements.</summary>
    public XNamespace Ns => _root.Name.Namespace;

    /// <summary>The frame of a new sheet.</summary>
    public static SheetFrame New() => new(new XElement(
        Main + "worksheet",
        new XAttribute(XNamespace.Xmlns + "r", Relations),
        new XElement(Main + "sheetViews", new XElement(Main + "sheetView", new XAttribute("workbookViewId", 0))),
        new XElement(Main + "sheetFormatPr", new XAttribute("defaultRowHeight", 15)),
        new XElement(Main + Rows)));

    /// <summary>The frame of a sheet that is there. Its size and what is computed from its cells is left out.</summary>
    public static SheetFrame Read(Stream stream)
    {
        using var reader = SheetXml.Open(stream);
        reader.MoveToContent();
        var root = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        while (reader.MoveToNextAttribute())
        {
            var isDefault = reader.Name == "xmlns";
            root.Add(new XAttribute(isDefault ? "xmlns" : XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value));
        }

        reader.MoveToElement();
        reader.Read();
        while (reader.NodeType is not (XmlNodeType.EndElement or XmlNodeType.None))
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
            }
            else if (reader.LocalName == Rows)
            {
                root.Add(new XElement(XName.Get(Rows, reader.NamespaceURI)));
                reader.Skip();
            }
            else if (XNode.ReadFrom(reader) is XElement element && element.Name.LocalName is not "dimension")
            {
                root.Add(element);
            }
        }

        return new SheetFrame(root);
    }

    /// <summary>The elements of a name.</summary>
    public IEnumerable<XElement> Elements(string name) => _root.Elements(Ns + name);

    /// <summary>The elements behind the rows.</summary>
    public IEnumerable<XElement> Tail => _root.Elements(Ns + Rows).Single().ElementsAfterSelf();

    /// <summary>The element of a name, made in its place where there is none.</summary>
    public XElement Need(string name)
    {
        if (_root.Element(Ns + name) is { } known)
        {
            return known;
        }

        var made = new XElement(Ns + name);
        var place = System.Array.IndexOf(Order, name);
        var before = _root.Elements().LastOrDefault(e => System.Array.IndexOf(Order, e.Name.LocalName) is >= 0 and var at && at < place);
        if (before is null)
        {
            _root.AddFirst(made);
        }
        else
        {
            before.AddAfterSelf(made);
        }

        return made;
    }

    /// <summary>Keeps the first rows and columns in sight.</summary>
    public void Freeze(int rows, int columns)
    {
        var views = Need("sheetViews");
        var view = views.Element(Ns + "sheetView");
        if (view is null)
        {
            views.Add(view = new XElement(Ns + "sheetView", new XAttribute("workbookViewId", 0)));
        }

        view.Elements(Ns + "pane").Concat(view.Elements(Ns + "selection")).Remove();
        var pane = (rows, columns) switch
        {
            (_, 0) => "bottomLeft",
            (0, _) => "topRight",
            _ => "bottomRight",
        };
        view.AddFirst(
            new XElement(
                Ns + "pane",
                columns > 0 ? new XAttribute("xSplit", columns) : null,
                rows > 0 ? new XAttribute("ySplit", rows) : null,
                new XAttribute("topLeftCell", CellRange.Cell(rows + 1, columns + 1)),
                new XAttribute("activePane", pane),
                new XAttribute("state", "frozen")),
            new XElement(Ns + "selection", new XAttribute("pane", pane)));
    }

    /// <summary>Sets the width of a column; the others of its group keep theirs.</summary>
    public void SetWidth(int column, double width)
    {
        var columns = Need("cols");
        var all = columns.Elements().ToList();
        columns.RemoveNodes();
        XElement? own = null;
        foreach (var group in all)
        {
            var (first, last) = ((int)group.Attribute("min")!, (int)group.Attribute("max")!);
            foreach (var (from, to) in new[] { (first, Math.Min(last, column - 1)), (Math.Max(first, column), Math.Min(last, column)), (Math.Max(first, column + 1), last) })
            {
                if (from <= to)
                {
                    var part = new XElement(group);
                    part.SetAttributeValue("min", from);
                    part.SetAttributeValue("max", to);
                    columns.Add(part);
                    own = from == column ? part : own;
                }
            }
        }

        if (own is null)
        {
            own = new XElement(Ns + "col", new XAttribute("min", column), new XAttribute("max", column));
            var next = columns.Elements().FirstOrDefault(c => (int)c.Attribute("min")! > column);
            (next is null ? columns.Add : (Action<object>)next.AddBeforeSelf)(own);
        }

        own.SetAttributeValue("width", width.ToString("0.##", CultureInfo.InvariantCulture));
        own.SetAttributeValue("customWidth", 1);
    }

    /// <summary>The style that a column has where it has no cells.</summary>
    public uint StyleOf(int column) => (uint?)GroupOf(column)?.Attribute("style") ?? 0;

    /// <summary>The width of a column; null for the usual.</summary>
    public double? WidthOf(int column) => (double?)GroupOf(column)?.Attribute("width");

    /// <summary>Writes all up to the first row.</summary>
    public void WriteHead(XmlWriter writer)
    {
        // What is written without a prefix has to be of the sheet's namespace, whatever prefix the sheet has for it.
        writer.WriteStartElement("", _root.Name.LocalName, Ns.NamespaceName);
        foreach (var attribute in _root.Attributes().Where(a => a.Name != "xmlns"))
        {
            var prefix = attribute.IsNamespaceDeclaration ? "xmlns" : _root.GetPrefixOfNamespace(attribute.Name.Namespace);
            writer.WriteAttributeString(prefix, attribute.Name.LocalName, attribute.Name.NamespaceName, attribute.Value);
        }

        foreach (var element in _root.Element(Ns + Rows)!.ElementsBeforeSelf())
        {
            element.WriteTo(writer);
        }

        writer.WriteStartElement("", Rows, Ns.NamespaceName);
        writer.WriteString("");
    }

    /// <summary>Writes all from the end of the rows on.</summary>
    public void WriteTail(XmlWriter writer)
    {
        writer.WriteEndElement();
        foreach (var element in Tail)
        {
            element.WriteTo(writer);
        }

        writer.WriteEndElement();
    }

    private XElement? GroupOf(int column) =>
        Elements("cols").Elements().FirstOrDefault(c => (int)c.Attribute("min")! <= column && (int)c.Attribute("max")! >= column);
}
