using DataTools.Databases;

namespace DataTools.Migrations.Lint;

/// <summary>A statement as the rules look at it.</summary>
public sealed class LintStatement
{
    private static readonly string[] BeforeName = ["IF", "NOT", "EXISTS", "ONLY"];

    private readonly List<SqlToken> _code;
    private readonly IReadOnlyCollection<string> _newTables;

    internal LintStatement(SqlStatement statement, SectionKind section, SqlDialect dialect, IReadOnlyCollection<string> newTables)
    {
        Statement = statement;
        Section = section;
        _newTables = newTables;
        _code = SqlLexer.CodeOf(statement.Text, dialect.Splitting);
        Words = [.. _code.Where(t => t.Kind == SqlTokenKind.Word).Select(t => t.Of(statement.Text).ToString().ToUpperInvariant())];
        Names = [.. _code.Where(t => t.Kind is SqlTokenKind.Word or SqlTokenKind.Name).Select(t => Plain(t))];
        Table = TableOf();
    }

    /// <summary>The statement.</summary>
    public SqlStatement Statement { get; }

    /// <summary>The section in which it stands.</summary>
    public SectionKind Section { get; }

    /// <summary>Its words in capitals, without names in quotes.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Its words and names in quotes, as they are written.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The table that it makes, alters or indexes; null for other statements.</summary>
    public string? Table { get; }

    /// <summary>Whether it touches a table that this migration itself makes, which nobody uses yet.</summary>
    public bool IsOnNewTable => Table is not null && _newTables.Contains(Table, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether words stand in it one after the other.</summary>
    public bool Has(params string[] words)
    {
        for (var i = 0; i + words.Length <= Words.Count; i++)
        {
            if (words.Select((w, n) => Words[i + n] == w).All(same => same))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it begins with words.</summary>
    public bool Begins(params string[] words) => Words.Take(words.Length).SequenceEqual(words);

    private string Plain(SqlToken token)
    {
        var text = token.Of(Statement.Text).ToString();
        return token.Kind == SqlTokenKind.Name ? text[1..^1] : text;
    }

    /// <summary>The word behind which the table's name stands.</summary>
    private string? Mark() => Words switch
    {
        ["CREATE" or "ALTER" or "DROP", "TABLE", ..] or ["CREATE", "TEMPORARY" or "TEMP" or "UNLOGGED", "TABLE", ..] => "TABLE",
        ["CREATE", "INDEX" or "UNIQUE", ..] => "ON",
        ["UPDATE", ..] => "UPDATE",
        ["DELETE", ..] => "FROM",
        _ => null,
    };

    private string? TableOf()
    {
        var at = Mark() is { } mark ? _code.FindIndex(t => t.Is(Statement.Text, mark)) + 1 : 0;
        if (at == 0)
        {
            return null;
        }

        while (at < _code.Count && Array.Exists(BeforeName, w => _code[at].Is(Statement.Text, w)))
        {
            at++;
        }

        // Of a name with its schema the last part counts.
        while (at + 2 < _code.Count && _code[at + 1].Is(Statement.Text, "."))
        {
            at += 2;
        }

        return at < _code.Count ? Plain(_code[at]) : null;
    }
}
