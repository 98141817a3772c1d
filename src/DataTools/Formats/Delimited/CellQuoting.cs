using System.Buffers;
using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>When a field is quoted, and what becomes of formulas.</summary>
internal sealed class CellQuoting
{
    private const byte Quote = (byte)'"';

    /// <summary>The first byte of a byte order mark.</summary>
    public const byte MarkStart = 0xEF;

    /// <summary>The starts of what a spreadsheet runs (OWASP, "CSV Injection").</summary>
    private static readonly SearchValues<byte> FormulaStarts = SearchValues.Create("=+-@\t\r"u8);

    private readonly SearchValues<byte> _special;
    private readonly bool _quotes;
    private readonly FormulaPolicy _formulas;
    private readonly LossPolicy _onLoss;
    private long _lost;

    /// <summary>The rules for a delimiter; without one nothing is quoted.</summary>
    public CellQuoting(string? delimiter, WriteOptions options)
    {
        _quotes = delimiter is not null;
        _special = SearchValues.Create(_quotes ? [Quote, (byte)'\r', (byte)'\n', .. Encoding.UTF8.GetBytes(delimiter + options.NewLine)] : []);
        _formulas = options.Formulas ?? FormulaPolicy.Keep;
        _onLoss = options.OnLoss;
        Null = Encoding.UTF8.GetBytes(options.NullValue);
        Always = options.QuoteAlways && _quotes;
        ChecksValues = Null.Length > 0 || options.Culture is not null || options.DateTimeFormat is not null || (delimiter ?? "").Any(c => char.IsAsciiLetterOrDigit(c) || "+-.: /=".Contains(c));
    }

    /// <summary>What a null is written as.</summary>
    public byte[] Null { get; }

    /// <summary>Whether every text is quoted.</summary>
    public bool Always { get; }

    /// <summary>Whether the text of numbers, dates and the like may need quotes.</summary>
    public bool ChecksValues { get; }

    /// <summary>The values that would not come back as they were, for want of quotes.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Whether none of the texts that these bytes hold needs a look.</summary>
    public bool ArePlain(ReadOnlySpan<byte> texts) => _quotes && !Always && Null.Length == 0 && _formulas == FormulaPolicy.Keep && !texts.ContainsAny(_special);

    /// <summary>
    /// Ends the run, or counts, when a text would come back as another: without quotes an empty one is null, and outer spaces and tabs are those of the column.
    /// </summary>
    public void CheckKept(ReadOnlySpan<byte> text, string column, long row)
    {
        if (_quotes || !(text.IsEmpty || IsBlank(text[0]) || IsBlank(text[^1]) || text.SequenceEqual(Null)))
        {
            return;
        }

        if (_onLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueLost(column, row, Encoding.UTF8.GetString(text), "would be read as null or without its outer spaces");
        }

        Interlocked.Increment(ref _lost);
    }

    /// <summary>Adds the text of a number, a date and the like.</summary>
    public void AddValue(ReadOnlySpan<byte> text, CellBuffer into)
    {
        if (NeedsQuotes(text))
        {
            AddQuoted([], text, into);
        }
        else
        {
            into.Add(text);
        }
    }

    /// <summary>Adds text: quoted where it has to be, and where it would be read as a null.</summary>
    public void AddText(ReadOnlySpan<byte> text, CellBuffer into, string column, long row)
    {
        CheckKept(text, column, row);
        var prefix = !text.IsEmpty && _formulas != FormulaPolicy.Keep && FormulaStarts.Contains(text[0]) ? Defuse(text, column, row) : [];
        if (Always || NeedsQuotes(text))
        {
            AddQuoted(prefix, text, into);
        }
        else
        {
            into.Append(prefix);
            into.Add(text);
        }
    }

    /// <summary>Also what would be read as a null, or at the start of a file as a byte order mark.</summary>
    private bool NeedsQuotes(ReadOnlySpan<byte> text) =>
        _quotes && (text.IsEmpty || text[0] == MarkStart || text.ContainsAny(_special) || text.SequenceEqual(Null));

    private static bool IsBlank(byte first) => first is (byte)' ' or (byte)'\t';

    private ReadOnlySpan<byte> Defuse(ReadOnlySpan<byte> text, string column, long row) =>
        _formulas != FormulaPolicy.Error ? "'"u8 : throw DataErrors.FormulaFound(column, row, Encoding.UTF8.GetString(text));

    private static void AddQuoted(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text, CellBuffer into)
    {
        var room = into.Reserve(prefix.Length + (text.Length * 2) + 2);
        room[0] = Quote;
        prefix.CopyTo(room[1..]);
        var at = prefix.Length + 1;
        while (text.IndexOf(Quote) is >= 0 and var quote)
        {
            text[..(quote + 1)].CopyTo(room[at..]);
            at += quote + 1;
            room[at++] = Quote;
            text = text[(quote + 1)..];
        }

        text.CopyTo(room[at..]);
        at += text.Length;
        room[at++] = Quote;
        into.Close(at);
    }
}
