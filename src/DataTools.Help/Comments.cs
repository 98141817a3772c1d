using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DataTools.Help;

/// <summary>The documentation comments of an assembly, as the compiler writes them beside it.</summary>
internal sealed partial class Comments(XDocument document)
{
    private readonly Dictionary<string, XElement> _summaries = document.Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    /// <summary>The paragraphs of a type's summary.</summary>
    public IReadOnlyList<string> Of(Type type) => Paragraphs($"T:{type.FullName}");

    /// <summary>The paragraphs of a property's summary; an inherited property has those of the class that declares it.</summary>
    public IReadOnlyList<string> Of(PropertyInfo property) => Paragraphs($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private List<string> Paragraphs(string member)
    {
        if (!_summaries.TryGetValue(member, out var summary))
        {
            throw new HelpException($"{member} has no comment.");
        }

        var paragraphs = summary.Elements("para").Any() ? summary.Elements("para") : [summary];
        return [.. paragraphs.Select(Text)];
    }

    private static string Text(XElement paragraph) => Spaces().Replace(string.Concat(paragraph.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => code.Value,
        _ => throw new HelpException($"A comment that is shown as help takes plain text, <c> and <para>, not {node}."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
