using DataTools.Schemas;
using DataTools.Schemas.Expressions;

namespace DataTools.Databases.Sqlite;

/// <summary>
/// What a CREATE TABLE statement of SQLite says beyond what the pragmas tell: checks, names of constraints, collations, generated columns, deferral. SQLite keeps
/// the statement as it was written, or as ALTER TABLE changed it.
/// </summary>
internal sealed class SqliteTableText
{
    private static readonly string[] TableConstraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

    private readonly string _sql;
    private readonly List<SqlToken> _tokens;
    private readonly List<(string? Name, IReadOnlyList<string> Columns)> _uniques = [];
    private readonly List<(string? Name, IReadOnlyList<string> Columns, Deferral Deferral)> _foreignKeys = [];

    /// <summary>Reads the statement.</summary>
    public SqliteTableText(string sql)
    {
        _sql = sql;
        _tokens = SqlTokens.Read(sql, SqlQuoting.Brackets);
        var open = _tokens.FindIndex(t => t.Is("("));
        if (open < 0 || !_tokens[0].Is("CREATE"))
        {
            // A virtual table or a view.
            return;
        }

        var close = Close(open);
        for (var at = open + 1; at < close;)
        {
            var end = EndOfItem(at, close);
            Take(at, end);
            at = end + 1;
        }

        Options = string.Join(' ', _tokens.Skip(close + 1).Select(t => t.Text)).Replace(" ,", ",", StringComparison.Ordinal).ToUpperInvariant();
    }

    /// <summary>The checks with their names.</summary>
    public List<CheckSchema> Checks { get; } = [];

