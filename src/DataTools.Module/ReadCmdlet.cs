using System.Globalization;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Transforms;

namespace DataTools.Module;

/// <summary>The parameters by which a command is told how to read data, wherever it comes from: files or text.</summary>
public abstract class ReadCmdlet : DataCmdlet
{
    private RejectLog? _rejects;
    private ReadAhead? _reader;

    /// <summary>The columns to read, in that order; wildcards are taken. Formats that can skip the others do.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] Column { get; set; } = [];

    /// <summary>Types of columns in place of the inferred ones: @{ zip = 'text'; price = 'decimal(10,2)' }, or one type for all columns.</summary>
    [Parameter]
    public object? Type { get; set; }

    /// <summary>The separator of delimited text, one or more characters. Without it, it is detected.</summary>
    [Parameter]
    public string? Delimiter { get; set; }

    /// <summary>The quote character of delimited text; an empty string for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Quote { get; set; }

    /// <summary>The character that makes the next one plain text, such as a backslash, in place of doubled quotes.</summary>
    [Parameter]
    public string? Escape { get; set; }

    /// <summary>Lines that begin with this character are passed over, such as #.</summary>
    [Parameter]
    public string? Comment { get; set; }

    /// <summary>Lines to pass over before the header.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    /// <summary>Names for the columns, in place of those of the header row; with -NoHeader for a file that has none.</summary>
    [Parameter]
    public string[] Header { get; set; } = [];

    /// <summary>The first row is data, not a header.</summary>
    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    /// <summary>Numbers and dates are written as in this culture, such as de-DE. Without it: 1234.5 and 2026-01-31 only.</summary>
    [Parameter]
    public CultureInfo? Culture { get; set; }

    /// <summary>.NET formats of dates and timestamps, such as dd.MM.yyyy.</summary>
    [Parameter]
    [Alias("DateTimeFormats")]
    public string[] DateTimeFormat { get; set; } = [];

    /// <summary>Values that mean null, such as NA, besides an empty cell.</summary>
    [Parameter]
    public string[] NullValue { get; set; } = [];

    /// <summary>Spaces around values are dropped.</summary>
    [Parameter]
    public SwitchParameter Trim { get; set; }

    /// <summary>What becomes of rows with too few fields: Error (the default), or FillNull. Fields too many are always an error.</summary>
    [Parameter]
    public RaggedRows Ragged { get; set; }

    /// <summary>The widths of fixed-width columns, in characters.</summary>
    [Parameter]
    public int[] Width { get; set; } = [];

    /// <summary>The first characters of fixed-width columns, counted from 1.</summary>
    [Parameter]
    public int[] Start { get; set; } = [];

    /// <summary>A CSV file that describes fixed-width columns: name, start, width, type.</summary>
    [Parameter]
    public string? Layout { get; set; }

    /// <summary>
    /// Where the records are. In JSON: property names joined by dots. In XML: the name of an element, or names joined by / or //, such as /feed/entry;
    /// without it, the element that repeats.
    /// </summary>
    [Parameter]
    public string? RecordPath { get; set; }

    /// <summary>What begins the names of columns that are attributes in XML, such as @; nothing by default.</summary>
    [Parameter]
    [AllowEmptyString]
    public string AttributePrefix { get; set; } = ReadOptions.Default.AttributePrefix;

    /// <summary>Nested objects of JSON and elements of XML become columns of their own, such as customer.address.city. Lists stay lists.</summary>
    [Parameter]
    public SwitchParameter Flatten { get; set; }

    /// <summary>What joins the names of flattened columns; a dot by default.</summary>
    [Parameter]
    public string FlattenSeparator { get; set; } = ReadOptions.Default.FlattenSeparator;

    /// <summary>How many levels are flattened; all by default. What is deeper stays nested.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int FlattenDepth { get; set; } = ReadOptions.Default.FlattenDepth;

    /// <summary>The rows that types are inferred from; 10,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int SampleRows { get; set; } = ReadOptions.Default.SampleRows;

    /// <summary>Infer types from all rows. The file is read twice.</summary>
    [Parameter]
    public SwitchParameter FullScan { get; set; }

    /// <summary>The longest record in bytes; 256 MB by default. A longer one is an error, so that an unclosed quote does not fill the memory.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRecordSize { get; set; } = ReadOptions.Default.MaxRecordBytes;

    /// <summary>How many bad rows are let pass: a number, or a share such as 1%. The default is none.</summary>
    [Parameter]
    public string? MaxErrors { get; set; }

    /// <summary>A file for the bad rows, one JSON object a line, made anew by each run: after a run without bad rows there is none.</summary>
    [Parameter]
    public string? RejectPath { get; set; }

    private protected RejectLog Rejects => _rejects ??= RejectArguments.MakeLog(MaxErrors, RejectPath is null ? null : FullPath(RejectPath));

    /// <summary>The options that the parameters make.</summary>
    private protected virtual ReadOptions Options => new()
    {
        Columns = Column, Types = Arguments.ToTypes(Type), SampleRows = SampleRows, FullScan = FullScan,
        Text = new TextRules { Culture = Culture, DateTimeFormats = DateTimeFormat }, NullValues = NullValue, Delimiter = Delimiter,
        Quote = Quote is null ? ReadOptions.Default.Quote : Arguments.ToChar(Quote, nameof(Quote)), Escape = Arguments.ToChar(Escape, nameof(Escape)),
        Comment = Arguments.ToChar(Comment, nameof(Comment)), SkipRows = SkipRows, NoHeader = NoHeader, Header = Header, Trim = Trim, Ragged = Ragged,
        Widths = Width, Starts = Start, Layout = Layout is null ? null : FullPath(Layout), RecordPath = RecordPath, AttributePrefix = AttributePrefix,
        Flatten = Flatten, FlattenSeparator = FlattenSeparator, FlattenDepth = FlattenDepth, MaxRecordBytes = MaxRecordSize,
    };

    /// <summary>What a reader needs: the options, where bad rows go and whom to tell.</summary>
    private protected ReadContext Context => new(Options, Rejects, Warn) { Cancellation = Cancellation };

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _reader?.Dispose();
        _rejects?.Dispose();
    }

    /// <summary>Reads ahead; the reader is closed when the command ends.</summary>
    private protected ReadAhead Ahead(IBatchReader reader) => _reader = new ReadAhead(reader);

    /// <summary>Hands the rows that a filter leaves to the next command.</summary>
    private protected void WriteRows(IBatchReader source, TransformChain filter)
    {
        var reader = Ahead(source);
        var output = new BatchOutput(this, Cancellation);
        RecordBatch? last = null;
        while (reader.ReadBatch(Cancellation) is { } batch)
        {
            last = filter.Apply(batch, Cancellation);
            Log.Rows += last.Length;
            Rejects.CountRows(batch.Length);
            output.Write(last);
            ShowProgress(Log.Source!, Log.Rows, reader.Progress);
        }

        if (last is null && reader.Schema.FieldsList.Count > 0)
        {
            // The columns of an empty table still travel to the next of our commands.
            output.Write(filter.Apply(new BatchBuilder(reader.Schema).Finish(), Cancellation));
        }

        EndRejects(Rejects);
    }
}
