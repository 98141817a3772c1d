using System.Xml;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Json;

namespace DataTools.Formats.Xml;

/// <summary>Writes a column, a group of columns or a member of a struct as an attribute or an element.</summary>
internal abstract class XmlMember(string path, string name, XmlWriteRules rules)
{
    private readonly string _name = XmlNames.Encode(name);

    /// <summary>Whether it is an attribute.</summary>
    public virtual bool IsAttribute => false;

    /// <summary>The path of names, for errors and -AttributeColumn.</summary>
    protected string Path => path;

    /// <summary>The name of the element or attribute.</summary>
    protected string Name => _name;

    /// <summary>How to write.</summary>
    protected XmlWriteRules Rules => rules;

    /// <summary>The member for the columns of a schema: its element is that of the record.</summary>
    public static XmlGroup Of(Schema schema, XmlWriteRules rules)
    {
        var paths = new List<string>();
        var members = Of(ColumnTree.Of(schema, rules.Options.NestSeparator), schema, "", rules, paths);
        // Tells of a name that is no column's.
        ColumnNames.Find(paths, rules.Options.AttributeColumns, "The data");
        return new XmlGroup(members, "", rules.Options.RecordName, rules);
    }

    /// <summary>
    /// Writes the values of a row; <paramref name="list"/> marks the element as all that a list has.
    /// </summary>
    public abstract void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null);

    /// <summary>The member for values of a type: those of <paramref name="column"/> among the arrays that it is given.</summary>
    protected static XmlMember Of(DataType type, int column, string path, string name, XmlWriteRules rules, List<string> paths)
    {
        paths.Add(path);
        var isAttribute = rules.Options.AttributeColumns.Any(a => ColumnNames.IsMatch(path, a));
        return type switch
        {
            NestedDataType when isAttribute => throw DataErrors.InvalidOption($"-AttributeColumn: the column '{path}' holds nested values, which cannot be attributes."),
            StructDataType structure => new XmlStruct(structure, column, path, name, rules, paths),
            ListDataType items => new XmlList(items, column, path, name, rules, paths),
            _ when isAttribute => new XmlAttribute(type, column, path, name, rules),
            _ when name == JsonShape.TextMember => new XmlContent(type, column, path, rules),
            _ => new XmlScalar(type, column, path, name, rules),
        };
    }

    /// <summary>Begins the element.</summary>
    protected void Start(XmlWriter xml, string? list)
    {
        xml.WriteStartElement(_name);
        if (list is not null)
        {
            xml.WriteAttributeString(XmlNames.List, XmlNames.Marks, list);
        }
    }

    /// <summary>Writes the element that stands for null.</summary>
    protected void WriteNull(XmlWriter xml, string? list)
    {
        Start(xml, list);
        if (rules.Options.NullValue.Length > 0)
        {
            xml.WriteString(rules.Options.NullValue);
        }
        else
        {
            xml.WriteAttributeString("nil", XmlNames.Instance, "true");
        }

        xml.WriteEndElement();
    }

    private static XmlMember[] Of(IEnumerable<ColumnTree> trees, Schema schema, string prefix, XmlWriteRules rules, List<string> paths) =>
    [
        .. trees.Select(t => t.Column < 0
            ? new XmlGroup(Of(t.Members, schema, $"{prefix}{t.Name}.", rules, paths), prefix + t.Name, t.Name, rules)
            : Of(DataTypes.Of(schema.GetFieldByIndex(t.Column)), t.Column, prefix + t.Name, t.Name, rules, paths)),
    ];
}

/// <summary>A value without members, as an attribute; null is none.</summary>
internal sealed class XmlAttribute(DataType type, int column, string path, string name, XmlWriteRules rules) : XmlMember(path, name, rules)
{
    /// <inheritdoc/>
    public override bool IsAttribute => true;

    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        if (!columns[column].IsNull(row))
        {
            xml.WriteAttributeString(Name, Rules.Text(type, columns[column], row, Path).ToString());
        }
        else if (Rules.Options.NullValue.Length > 0)
        {
            xml.WriteAttributeString(Name, Rules.Options.NullValue);
        }
    }
}

/// <summary>A value without members, as an element.</summary>
internal sealed class XmlScalar(DataType type, int column, string path, string name, XmlWriteRules rules) : XmlMember(path, name, rules)
{
    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        if (columns[column].IsNull(row))
        {
            WriteNull(xml, list);
            return;
        }

        Start(xml, list);
        XmlWriteRules.WriteText(xml, Rules.Text(type, columns[column], row, Path));
        xml.WriteEndElement();
    }
}

/// <summary>The text beside the members of an element; null is none.</summary>
internal sealed class XmlContent(DataType type, int column, string path, XmlWriteRules rules) : XmlMember(path, JsonShape.TextMember, rules)
{
    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        if (columns[column].IsNull(row))
        {
            return;
        }

        var text = Rules.Text(type, columns[column], row, Path);
        if (text.IsEmpty)
        {
            // Else nobody could tell it from no text.
            xml.WriteAttributeString("nil", XmlNames.Instance, "false");
        }

        XmlWriteRules.WriteText(xml, text);
    }
}

/// <summary>Columns that the separator in their names nests.</summary>
internal sealed class XmlGroup(XmlMember[] members, string path, string name, XmlWriteRules rules) : XmlMember(path, name, rules)
{
    // Attributes stand before all content, and text that says that its blanks count writes one.
    private readonly XmlMember[] _members = [.. members.OrderBy(m => m.IsAttribute ? 0 : m is XmlContent ? 1 : 2)];

    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        Start(xml, list);
        foreach (var member in _members)
        {
            member.Write(xml, columns, row);
        }

        xml.WriteEndElement();
    }
}

/// <summary>A struct is an element with its members.</summary>
internal sealed class XmlStruct(StructDataType type, int column, string path, string name, XmlWriteRules rules, List<string> paths)
    : XmlMember(path, name, rules)
{
    private readonly XmlGroup _members = new([.. type.Members.Select((m, i) => Of(m.Value, i, $"{path}.{m.Key}", m.Key, rules, paths))], path, name, rules);

    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        if (columns[column].IsNull(row))
        {
            WriteNull(xml, list);
        }
        else
        {
            _members.Write(xml, ((StructArray)columns[column]).Fields, row, list);
        }
    }
}

/// <summary>A list is its elements one after the other; a list within a list, an element around them.</summary>
internal sealed class XmlList(ListDataType type, int column, string path, string name, XmlWriteRules rules, List<string> paths)
    : XmlMember(path, name, rules)
{
    private readonly XmlMember _item = type.Item switch
    {
        ListDataType inner => new XmlGroup([new XmlList(inner, 0, path, XmlNames.Item, rules, paths)], path, name, rules),
        StructDataType structure => new XmlStruct(structure, 0, path, name, rules, paths),
        var scalar => new XmlScalar(scalar, 0, path, name, rules),
    };

    /// <inheritdoc/>
    public override void Write(XmlWriter xml, IReadOnlyList<IArrowArray> columns, int row, string? list = null)
    {
        if (columns[column].IsNull(row))
        {
            WriteNull(xml, list);
            return;
        }

        var offsets = columns[column].Offsets();
        var (first, end) = (offsets[row], offsets[row + 1]);
        if (first == end)
        {
            Start(xml, XmlNames.ListOfNone);
            xml.WriteEndElement();
        }

        IArrowArray[] values = [((ListArray)columns[column]).Values];
        for (var i = first; i < end; i++)
        {
            _item.Write(xml, values, i, end - first == 1 ? XmlNames.ListOfOne : null);
        }
    }
}
