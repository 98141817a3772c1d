using System.Globalization;
using System.Management.Automation;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Writes rows to a file of any format.</summary>
[Cmdlet(VerbsData.Export, "DataFile", SupportsShouldProcess = true)]
[OutputType(typeof(TransferResult))]
public sealed class ExportDataFileCommand : ExportCmdlet
{
    /// <summary>The format, where the extension does not tell it: Csv, Tsv, Psv, FixedWidth, Json, NdJson, Xml, Parquet, Arrow or ArrowStream.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(WriteFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>Add rows to a file that exists: delimited text, fixed-width text and NDJSON. The columns must be the same.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>The separator of delimited text, one or more characters; by default that of the format.</summary>
    [Parameter]
    public string? Delimiter { get; set; }

    /// <summary>The character encoding; UTF-8 without a mark by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public string? Encoding { get; set; }

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

    /// <summary>What becomes of text that a spreadsheet would run as a formula: Keep (the default), Escape or Error.</summary>
    [Parameter]
    public FormulaPolicy FormulaPolicy { get; set; }

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

    /// <summary>The codec within Arrow and Parquet files.</summary>
    [Parameter]
    [ValidateSet("none", "snappy", "zstd", "gzip", "lz4")]
    public string? Compression { get; set; }

    private protected override IDataFormat TargetFormat => DataFormats.Find(Format, Path);

    private protected override bool Appends => Append;

    private protected override WriteOptions Options => new()
    {
        Encoding = Arguments.ToEncoding(Encoding), Culture = Culture, DateTimeFormat = DateTimeFormat, Delimiter = Delimiter, QuoteAlways = QuoteAll,
        NullValue = NullValue, NoHeader = NoHeader, NewLine = NewLine, Formulas = FormulaPolicy, Widths = Width,
        Layout = Layout is null ? null : FullPath(Layout), NestSeparator = NestSeparator, RootName = RootName,
        RecordName = RecordName, AttributeColumns = AttributeColumn, Indented = Indented, Compression = Compression, OnLoss = OnLoss,
    };
}
