using System.Text;

namespace DataTools.Schemas.Expressions;

/// <summary>What a piece of SQL text is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A word without quotes: a keyword, a function, a name.</summary>
    Word,

    /// <summary>A name in quotes.</summary>
    Name,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Bytes written in hexadecimal digits.</summary>
    Bytes,

    /// <summary>A number written in binary digits: b'101'.</summary>
    Bits,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An operator, a parenthesis, a comma.</summary>
    Symbol,
}

/// <summary>A piece of SQL text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">It, without quotes.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Whether it is a word, case aside, or a symbol.</summary>
    public bool Is(string text) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it may be a name.</summary>
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.Name;
}

/// <summary>What a database's SQL has of its own in names and texts.</summary>
public enum SqlQuoting
{
    /// <summary>Nothing: quotes are doubled within themselves.</summary>
    Standard,

    /// <summary>[x] is a name, where elsewhere it is a subscript: SQLite.</summary>
    Brackets,

    /// <summary>A backslash in a text begins an escape, and b'101' is a number: MySQL.</summary>
    Backslashes,
}

/// <summary>Cuts SQL as catalogues give it into pieces; comments and spaces are left out.</summary>
internal static class SqlTokens
{
    private static readonly string[] LongSymbols = ["::", "<=", ">=", "<>", "!=", "||", "==", "!~", "~~", "->", "=>"];

    /// <summary>The pieces of a text.</summary>
    public static List<SqlToken> Read(string text, SqlQuoting quoting = SqlQuoting.Standard)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (SkipBlanks(text, ref at))
        {
            tokens.Add(Next(text, ref at, quoting));
        }

        return tokens;
    }

    private static bool SkipBlanks(string text, ref int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (Starts(text, at, "--"))
            {
                var end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else if (Starts(text, at, "/*"))
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? text.Length : end + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static SqlToken Next(string text, ref int at, SqlQuoting quoting)
    {
        var start = at;
        var first = text[at];
        var kind = KindAt(text, at, quoting);
        at += kind is SqlTokenKind.Bytes or SqlTokenKind.Bits ? 1 : 0;
        if (kind is SqlTokenKind.Name or SqlTokenKind.Text or SqlTokenKind.Bytes or SqlTokenKind.Bits)
        {
            var escapes = kind == SqlTokenKind.Text && quoting == SqlQuoting.Backslashes;
            return new SqlToken(kind, Quoted(text, ref at, first == '[' ? ']' : text[at], escapes), start, at);
        }

        switch (kind)
        {
            case SqlTokenKind.Number:
                TakeNumber(text, ref at);
                break;
            case SqlTokenKind.Word:
                TakeWord(text, ref at);
                break;
            default:
                at += Array.Exists(LongSymbols, s => Starts(text, start, s)) ? 2 : 1;
                break;
        }

        return new SqlToken(kind, text[start..at], start, at);
    }

    private static SqlTokenKind KindAt(string text, int at, SqlQuoting quoting) => text[at] switch
    {
        '"' or '`' => SqlTokenKind.Name,
        '[' when quoting == SqlQuoting.Brackets => SqlTokenKind.Name,
        '\'' => SqlTokenKind.Text,
        'x' or 'X' when Starts(text, at + 1, "'") => SqlTokenKind.Bytes,
        'b' or 'B' when quoting == SqlQuoting.Backslashes && Starts(text, at + 1, "'") => SqlTokenKind.Bits,
        '.' when at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) => SqlTokenKind.Number,
        var c => char.IsAsciiDigit(c) ? SqlTokenKind.Number : IsWord(c) ? SqlTokenKind.Word : SqlTokenKind.Symbol,
    };

    private static void TakeWord(string text, ref int at)
    {
        while (at < text.Length && IsWord(text[at]))
        {
            at++;
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c > '\u007f';

    private static bool Starts(string text, int at, string with) => string.CompareOrdinal(text, at, with, 0, with.Length) == 0;

    private static string Quoted(string text, ref int at, char close, bool escapes = false)
    {
        var result = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (escapes && text[at] == '\\' && at + 1 < text.Length)
            {
                result.Append(Escaped(text[++at]));
            }
            else if (text[at] != close)
            {
                result.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == close)
            {
                result.Append(text[at++]);
            }
            else
            {
                at++;
                break;
            }
        }

        return result.ToString();
    }

    private static char Escaped(char letter) => letter switch
    {
        '0' => '\0', 'b' => '\b', 'n' => '\n', 'r' => '\r', 't' => '\t', 'Z' => '\x1A',
        _ => letter,
    };

    private static void TakeNumber(string text, ref int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' || (text[at] is '+' or '-' && text[at - 1] is 'e' or 'E')))
        {
            at++;
        }
    }
}
