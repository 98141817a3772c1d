using System.Buffers;
using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>When a field is quoted, and what becomes of formulas.</summary>
internal sealed class CellQuoting
{
    private const byte Quote = (byte)'"';

    /// <summary>The starts of what a spreadsheet runs (OWASP, "CSV Injection").</summary>
    private static readonly SearchValues<byte> FormulaStarts = SearchValues.Create("=+-@\t\r"u8);

    private readonly SearchValues<byte> _special;
    private readonly FormulaPolicy _formulas;

    public CellQuoting(string delimiter, WriteOptions options)
    {
        var separator = Encoding.UTF8.GetBytes(delimiter);
        _special = SearchValues.Create([Quote, (byte)'\r', (byte)'\n', .. separator, .. Encoding.UTF8.GetBytes(options.NewLine)]);
        _formulas = options.Formulas;
        Null = Encoding.UTF8.GetBytes(options.NullValue);
        Always = options.QuoteAlways;
        ChecksValues = options.Culture is not null || options.DateTimeFormat is not null || delimiter.Any(c => char.IsAsciiLetterOrDigit(c) || "+-.: /=".Contains(c));
    }

    /// <summary>What a null is written as.</summary>
    public byte[] Null { get; }

    /// <summary>Whether every text is quoted.</summary>
    public bool Always { get; }

    /// <summary>Whether the text of numbers, dates and the like may need quotes.</summary>
    public bool ChecksValues { get; }

    /// <summary>Whether none of the texts that these bytes hold needs a look.</summary>
    public bool ArePlain(ReadOnlySpan<byte> texts) => !Always && Null.Length == 0 && _formulas == FormulaPolicy.Keep && !texts.ContainsAny(_special);

    /// <summary>Adds the text of a number, a date and the like.</summary>
    public void AddValue(ReadOnlySpan<byte> text, CellBuffer into)
    {
        if (text.ContainsAny(_special) || text.SequenceEqual(Null))
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
        var prefix = !text.IsEmpty && _formulas != FormulaPolicy.Keep && FormulaStarts.Contains(text[0]) ? Defuse(text, column, row) : [];
        if (Always || text.IsEmpty || text[0] == 0xEF || text.ContainsAny(_special) || text.SequenceEqual(Null))
        {
            AddQuoted(prefix, text, into);
        }
        else
        {
            prefix.CopyTo(into.Reserve(text.Length + prefix.Length));
            text.CopyTo(into.Reserve(text.Length + prefix.Length)[prefix.Length..]);
            into.Close(text.Length + prefix.Length);
        }
    }

    private ReadOnlySpan<byte> Defuse(ReadOnlySpan<byte> text, string column, long row) =>
        _formulas == FormulaPolicy.Escape ? "'"u8 : throw DataErrors.FormulaFound(column, row, Encoding.UTF8.GetString(text));

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
