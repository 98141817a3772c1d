using System.Text;
using System.Xml;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Xml;

/// <summary>Reads the element of one record with all that it holds.</summary>
internal sealed class XmlRecordReader(XmlInput input, string source, ReadOptions options)
{
    /// <summary>A repeated element takes two levels of the values' own bound.</summary>
    private const int MaxDepth = (NestedText.MaxDepth / 2) - 1;

    private readonly StringBuilder _text = new();

    /// <summary>The element that the reader stands on; ends at its end.</summary>
    public XmlElement Read() => ReadElement(0);

    private XmlElement ReadElement(int depth)
    {
        if (depth > MaxDepth)
        {
            throw DataErrors.LimitExceeded(source, $"the elements at line {input.Line} are nested more than {MaxDepth} levels deep in their record.");
        }

        var node = input.Node;
        var element = new XmlElement(XmlNames.Decode(node.Name));
        var isEmpty = node.IsEmptyElement;
        while (node.MoveToNextAttribute())
        {
            TakeAttribute(element);
        }

        if (!isEmpty)
        {
            ReadContent(element, depth);
        }

        TakeEmptyText(element);
        return element;
    }

    private void TakeAttribute(XmlElement element)
    {
        var node = input.Node;
        switch (node.NamespaceURI)
        {
            case XmlNames.Declarations:
            case XmlNames.Xml when node.LocalName == "space":
                break;
            case XmlNames.Instance when node.LocalName == "nil":
                element.IsNil = node.Value.Trim() is "true" or "1";
                break;
            case XmlNames.Marks when node.LocalName == XmlNames.List:
                element.List = node.Value;
                break;
            default:
                var attribute = new XmlElement(options.AttributePrefix + XmlNames.Decode(node.Name), isAttribute: true);
                attribute.Add(node.Value);
                element.Add(attribute);
                break;
        }
    }

    private void ReadContent(XmlElement element, int depth)
    {
        var isBlank = true;
        while (input.Read() && input.Node.NodeType != XmlNodeType.EndElement)
        {
            if (input.Node.NodeType == XmlNodeType.Element)
            {
                EndText(element, isBlank);
                isBlank = true;
                element.Add(ReadElement(depth + 1));
            }
            else
            {
                isBlank &= input.Node.NodeType == XmlNodeType.Whitespace;
                _text.Append(input.Node.Value);
            }
        }

        // Blanks between elements lay the file out; as the only content of an element they are its value.
        EndText(element, isBlank && element.Members is not null);
    }

    /// <summary>An empty text beside attributes or elements is a value only where the element says that it is not nil.</summary>
    private static void TakeEmptyText(XmlElement element)
    {
        if (element is { IsNil: false, Members: not null, Texts.Count: 0 })
        {
            element.Add("");
        }
    }

    private void EndText(XmlElement element, bool isLayout)
    {
        if (_text.Length > 0 && !isLayout)
        {
            element.Add(_text.ToString());
        }

        _text.Clear();
    }
}