    /// <summary>The collations of columns.</summary>
    public Dictionary<string, string> Collations { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The expressions of generated columns.</summary>
    public Dictionary<string, string> Generated { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The primary key's name.</summary>
    public string? PrimaryKeyName { get; private set; }

    /// <summary>Whether numbers of rows are never used twice.</summary>
    public bool HasAutoIncrement { get; private set; }

    /// <summary>STRICT and WITHOUT ROWID.</summary>
    public string Options { get; } = "";

    /// <summary>The name of the UNIQUE constraint over some columns.</summary>
    public string? UniqueName(IReadOnlyList<string> columns) => _uniques.Find(u => Same(u.Columns, columns)).Name;

    /// <summary>The name and the deferral of the key from some columns.</summary>
    public (string? Name, Deferral Deferral) ForeignKey(IReadOnlyList<string> columns)
    {
        var found = _foreignKeys.Find(f => Same(f.Columns, columns));
        return (found.Name, found.Deferral);
    }

    /// <summary>The columns and expressions between the parentheses of CREATE INDEX, as they are written.</summary>
    public static List<string> IndexItems(string sql)
    {
        var text = new SqliteTableText(sql);
        var open = text._tokens.FindIndex(text._tokens.FindIndex(t => t.Is("ON")), t => t.Is("("));
        var close = text.Close(open);
        var items = new List<string>();
        for (var at = open + 1; at < close;)
        {
            var end = text.EndOfItem(at, close);
            items.Add(sql[text._tokens[at].Start..text._tokens[end - 1].End]);
            at = end + 1;
        }

        return items;
    }

    /// <summary>The condition of a partial index.</summary>
    public static string? IndexCondition(string sql)
    {
        var text = new SqliteTableText(sql);
        var open = text._tokens.FindIndex(text._tokens.FindIndex(t => t.Is("ON")), t => t.Is("("));
        var where = text._tokens.FindIndex(text.Close(open), t => t.Is("WHERE"));
        return where < 0 ? null : sql[text._tokens[where + 1].Start..text._tokens[^1].End];
    }

    /// <summary>An expression of an index without the ASC, DESC or COLLATE behind it, and without parentheses around it.</summary>
    public static string WithoutOrder(string item)
    {
        var tokens = SqlTokens.Read(item, SqlQuoting.Brackets);
        var count = tokens.Count;
        while (count > 1 && (tokens[count - 1].Is("ASC") || tokens[count - 1].Is("DESC")))
        {
            count--;
        }

        var isClosed = tokens[0].Is("(") && new SqliteTableText(item).Close(0) == count - 1;
        return isClosed ? item[tokens[0].End..tokens[count - 1].Start].Trim() : item[..tokens[count - 1].End];
    }

    private static bool Same(IReadOnlyList<string> left, IReadOnlyList<string> right) => left.SequenceEqual(right, StringComparer.OrdinalIgnoreCase);

    private int Close(int open)
    {
        var depth = 0;
        for (var i = open; i < _tokens.Count; i++)
        {
            depth += _tokens[i].Is("(") ? 1 : _tokens[i].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return _tokens.Count - 1;
    }

    private int EndOfItem(int at, int close)
    {
        while (at < close && !_tokens[at].Is(","))
        {
            at = _tokens[at].Is("(") ? Close(at) + 1 : at + 1;
        }

        return Math.Min(at, close);
    }

    private void Take(int at, int end)
    {
        var column = Array.Exists(TableConstraints, _tokens[at].Is) ? null : _tokens[at++].Text;
        string? name = null;
        while (at < end)
        {
            if (_tokens[at].Is("CONSTRAINT"))
            {
                name = _tokens[at + 1].Text;
                at += 2;
                continue;
            }

            at = Clause(at, end, column, ref name);
        }
    }

    /// <summary>Takes one clause, or passes over one word, and gives where the next begins.</summary>
    private int Clause(int at, int end, string? column, ref string? name)
    {
        var given = name;
        name = null;
        switch (_tokens[at].Kind == SqlTokenKind.Word ? _tokens[at].Text.ToUpperInvariant() : "")
        {
            case "CHECK":
                Checks.Add(new CheckSchema(given, Inner(at + 1)));
                return Close(at + 1) + 1;
            case "AS" or "COLLATE" when column is not null:
                return Property(at, column);
            case "PRIMARY":
                PrimaryKeyName = given;
                HasAutoIncrement = _tokens.GetRange(at, end - at).Exists(t => t.Is("AUTOINCREMENT"));
                return at + 2;
            case "UNIQUE":
                _uniques.Add((given, NamesOr(column, at + 1)));
                return at + 1;
            case "FOREIGN":
                _foreignKeys.Add((given, Names(at + 2), DeferralOf(at, end)));
                // Behind it stands REFERENCES, which is told of here.
                return end;
            case "REFERENCES":
                _foreignKeys.Add((given, [column!], DeferralOf(at, end)));
                return at + 2;
            default:
                return _tokens[at].Is("(") ? Close(at) + 1 : at + 1;
        }
    }

    private int Property(int at, string column)
    {
        if (_tokens[at].Is("COLLATE"))
        {
            Collations[column] = _tokens[at + 1].Text;
            return at + 2;
        }

        Generated[column] = Inner(at + 1);
        return Close(at + 1) + 1;
    }

    private string Inner(int open) => _sql[_tokens[open].End.._tokens[Close(open)].Start].Trim();

    private List<string> NamesOr(string? column, int open) => column is null ? Names(open) : [column];

    private List<string> Names(int open) => [.. _tokens.GetRange(open + 1, Close(open) - open - 1).Where(t => t.IsName && !t.Is("ASC") && !t.Is("DESC") && !t.Is("COLLATE")).Select(t => t.Text)];

    private Deferral DeferralOf(int at, int end)
    {
        var words = _tokens.GetRange(at, end - at);
        var deferrable = words.FindIndex(t => t.Is("DEFERRABLE"));
        return deferrable < 0 || words[deferrable - 1].Is("NOT") ? Deferral.None : words.Exists(t => t.Is("DEFERRED")) ? Deferral.Deferred : Deferral.Deferrable;
    }
}
