using System.Text.Json;

namespace DataTools.Formats.Xml;

/// <summary>An element or attribute of the record at hand.</summary>
internal sealed class XmlElement
{
    private bool _isAttribute;
    private Dictionary<string, XmlElement>? _byName;
    private XmlElement? _last;
    private string? _text;
    private List<string>? _more;

    /// <summary>What xsi:nil says: there is no value, or there is one, and be it an empty text beside attributes.</summary>
    public bool? IsNil { get; set; }

    /// <summary>What the mark of lists says, or null.</summary>
    public string? List { get; set; }

    /// <summary>Whether it has attributes or elements.</summary>
    public bool HasMembers => Members is not null and not [];

    /// <summary>Attributes and elements by the order of first appearance; each leads to those of the same name by <see cref="Next"/>.</summary>
    private List<XmlElement>? Members { get; set; }

    /// <summary>The name of its column or member.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The next element of the name.</summary>
    public XmlElement? Next { get; private set; }

    /// <summary>Whether it has text.</summary>
    public bool HasText => _text is not null;

    /// <summary>Adds a piece of its text; elements stand between the pieces.</summary>
    public void Add(string text)
    {
        if (_text is null)
        {
            _text = text;
        }
        else
        {
            (_more ??= []).Add(text);
        }
    }

    /// <summary>Adds an attribute or an element. An attribute and an element are never of one list.</summary>
    public void Add(XmlElement member)
    {
        Members ??= [];
        _byName ??= new(StringComparer.Ordinal);
        if (_byName.TryGetValue(member.Name, out var first) && first._isAttribute == member._isAttribute)
        {
            (first._last ?? first).Next = member;
            first._last = member;
            return;
        }

        _byName[member.Name] = member;
        Members.Add(member);
    }

    /// <summary>Makes it another one, with nothing in it; <paramref name="name"/> is that of its column or member.</summary>
    public void Reset(string name, bool isAttribute)
    {
        (Name, _isAttribute, IsNil, List, Next) = (name, isAttribute, null, null, null);
        (_text, _last) = (null, null);
        _more?.Clear();
        _byName?.Clear();
        Members?.Clear();
    }

    /// <summary>Writes the record as a JSON object.</summary>
    public void WriteRecord(Utf8JsonWriter json, XmlTexts texts) => WriteObject(json, texts);

    private static void WriteAll(XmlElement first, Utf8JsonWriter json, XmlTexts texts)
    {
        json.WritePropertyName(first.Name);
        if (first.Next is null && first.List is null)
        {
            first.Write(json, texts);
            return;
        }

        json.WriteStartArray();
        for (var element = first; element is not null; element = element.Next)
        {
            if (element.List != XmlNames.ListOfNone)
            {
                element.Write(json, texts);
            }
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, XmlTexts texts)
    {
        if (HasMembers)
        {
            WriteObject(json, texts);
        }
        else if (IsNil == true)
        {
            json.WriteNullValue();
        }
        else
        {
            texts.Write(json, _more is null or [] ? _text ?? "" : string.Concat([_text, .. _more]));
        }
    }

    private void WriteObject(Utf8JsonWriter json, XmlTexts texts)
    {
        json.WriteStartObject();
        foreach (var member in Members ?? [])
        {
            WriteAll(member, json, texts);
        }

        if (HasText)
        {
            json.WritePropertyName(Json.JsonShape.TextMember);
            WriteTexts(json, texts);
        }

        json.WriteEndObject();
    }

    /// <summary>Text that elements interrupt is a list of its pieces.</summary>
    private void WriteTexts(Utf8JsonWriter json, XmlTexts texts)
    {
        if (_more is null or [])
        {
            texts.Write(json, _text!);
            return;
        }

        json.WriteStartArray();
        foreach (var text in _more.Prepend(_text!))
        {
            texts.Write(json, text);
        }

        json.WriteEndArray();
    }
}

/// <summary>What the user said of texts: what means null, and whether spaces around them count.</summary>
internal sealed class XmlTexts(ReadOptions options)
{
    /// <summary>Writes a text, or null.</summary>
    public void Write(Utf8JsonWriter json, string text)
    {
        var value = options.Trim ? text.Trim() : text;
        if (options.NullValues.Count > 0 && options.NullValues.Contains(value))
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStringValue(value);
        }
    }
}
