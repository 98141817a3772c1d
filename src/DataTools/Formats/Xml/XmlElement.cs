using System.Text.Json;

namespace DataTools.Formats.Xml;

/// <summary>An element or attribute of the record at hand.</summary>
/// <param name="name">The name of its column or member.</param>
/// <param name="isAttribute">Whether it is an attribute.</param>
internal sealed class XmlElement(string name, bool isAttribute = false)
{
    private Dictionary<string, XmlElement>? _byName;
    private XmlElement? _last;
    private List<string>? _texts;

    /// <summary>What xsi:nil says: there is no value, or there is one, and be it an empty text beside attributes.</summary>
    public bool? IsNil { get; set; }

    /// <summary>What the mark of lists says, or null.</summary>
    public string? List { get; set; }

    /// <summary>Attributes and elements by the order of first appearance; each leads to those of the same name by <see cref="Next"/>.</summary>
    public List<XmlElement>? Members { get; private set; }

    /// <summary>The name of its column or member.</summary>
    public string Name => name;

    /// <summary>The next element of the name.</summary>
    public XmlElement? Next { get; private set; }

    /// <summary>The pieces of its text, between the elements within.</summary>
    public IReadOnlyList<string> Texts => _texts ?? [];

    /// <summary>Adds text.</summary>
    public void Add(string text) => (_texts ??= []).Add(text);

    /// <summary>Adds an attribute or an element. An attribute and an element are never of one list.</summary>
    public void Add(XmlElement member)
    {
        Members ??= [];
        _byName ??= new(StringComparer.Ordinal);
        if (_byName.TryGetValue(member.Name, out var first) && first.IsAttribute == member.IsAttribute)
        {
            (first._last ?? first).Next = member;
            first._last = member;
            return;
        }

        _byName[member.Name] = member;
        Members.Add(member);
    }

    private bool IsAttribute => isAttribute;

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
        if (Members is not null)
        {
            WriteObject(json, texts);
        }
        else if (IsNil == true)
        {
            json.WriteNullValue();
        }
        else
        {
            texts.Write(json, string.Concat(Texts));
        }
    }

    private void WriteObject(Utf8JsonWriter json, XmlTexts texts)
    {
        json.WriteStartObject();
        foreach (var member in Members ?? [])
        {
            WriteAll(member, json, texts);
        }

        if (Texts.Count > 0)
        {
            json.WritePropertyName(Json.JsonShape.TextMember);
            WriteTexts(json, texts);
        }

        json.WriteEndObject();
    }

    /// <summary>Text that elements interrupt is a list of its pieces.</summary>
    private void WriteTexts(Utf8JsonWriter json, XmlTexts texts)
    {
        if (Texts.Count == 1)
        {
            texts.Write(json, Texts[0]);
            return;
        }

        json.WriteStartArray();
        foreach (var text in Texts)
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
