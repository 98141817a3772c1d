using System.Xml;

namespace DataTools.Formats.Xml;

/// <summary>The names that reader and writer agree on.</summary>
internal static class XmlNames
{
    /// <summary>The namespace of xsi:nil (W3C, "XML Schema Part 1: Structures", 2.6).</summary>
    public const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The namespace of xml:space.</summary>
    public const string Xml = "http://www.w3.org/XML/1998/namespace";

    /// <summary>The namespace of namespace declarations.</summary>
    public const string Declarations = "http://www.w3.org/2000/xmlns/";

    /// <summary>The namespace of the mark that tells a list of one or of none from a plain value, and at the root what the records are called.</summary>
    public const string Marks = "urn:datatools:xml";

    /// <summary>The attribute of that namespace.</summary>
    public const string List = "list";

    /// <summary>The element is a list of one element.</summary>
    public const string ListOfOne = "one";

    /// <summary>The element stands for a list without elements.</summary>
    public const string ListOfNone = "none";

    /// <summary>The elements of a list within a list.</summary>
    public const string Item = "item";

    /// <summary>The name of a column as an element or attribute may have it.</summary>
    public static string Encode(string column) => XmlConvert.EncodeLocalName(column)!;

    /// <summary>The column's name of an element or attribute: with its prefix, as it is written.</summary>
    public static string Decode(string name) => name.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(name) : name;
}
