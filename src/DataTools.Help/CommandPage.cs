using System.Text.RegularExpressions;

namespace DataTools.Help;

/// <summary>A part of a page under a heading of the third level: an example, or a type that a command takes or gives.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Code">The code of the first fenced block, or an empty string.</param>
/// <param name="Paragraphs">The text, without the marks of Markdown.</param>
internal sealed record PageItem(string Title, string Code, IReadOnlyList<string> Paragraphs);

/// <summary>What a page of Markdown says about a command.</summary>
internal sealed partial class CommandPage
{
    private const int FewestExamples = 3;
    private static readonly string[] SectionNames = ["Description", "Inputs", "Outputs", "Notes", "Examples", "Links"];

    private readonly string _name;
    private readonly Dictionary<string, List<PageItem>> _sections;

    private CommandPage(string name, string text)
    {
        _name = name;
        _sections = Sections().Split(text).Skip(1).Select(section => section.Split('\n', 2)).ToDictionary(s => s[0].Trim(), s => Parse(s[1]).ToList());
        if (!text.StartsWith($"# {name}\n", StringComparison.Ordinal) || !_sections.Keys.SequenceEqual(SectionNames))
        {
            throw new HelpException($"{name}.md must have the heading '# {name}' and the sections {string.Join(", ", SectionNames)}.");
        }

        if (Examples.Count < FewestExamples || Examples.Any(example => example.Code.Length == 0))
        {
            throw new HelpException($"{name}.md must have at least {FewestExamples} examples, each with its code.");
        }
    }

    /// <summary>What the command does.</summary>
    public IReadOnlyList<string> Description => _sections["Description"][0].Paragraphs;

    /// <summary>What it takes from the pipeline: a type each.</summary>
    public IReadOnlyList<PageItem> Inputs => _sections["Inputs"][1..];

    /// <summary>What it gives: a type each.</summary>
    public IReadOnlyList<PageItem> Outputs => _sections["Outputs"][1..];

    /// <summary>What else is worth knowing.</summary>
    public IReadOnlyList<string> Notes => _sections["Notes"][0].Paragraphs;

    /// <summary>The examples.</summary>
    public IReadOnlyList<PageItem> Examples => _sections["Examples"][1..];

    /// <summary>Related commands and topics.</summary>
    public IEnumerable<string> Links => _sections["Links"][0].Paragraphs.Select(link => link.TrimStart('-', ' '));

    /// <summary>Reads the page of a command.</summary>
    public static CommandPage Read(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".md");
        return File.Exists(path) ? new CommandPage(name, File.ReadAllText(path).ReplaceLineEndings("\n")) : throw new HelpException($"{name}.md does not exist.");
    }

    /// <summary>The text before the first heading of the third level (without a title), then what stands under each.</summary>
    private static IEnumerable<PageItem> Parse(string section)
    {
        var parts = Items().Split(section);
        yield return Item("", parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var lines = part.Split('\n', 2);
            yield return Item(lines[0].Trim(), lines[1]);
        }
    }

    private static PageItem Item(string title, string text)
    {
        var code = Fences().Match(text);
        var paragraphs = Gaps().Split(Fences().Replace(text, "")).Select(Plain).Where(paragraph => paragraph.Length > 0);
        return new PageItem(title, code.Groups[1].Value.TrimEnd(), [.. paragraphs]);
    }

    private static string Plain(string paragraph) => Spaces().Replace(Link().Replace(paragraph, "$1").Replace("`", "").Replace("**", ""), " ").Trim();

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Sections();

    [GeneratedRegex("^### ", RegexOptions.Multiline)]
    private static partial Regex Items();

    [GeneratedRegex("^```powershell\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    /// <summary>Paragraphs end at an empty line or where an item of a list begins.</summary>
    [GeneratedRegex(@"\n\s*\n|\n(?=- |\d+\. )")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
