using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>What a piece of SQL is.</summary>
internal enum SqlTokenKind
{
    /// <summary>White space.</summary>
    Space,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A word: a keyword or a name without quotes.</summary>
    Word,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A name in quotes.</summary>
    Name,

    /// <summary>A number, an operator or any other character.</summary>
    Symbol,

    /// <summary>What ends a statement.</summary>
    End,
}

/// <summary>A piece of SQL.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>Whether it is neither space nor comment.</summary>
    public bool IsCode => Kind > SqlTokenKind.Comment;

    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, Length);

    /// <summary>Whether it is this word or symbol, case aside.</summary>
    public bool Is(string text, string word) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Of(text).Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts SQL into tokens, one after the other; their texts joined are the whole.</summary>
internal sealed class SqlLexer(string text, SplitRules rules, string source, int firstLine = 1)
{
    private int _at;

    /// <summary>What ends a statement.</summary>
    public string Delimiter { get; set; } = ";";

    /// <summary>Where the next token begins.</summary>
    public int Position => _at;

    private char Here => At(_at);

    /// <summary>All tokens of a text, statements ended by semicolons.</summary>
    public static List<SqlToken> CodeOf(string text, SplitRules rules)
    {
        var lexer = new SqlLexer(text, rules, "SQL");
        var tokens = new List<SqlToken>();
        while (lexer.Next() is { } token)
        {
            if (token.IsCode)
            {
                tokens.Add(token);
            }
        }

        return tokens;
    }

    /// <summary>The next token; null at the end.</summary>
    public SqlToken? Next()
    {
        if (_at >= text.Length)
        {
            return null;
        }

        var start = _at;
        var kind = Take();
        return new SqlToken(kind, start, _at - start);
    }

    /// <summary>Takes the rest of the line, without its end.</summary>
    public string TakeLine()
    {
        var start = _at;
        ToLineEnd();
        return text[start.._at];
    }

    /// <summary>The 1-based line of a place.</summary>
    public int LineOf(int position) => text.AsSpan(0, position).Count('\n') + firstLine;

    private char At(int index) => index < text.Length ? text[index] : '\0';

    private SqlTokenKind Take()
    {
        if (char.IsWhiteSpace(Here))
        {
            do
            {
                _at++;
            }
            while (_at < text.Length && char.IsWhiteSpace(Here));
            return SqlTokenKind.Space;
        }

        if (string.CompareOrdinal(text, _at, Delimiter, 0, Delimiter.Length) == 0)
        {
            _at += Delimiter.Length;
            return SqlTokenKind.End;
        }

        return TakeComment() ?? TakeQuoted() ?? TakeWord();
    }

    private SqlTokenKind? TakeComment()
    {
        if (StartsLineComment())
        {
            ToLineEnd();
            return SqlTokenKind.Comment;
        }

        if (Here != '/' || At(_at + 1) != '*')
        {
            return null;
        }

        // What MySQL runs and others skip is code.
        var isCode = rules.HashComments && (At(_at + 2) == '!' || (At(_at + 2) == 'M' && At(_at + 3) == '!'));
        ToCommentEnd();
        return isCode ? SqlTokenKind.Symbol : SqlTokenKind.Comment;
    }

    private bool StartsLineComment() => Here == '-'
        ? At(_at + 1) == '-' && (!rules.HashComments || At(_at + 2) <= ' ')
        : Here == '#' && rules.HashComments;

    private void ToLineEnd()
    {
        var end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end;
    }

    private void ToCommentEnd()
    {
        var start = _at;
        var depth = 0;
        for (_at = start; _at < text.Length;)
        {
            if (Here == '*' && At(_at + 1) == '/')
            {
                _at += 2;
                if (--depth == 0)
                {
                    return;
                }
            }
            else if (Here == '/' && At(_at + 1) == '*' && (depth == 0 || rules.NestedComments))
            {
                _at += 2;
                depth++;
            }
            else
            {
                _at++;
            }
        }

        throw Unclosed(start, "comment");
    }

    private SqlTokenKind? TakeQuoted()
    {
        switch (Here)
        {
            case '\'':
                TakeUntil('\'', rules.BackslashEscapes);
                return SqlTokenKind.Text;
            case '"':
                TakeUntil('"', rules.BackslashEscapes);
                return SqlTokenKind.Name;
            case '`' when rules.Backticks:
                TakeUntil('`', false);
                return SqlTokenKind.Name;
            case '[' when rules.Brackets:
                TakeUntil(']', false);
                return SqlTokenKind.Name;
            case '$' when rules.DollarQuotes:
                return TakeDollars();
            default:
                return null;
        }
    }

    /// <summary>Takes up to the closing quote, which is doubled within.</summary>
    private void TakeUntil(char quote, bool backslash)
    {
        var start = _at++;
        while (_at < text.Length)
        {
            var c = text[_at++];
            if (c == '\\' && backslash)
            {
                _at++;
            }
            else if (c == quote && Here == quote)
            {
                _at++;
            }
            else if (c == quote)
            {
                return;
            }
        }

        throw Unclosed(start, quote == '\'' ? "string" : "name in quotes");
    }

    private SqlTokenKind? TakeDollars()
    {
        var start = _at;
        var end = start + 1;
        while (IsWord(At(end)) && At(end) != '$' && !(end == start + 1 && char.IsAsciiDigit(At(end))))
        {
            end++;
        }

        if (At(end) != '$')
        {
            return null;
        }

        var tag = text[start..(end + 1)];
        var close = text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        _at = close < 0 ? throw Unclosed(start, $"string {tag}") : close + tag.Length;
        return SqlTokenKind.Text;
    }

    private SqlTokenKind TakeWord()
    {
        var start = _at++;
        if (!IsWord(text[start]) || text[start] == '$')
        {
            return SqlTokenKind.Symbol;
        }

        while (IsWord(Here) && !StartsDelimiter())
        {
            _at++;
        }

        if (rules.EscapeStrings && _at == start + 1 && text[start] is 'e' or 'E' && Here == '\'')
        {
            TakeEscapeString();
            return SqlTokenKind.Text;
        }

        return char.IsAsciiDigit(text[start]) ? SqlTokenKind.Symbol : SqlTokenKind.Word;
    }

    /// <summary>A delimiter such as $$ may stand right behind a word.</summary>
    private bool StartsDelimiter() => Delimiter != ";" && string.CompareOrdinal(text, _at, Delimiter, 0, Delimiter.Length) == 0;

    /// <summary>Strings that only a line break parts are one string, and what holds in the first holds in all.</summary>
    private void TakeEscapeString()
    {
        var next = _at;
        do
        {
            _at = next;
            TakeUntil('\'', true);
            next = _at;
            while (char.IsWhiteSpace(At(next)))
            {
                next++;
            }
        }
        while (At(next) == '\'' && text.AsSpan(_at, next - _at).Contains('\n'));
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;

    private DataException Unclosed(int start, string what) => DataErrors.SqlUnclear(source, LineOf(start), $"the {what} that begins here does not end");
}
