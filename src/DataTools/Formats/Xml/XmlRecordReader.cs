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

    private const int MostKept = 1024;

    private readonly List<XmlElement> _elements = [];
    private int _taken;

    /// <summary>What follows the first node of a text, which is seldom anything.</summary>
    private readonly StringBuilder _more = new();
    private string? _text;

    /// <summary>The element that the reader stands on, as long as no other one is read; ends at its end.</summary>
    public XmlElement Read()
    {
        _taken = 0;
        return ReadElement(0);
    }

    /// <summary>Records are much alike: each is made of the elements of the one before.</summary>
    private XmlElement Take(string name, bool isAttribute)
    {
        var element = _taken < _elements.Count ? _elements[_taken] : new XmlElement();
        if (_taken == _elements.Count && _taken < MostKept)
        {
            _elements.Add(element);
        }

        _taken++;
        element.Reset(name, isAttribute);
        return element;
    }

    private XmlElement ReadElement(int depth)
    {
        if (depth > MaxDepth)
        {
            throw DataErrors.LimitExceeded(source, $"the elements at line {input.Line} are nested more than {MaxDepth} levels deep in their record.");
        }

        var node = input.Node;
        var element = Take(XmlNames.Decode(node.Name), isAttribute: false);
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
                var attribute = Take(options.AttributePrefix + XmlNames.Decode(node.Name), isAttribute: true);
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
                TakeText(input.Node.Value);
            }
        }

        // Blanks between elements lay the file out; as the only content of an element they are its value.
        EndText(element, isBlank && element.HasMembers);
    }

    /// <summary>An empty text beside attributes or elements is a value only where the element says that it is not nil.</summary>
    private static void TakeEmptyText(XmlElement element)
    {
        if (element is { IsNil: false, HasMembers: true, HasText: false })
        {
            element.Add("");
        }
    }

    private void EndText(XmlElement element, bool isLayout)
    {
        if (_text is { Length: > 0 } && !isLayout)
        {
            element.Add(_more.Length == 0 ? _text : _text + _more);
        }

        _text = null;
        _more.Clear();
    }

    private void TakeText(string text)
    {
        if (string.IsNullOrEmpty(_text))
        {
            _text = text;
        }
        else
        {
            _more.Append(text);
        }
    }
}
