using System.Globalization;
using System.Management.Automation;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Writes rows to a file of any format.</summary>
[Cmdlet(VerbsData.Export, "DataFile", SupportsShouldProcess = true)]
[OutputType(typeof(TransferResult))]
public sealed class ExportDataFileCommand : BookExportCmdlet
{
    /// <summary>The format, where the extension does not tell it: Csv, Tsv, Psv, FixedWidth, Json, NdJson, Parquet, Arrow, ArrowStream or Excel.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(WriteFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>Add rows to a file that exists: delimited text, fixed-width text, NDJSON, and the sheet or table of a book. The columns must be the same.</summary>
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

    /// <summary>What becomes of text that a spreadsheet would run as a formula: Text (the default in books: it stays text, behind an apostrophe in delimited text), Keep (the default elsewhere), Escape or Error.</summary>
    [Parameter]
    public FormulaPolicy? FormulaPolicy { get; set; }

    /// <summary>The widths of fixed-width columns, in characters.</summary>
    [Parameter]
    public int[] Width { get; set; } = [];

    /// <summary>A CSV file that describes fixed-width columns: name, start, width, type.</summary>
    [Parameter]
    public string? Layout { get; set; }

    /// <summary>Columns whose names hold this separator become nested objects in JSON.</summary>
    [Parameter]
    public string? NestSeparator { get; set; }

    /// <summary>JSON with line breaks and indentation.</summary>
    [Parameter]
    public SwitchParameter Indented { get; set; }

    /// <summary>The codec within Arrow and Parquet files.</summary>
    [Parameter]
    [ValidateSet("none", "snappy", "zstd", "gzip", "lz4")]
    public string? Compression { get; set; }

    /// <summary>Write what -KeepFormat of Import-DataFile kept of a sheet (number formats, widths, styles) into a file beside the target: its name and .format.json.</summary>
    [Parameter]
    public SwitchParameter KeepFormat { get; set; }

    private protected override IDataFormat TargetFormat => DataFormats.Find(Format, Path);

    private protected override bool Appends => Append;

    private protected override WriteOptions Options => new()
    {
        Encoding = Arguments.ToEncoding(Encoding), Culture = Culture, DateTimeFormat = DateTimeFormat, Delimiter = Delimiter, QuoteAlways = QuoteAll,
        NullValue = NullValue, NoHeader = NoHeader, NewLine = NewLine, Formulas = FormulaPolicy, Widths = Width,
        Layout = Layout is null ? null : FullPath(Layout), NestSeparator = NestSeparator, Indented = Indented, Compression = Compression, OnLoss = OnLoss,
        Excel = BookOptions, KeepFormat = KeepFormat,
    };
}
