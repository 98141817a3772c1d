using System.Globalization;
using System.Management.Automation;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>
/// The parameters by which a command is told how to write text. Commands that differ in where the text goes, and so in their base, have them in
/// common as PowerShell's dynamic parameters.
/// </summary>
public sealed class TextWriteParameters
{
    /// <summary>The separator of delimited text, one or more characters; by default that of the format.</summary>
    [Parameter]
    public string? Delimiter { get; set; }

    /// <summary>Write numbers and dates as this culture does. Without it: 1234.5 and ISO 8601.</summary>
    [Parameter]
    public CultureInfo? Culture { get; set; }

    /// <summary>A .NET format for dates and timestamps, such as dd.MM.yyyy.</summary>
    [Parameter]
    public string? DateTimeFormat { get; set; }

    /// <summary>What a null is written as; nothing by default.</summary>
    [Parameter]
    [AllowEmptyString]
    public string NullValue { get; set; } = WriteOptions.Default.NullValue;

    /// <summary>No header row.</summary>
    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    /// <summary>Quote every text, not only where it must be.</summary>
    [Parameter]
    public SwitchParameter QuoteAll { get; set; }

    /// <summary>The line end: \n by default.</summary>
    [Parameter]
    public string NewLine { get; set; } = WriteOptions.Default.NewLine;

    /// <summary>What becomes of text that a spreadsheet would run as a formula: Text (the default in books: it stays text, behind an apostrophe in delimited text), Keep (the default elsewhere), Escape or Error.</summary>
    [Parameter]
    public FormulaPolicy? FormulaPolicy { get; set; }

    /// <summary>The widths of fixed-width columns, in characters.</summary>
    [Parameter]
    public int[] Width { get; set; } = [];

    /// <summary>A CSV file that describes fixed-width columns: name, start, width, type.</summary>
    [Parameter]
    public string? Layout { get; set; }

    /// <summary>Columns whose names hold this separator become nested objects in JSON and elements within elements in XML.</summary>
    [Parameter]
    public string? NestSeparator { get; set; }

    /// <summary>The name of the outermost element of XML; records by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string RootName { get; set; } = WriteOptions.Default.RootName;

    /// <summary>The name of the element of each row in XML; record by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string RecordName { get; set; } = WriteOptions.Default.RecordName;

    /// <summary>Columns that become attributes in XML; wildcards are taken. Members of nested values are named by their path: price.currency.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] AttributeColumn { get; set; } = [];

    /// <summary>JSON and XML with line breaks and indentation.</summary>
    [Parameter]
    public SwitchParameter Indented { get; set; }

    /// <summary>The options that the parameters make; <paramref name="fullPath"/> resolves the path of the layout.</summary>
    internal WriteOptions ToOptions(Func<string, string> fullPath) => new()
    {
        Culture = Culture, DateTimeFormat = DateTimeFormat, Delimiter = Delimiter, QuoteAlways = QuoteAll, NullValue = NullValue, NoHeader = NoHeader,
        NewLine = NewLine, Formulas = FormulaPolicy, Widths = Width, Layout = Layout is null ? null : fullPath(Layout), NestSeparator = NestSeparator,
        RootName = RootName, RecordName = RecordName, AttributeColumns = AttributeColumn, Indented = Indented,
    };
}
