using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>A statement within a text.</summary>
/// <param name="Text">The statement without what ends it and without the comments around it.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Line">The 1-based line of its beginning.</param>
public sealed record SqlStatement(string Text, int Start, int Line);

/// <summary>Cuts a text of SQL into its statements, by the rules of its database.</summary>
public static class StatementSplitter
{
    /// <summary>The statements in their order. Between them is nothing but white space, comments and what ends statements.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rules">The database's rules: <see cref="Databases.SqlDialect.Splitting"/>.</param>
    /// <param name="source">What errors call the text: a file.</param>
    /// <param name="firstLine">The line of the file on which the text begins.</param>
    public static IReadOnlyList<SqlStatement> Split(string text, SplitRules rules, string source = "SQL", int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(rules);
        return new Splitting(text, rules, source, firstLine).Run();
    }

    private sealed class Splitting(string text, SplitRules rules, string source, int firstLine)
    {
        private readonly List<SqlStatement> _statements = [];
        private readonly SqlLexer _lexer = new(text, rules, source, firstLine);
        private StatementBlocks _blocks = new(text, rules);
        private int _start = -1;
        private int _end;
        private int _parentheses;
        private int _counted;
        private int _line;

        public List<SqlStatement> Run()
        {
            while (_lexer.Next() is { } token)
            {
                if (token.Kind == SqlTokenKind.End && !IsWithin())
                {
                    Finish();
                }
                else if (token.IsCode && !IsDelimiterCommand(token))
                {
                    Add(token);
                }
            }

            if (_blocks.IsOpen)
            {
                throw Unclear(_start, "the statement that begins here opens a block (BEGIN, CASE ...) that does not END");
            }

            Finish();
            return _statements;
        }

        /// <summary>A delimiter of the file's own ends a statement wherever it stands; the semicolon does not within a block.</summary>
        private bool IsWithin() => _lexer.Delimiter == ";" && (_blocks.IsOpen || (rules.Parentheses && _parentheses > 0));

        private void Add(SqlToken token)
        {
            if (rules.ClientCommands && token.Kind == SqlTokenKind.Symbol && text[token.Start] == '\\')
            {
                throw Unclear(token.Start, "a command of psql stands here, which only psql can run; write what it does as SQL");
            }

            if (_start < 0)
            {
                _start = token.Start;
            }

            _end = token.End;
            if (token.Kind == SqlTokenKind.Symbol)
            {
                _parentheses += text[token.Start] == '(' ? 1 : text[token.Start] == ')' ? -1 : 0;
            }

            _blocks.Add(token);
        }

        private bool IsDelimiterCommand(SqlToken token)
        {
            if (_start >= 0 || !rules.DelimiterCommand || !token.Is(text, "DELIMITER"))
            {
                return false;
            }

            _lexer.Delimiter = _lexer.TakeLine().Trim() is { Length: > 0 } delimiter ? delimiter : throw Unclear(token.Start, "DELIMITER names nothing");
            return true;
        }

        private void Finish()
        {
            if (_start >= 0)
            {
                if (rules.ClientCommands && _blocks.IsCopyFromStandardInput)
                {
                    throw Unclear(_start, "rows behind COPY ... FROM stdin are for psql; use INSERT, or load them with Export-DataTable");
                }

                _line += text.AsSpan(_counted, _start - _counted).Count('\n');
                _counted = _start;
                _statements.Add(new SqlStatement(text[_start.._end], _start, firstLine + _line));
            }

            _blocks = new StatementBlocks(text, rules);
            _start = -1;
            _parentheses = 0;
        }

        private DataException Unclear(int position, string reason) => DataErrors.SqlUnclear(source, _lexer.LineOf(position), reason);
    }
}
