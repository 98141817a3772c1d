using System.Globalization;
using System.Text;

namespace DataTools.Formats;

/// <summary>What becomes of a value that the target cannot hold as it is.</summary>
public enum LossPolicy
{
    /// <summary>The run ends with an error that names the place.</summary>
    Stop,

    /// <summary>The value is changed, and a warning says how many.</summary>
    Warn,

    /// <summary>The value is changed.</summary>
    Allow,
}

/// <summary>What becomes of text that a spreadsheet would run as a formula.</summary>
public enum FormulaPolicy
{
    /// <summary>It is written as it is: a formula.</summary>
    Keep,

    /// <summary>An apostrophe is put before it in delimited text; in a book it is text.</summary>
    Escape,

    /// <summary>The run ends with an error.</summary>
    Error,

    /// <summary>It stays text: as text in a book, behind an apostrophe in delimited text.</summary>
    Text,
}

/// <summary>How a file is written.</summary>
public sealed record WriteOptions
{
    /// <summary>The options with every default.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>The character encoding of text; null for UTF-8 without a mark.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Numbers and dates are written as this culture writes them; null for invariant and ISO 8601.</summary>
    public CultureInfo? Culture { get; init; }

    /// <summary>A .NET format for dates and timestamps; null for ISO 8601.</summary>
    public string? DateTimeFormat { get; init; }

    /// <summary>The separator of delimited text; null for the format's own.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Every text field is quoted.</summary>
    public bool QuoteAlways { get; init; }

    /// <summary>What a null is written as.</summary>
    public string NullValue { get; init; } = "";

    /// <summary>No header row.</summary>
    public bool NoHeader { get; init; }

    /// <summary>The line end.</summary>
    public string NewLine { get; init; } = "\n";

    /// <summary>What becomes of text that a spreadsheet would run; null for the format's own: text in books, as it is in delimited text.</summary>
    public FormulaPolicy? Formulas { get; init; }

    /// <summary>What the columns know of the look of their sheet is written into a file beside the target.</summary>
    public bool KeepFormat { get; init; }

    /// <summary>How a book is written.</summary>
    public Excel.ExcelWriteOptions Excel { get; init; } = DataTools.Formats.Excel.ExcelWriteOptions.Default;

    /// <summary>The widths of fixed-width columns, in characters; empty to take them from the layout.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [];

    /// <summary>A layout file of fixed-width columns.</summary>
    public string? Layout { get; init; }

    /// <summary>Columns whose names hold this separator are nested: objects in JSON, elements in XML.</summary>
    public string? NestSeparator { get; init; }

    /// <summary>The name of the outermost element of XML.</summary>
    public string RootName { get; init; } = "records";

    /// <summary>The name of the element of a record in XML.</summary>
    public string RecordName { get; init; } = "record";

    /// <summary>Columns that are attributes in XML (wildcards); members of nested values by their path: price.currency.</summary>
    public IReadOnlyList<string> AttributeColumns { get; init; } = [];

    /// <summary>JSON and XML with line breaks and indentation.</summary>
    public bool Indented { get; init; }

    /// <summary>The codec within Parquet and Arrow files: none, snappy, zstd, gzip, lz4; null for the format's default.</summary>
    public string? Compression { get; init; }

    /// <summary>The codec's level; null for its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>The rows of a Parquet row group.</summary>
    public int RowGroupSize { get; init; } = 1_000_000;

    /// <summary>Columns written without a dictionary.</summary>
    public bool NoDictionary { get; init; }

    /// <summary>Key-value metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of values that the format cannot hold.</summary>
    public LossPolicy OnLoss { get; init; }
}
