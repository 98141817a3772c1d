using System.Management.Automation;
using System.Xml.Linq;

namespace DataTools.Help;

/// <summary>Help in MAML, the form that Get-Help reads for compiled commands.</summary>
internal static class Maml
{
    private const string Schemas = "http://schemas.microsoft.com/maml";
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Text = $"{Schemas}/2004/10";
    private static readonly XNamespace Cmd = $"{Schemas}/dev/command/2004/10";
    private static readonly XNamespace Dev = $"{Schemas}/dev/2004/10";

    /// <summary>The file.</summary>
    public static XElement HelpItems(IEnumerable<XElement> commands) => new(Items + "helpItems", new XAttribute("schema", "maml"), commands);

    /// <summary>The help of one command.</summary>
    public static XElement Command(CmdletFacts cmdlet, Comments comments, CommandPage page) => new(
        Cmd + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Text),
        new XAttribute(XNamespace.Xmlns + "command", Cmd),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Cmd + "details",
            new XElement(Cmd + "name", cmdlet.Name),
            new XElement(Cmd + "verb", cmdlet.Attribute.VerbName),
            new XElement(Cmd + "noun", cmdlet.Attribute.NounName),
            Description(comments.Of(cmdlet.Type))),
        Description(page.Description),
        new XElement(Cmd + "syntax", cmdlet.ParameterSets.Select(set => Syntax(cmdlet, set))),
        new XElement(
            Cmd + "parameters",
            cmdlet.Parameters.Select(p => Parameter(p, p.Sets.Values.First(), [.. comments.Of(p.Property), .. Accepted(p)])),
            ShouldProcess(cmdlet, inSyntax: false)),
        new XElement(Cmd + "inputTypes", page.Inputs.Select(item => Value("inputType", item))),
        new XElement(Cmd + "returnValues", page.Outputs.Select(item => Value("returnValue", item))),
        new XElement(Text + "alertSet", new XElement(Text + "alert", Paragraphs(page.Notes))),
        new XElement(Cmd + "examples", page.Examples.Select(Example)),
        new XElement(Cmd + "relatedLinks", page.Links.Select(link => new XElement(Text + "navigationLink", new XElement(Text + "linkText", link), new XElement(Text + "uri")))));

    private static XElement Syntax(CmdletFacts cmdlet, string set) => new(
        Cmd + "syntaxItem",
        new XElement(Text + "name", cmdlet.Name),
        cmdlet.InSet(set).Select(pair => Parameter(pair.Parameter, pair.Use, [], inSyntax: true)),
        ShouldProcess(cmdlet, inSyntax: true));

    private static XElement Parameter(ParameterFacts parameter, ParameterAttribute use, IEnumerable<string> description, bool inSyntax = false) => Parameter(
        parameter.Name,
        [
            new XAttribute("required", use.Mandatory),
            new XAttribute("variableLength", parameter.Type.IsArray),
            new XAttribute("globbing", parameter.TakesWildcards),
            new XAttribute("pipelineInput", Pipeline(use)),
            new XAttribute("position", use.Position < 0 ? "named" : use.Position),
            new XAttribute("aliases", parameter.Aliases.Any() ? string.Join(", ", parameter.Aliases) : "none"),
        ],
        description,
        inSyntax && parameter.IsSwitch ? null : parameter.Type.Name,
        parameter.Default);

    private static XElement Parameter(string name, XAttribute[] attributes, IEnumerable<string> description, string? type, string value) => new(
        Cmd + "parameter",
        attributes,
        new XElement(Text + "name", name),
        Description(description),
        type is null ? null : new XElement(Cmd + "parameterValue", new XAttribute("required", true), new XAttribute("variableLength", type.EndsWith(']')), type),
        type is null ? null : new XElement(Dev + "type", new XElement(Text + "name", type), new XElement(Text + "uri")),
        new XElement(Dev + "defaultValue", value));

    /// <summary>The parameters that PowerShell adds to a command which changes something.</summary>
    private static IEnumerable<XElement> ShouldProcess(CmdletFacts cmdlet, bool inSyntax)
    {
        XElement Switch(string name, string alias, string description) => Parameter(
            name,
            [
                new XAttribute("required", false), new XAttribute("variableLength", false), new XAttribute("globbing", false),
                new XAttribute("pipelineInput", "False"), new XAttribute("position", "named"), new XAttribute("aliases", alias),
            ],
            inSyntax ? [] : [description],
            inSyntax ? null : nameof(SwitchParameter),
            "False");
        return cmdlet.Attribute.SupportsShouldProcess
            ? [Switch("WhatIf", "wi", "Say what would be done, and do nothing."), Switch("Confirm", "cf", "Ask before it is done.")]
            : [];
    }

    private static string Pipeline(ParameterAttribute use) => (use.ValueFromPipeline, use.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static IEnumerable<string> Accepted(ParameterFacts parameter) =>
        parameter.AcceptedValues.Any() ? [$"Accepted values: {string.Join(", ", parameter.AcceptedValues)}."] : [];

    private static XElement Value(string element, PageItem item) =>
        new(Cmd + element, new XElement(Dev + "type", new XElement(Text + "name", item.Title)), Description(item.Paragraphs));

    private static XElement Example(PageItem item, int index) => new(
        Cmd + "example",
        new XElement(Text + "title", $"---------- Example {index + 1}: {item.Title} ----------"),
        new XElement(Dev + "code", item.Code),
        // The empty paragraph keeps the next example apart.
        new XElement(Dev + "remarks", Paragraphs([.. item.Paragraphs, ""])));

    private static XElement Description(IEnumerable<string> paragraphs) => new(Text + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) => paragraphs.Select(text => new XElement(Text + "para", text));
}
