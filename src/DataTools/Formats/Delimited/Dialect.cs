using System.Text;
using CsvHelper;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>How text is split into records and fields.</summary>
internal sealed record Dialect
{
    /// <summary>A width that no line passes.</summary>
    public const int RestOfLine = 1_000_000_000;

    private const string SeparatorLine = "sep=";

    /// <summary>The separator, one or more characters.</summary>
    public required string Separator { get; init; }

    /// <summary>The quote, or null for none.</summary>
    public char? Quote { get; init; }

    /// <summary>The escape character, or null for none.</summary>
    public char? Escape { get; init; }

    /// <summary>The character that starts a comment line, or null.</summary>
    public char? Comment { get; init; }

    /// <summary>Whether spaces around values are dropped.</summary>
    public bool Trim { get; init; }

    /// <summary>The widths of fixed-width columns, or null for delimited text.</summary>
    public IReadOnlyList<int>? Widths { get; init; }

    /// <summary>Which of the fixed-width fields are columns; null for all.</summary>
    public IReadOnlyList<int>? Columns { get; init; }

    /// <summary>Whether a quoted field is told from an unquoted one.</summary>
    public bool HasQuotes => Quote is not null && Widths is null;

    /// <summary>
    /// Whether a line feed with an even number of quotes before it always ends a record, so that the text may be cut there and the pieces
    /// read side by side. Escapes and comments may hold quotes that do not count.
    /// </summary>
    public bool IsCuttable => Escape is null && Comment is null && !NeedsSeparatorStream;

    private bool NeedsSeparatorStream => Widths is null && (Separator.Length > 1 || !char.IsAscii(Separator[0]));

    /// <summary>The dialect of a text: what the options say, else what its first lines show.</summary>
    public static Dialect Find(TextInput input, ReadOptions options, string? usual)
    {
        var dialect = new Dialect
        {
            Separator = ReadSeparatorLine(input, options.Delimiter) ?? options.Delimiter ?? usual ?? "",
            Quote = options.Quote,
            Escape = options.Escape == options.Quote ? null : options.Escape,
            Comment = options.Comment,
            Trim = options.Trim,
        };
        if (dialect.Separator.Length > 0)
        {
            return dialect;
        }

        // Any separator will do for the reader that finds the right one.
        using var reader = (dialect with { Separator = "," }).Open(input.Text, o => o with { Separator = null, DetectSeparatorHint = false });
        var separator = reader.Separator;
        input.Text.Rewind(recording: true);
        return dialect with { Separator = separator.ToString() };
    }

    /// <summary>A reader of the text in this dialect.</summary>
    public CsvReader Open(Stream text, Func<CsvReaderOptions, CsvReaderOptions> configure)
    {
        if (Array.Exists([Quote, Escape, Comment], c => c is { } given && !char.IsAscii(given)))
        {
            throw DataErrors.InvalidOption("The quote, the escape and the comment character must be ASCII characters.");
        }

        var rewritten = Quote is not null && Escape is not null ? new EscapeStream(text, this) : text;
        var options = configure(ToOptions());
        try
        {
            return NeedsSeparatorStream
                ? CsvReader.Create(new CsvSeparatorStream(rewritten, Separator), options with { Separator = null }, leaveOpen: true)
                : CsvReader.Create(rewritten, options, leaveOpen: true);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw DataErrors.InvalidOption($"The text cannot be read with this delimiter, quote, escape and comment character: {e.Message}");
        }
    }

    /// <summary>A reader of a piece of the text; only where the dialect is cuttable.</summary>
    public CsvReader Open(ReadOnlyMemory<byte> piece, Func<CsvReaderOptions, CsvReaderOptions> configure) =>
        CsvReader.Create(piece, configure(ToOptions()));

    /// <summary>A raw record as the file has it: a long separator is one character while it is read.</summary>
    public string Restore(string raw) =>
        NeedsSeparatorStream ? raw.Replace(CsvSeparatorStream.DefaultReplacement.ToString(), Separator, StringComparison.Ordinal) : raw;

    private CsvReaderOptions ToOptions() => new()
    {
        HasHeader = false,
        Separator = Separator.Length == 1 ? Separator[0] : null,
        Mode = Mode(),
        FieldWidths = Widths!,
        Quote = Quote ?? CsvReaderOptions.Default.Quote,
        Escape = Escape ?? CsvReaderOptions.Default.Escape,
        CommentPrefix = Comment,
        TrimWhitespace = Trim,
    };

    private CsvMode Mode() => this switch
    {
        { Widths: not null } => CsvMode.FixedWidth,
        { Quote: not null } => CsvMode.Rfc4180,
        { Escape: not null } => CsvMode.Escape,
        _ => CsvMode.NoEscape,
    };

    /// <summary>Excel's first line <c>sep=;</c> names the separator and is no data.</summary>
    private static string? ReadSeparatorLine(TextInput input, string? given)
    {
        var line = input.PeekLine(out _);
        if (line.Length is < 5 or > 20 || !Ascii.EqualsIgnoreCase(line[..4], SeparatorLine))
        {
            return null;
        }

        var separator = Encoding.UTF8.GetString(line[4..]);
        if (given is not null && given != separator)
        {
            return null;
        }

        input.SkipLine();
        return separator;
    }
}
