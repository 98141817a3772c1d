using System.Text;
using DataTools.Data;
using DataTools.Formats.Excel;

namespace DataTools.Formats;

/// <summary>What to do with a row that has more or fewer fields than the header.</summary>
public enum RaggedRows
{
    /// <summary>The row is a reject.</summary>
    Error,

    /// <summary>Missing fields at the end are null; extra ones are still a reject.</summary>
    FillNull,
}

/// <summary>How a file is read. The defaults suit a file that says what it is.</summary>
public sealed record ReadOptions
{
    /// <summary>The options with every default.</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>The columns to read (wildcards), in that order; empty for all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Types that the user named, by column (wildcards); "*" for all.</summary>
    public IReadOnlyDictionary<string, DataType> Types { get; init; } = new Dictionary<string, DataType>();

    /// <summary>The type that the user named for a column: by its name first, then by the first wildcard that fits; null for none.</summary>
    public DataType? TypeOf(string column) =>
        Types.FirstOrDefault(t => string.Equals(t.Key, column, StringComparison.OrdinalIgnoreCase)).Value
        ?? Types.FirstOrDefault(t => ColumnNames.IsMatch(column, t.Key)).Value;

    /// <summary>The rows that types are inferred from.</summary>
    public int SampleRows { get; init; } = 10_000;

    /// <summary>Infer types from every row: the file is read twice.</summary>
    public bool FullScan { get; init; }

    /// <summary>Culture, date formats: how text is read as values.</summary>
    public TextRules Text { get; init; } = TextRules.Default;

    /// <summary>The character encoding; null to detect it.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Values that mean null, besides an empty unquoted cell.</summary>
    public IReadOnlyList<string> NullValues { get; init; } = [];

    /// <summary>The separator of delimited text, one or more characters; null to detect it.</summary>
    public string? Delimiter { get; init; }

    /// <summary>The quote character of delimited text; null for none.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>The escape character of delimited text, such as a backslash; null for doubled quotes.</summary>
    public char? Escape { get; init; }

    /// <summary>Lines that start with this character are passed over.</summary>
    public char? Comment { get; init; }

    /// <summary>Lines to pass over before the header.</summary>
    public int SkipRows { get; init; }

    /// <summary>The first row is data.</summary>
    public bool NoHeader { get; init; }

    /// <summary>Column names that replace the header, or stand for the missing one.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>Spaces around unquoted values are dropped.</summary>
    public bool Trim { get; init; }

    /// <summary>What becomes of rows with too few or too many fields.</summary>
    public RaggedRows Ragged { get; init; }

    /// <summary>The widths of fixed-width columns, in characters.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [];

    /// <summary>The 1-based first characters of fixed-width columns.</summary>
    public IReadOnlyList<int> Starts { get; init; } = [];

    /// <summary>A layout file of fixed-width columns: name, start, width and type a line.</summary>
    public string? Layout { get; init; }

    /// <summary>
    /// Where the records are: in JSON property names separated by dots, null for the top; in XML the name of an element or a path of names, null for
    /// the element that repeats.
    /// </summary>
    public string? RecordPath { get; init; }

    /// <summary>What begins the names of columns that are attributes in XML.</summary>
    public string AttributePrefix { get; init; } = "";

    /// <summary>Nested objects become columns of their own.</summary>
    public bool Flatten { get; init; }

    /// <summary>What joins the names of flattened columns.</summary>
    public string FlattenSeparator { get; init; } = ".";

    /// <summary>How many levels are flattened; deeper ones stay nested.</summary>
    public int FlattenDepth { get; init; } = int.MaxValue;

    /// <summary>What of an Excel book is read, and how.</summary>
    public ExcelReadOptions Excel { get; init; } = ExcelReadOptions.Default;

    /// <summary>The longest record in bytes.</summary>
    public int MaxRecordBytes { get; init; } = 256 << 20;

    /// <summary>What a sheet looks like is kept with its columns.</summary>
    public bool KeepFormat { get; init; }

    /// <summary>The most bytes that a compressed file may expand to, as a multiple of its size (small files may reach 100 MB).</summary>
    public int MaxExpansion { get; init; } = 1000;
}
