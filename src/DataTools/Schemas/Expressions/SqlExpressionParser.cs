using System.Globalization;

namespace DataTools.Schemas.Expressions;

/// <summary>Reads plain expressions as PostgreSQL, SQLite, MySQL, MariaDB and DuckDB write them in their catalogues.</summary>
internal sealed class SqlExpressionParser(List<SqlToken> tokens)
{
    private const int MaxDepth = 200;

    /// <summary>The functions that databases have under several names, and what we call them.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["now"] = "now",
        ["current_timestamp"] = "now",
        ["localtimestamp"] = "now",
        ["transaction_timestamp"] = "now",
        ["get_current_timestamp"] = "now",
        ["utc_timestamp"] = "utc_now",
        ["curdate"] = "current_date",
        ["today"] = "current_date",
        ["curtime"] = "current_time",
        ["localtime"] = "current_time",
        ["get_current_time"] = "current_time",
        ["gen_random_uuid"] = "uuid",
        ["uuid_generate_v4"] = "uuid",
        ["char_length"] = "length",
        ["character_length"] = "length",
        ["lcase"] = "lower",
        ["ucase"] = "upper",
        ["ifnull"] = "coalesce",
    };

    private static readonly string[] WordsThatAreCalls = ["current_timestamp", "current_date", "current_time", "localtimestamp", "localtime"];

    private static readonly string[] Comparisons = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];

    private int _at;
    private int _depth;

    /// <summary>The whole text as one expression; null where it is none of the plain kind.</summary>
    public SqlExpression? Parse()
    {
        var result = Or();
        return _at == tokens.Count ? result : null;
    }

    private SqlExpression? Or() => Chain(() => Chain(Not, "and"), "or");

    private SqlExpression? Not() => Take("not") ? Not() is { } x ? new SqlOperation("not", [x]) : null : Comparison();

    private SqlExpression? Chain(Func<SqlExpression?> operand, params string[] operators)
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }

        var left = operand();
        while (left is not null && _at < tokens.Count && Array.Find(operators, o => tokens[_at].Is(o)) is { } found)
        {
            _at++;
            left = operand() is { } right ? new SqlOperation(found, [left, right]) : null;
        }

        _depth--;
        return left;
    }

    private SqlExpression? Comparison()
    {
        var left = Sum();
        while (left is not null && _at < tokens.Count)
        {
            var next = Test(left);
            if (ReferenceEquals(next, left))
            {
                break;
            }

            left = next;
        }

        return left;
    }

    private SqlExpression? Test(SqlExpression left) =>
        Array.Find(Comparisons, c => tokens[_at].Is(c)) is { } comparison ? Compared(left, comparison)
        : Take("is") ? Is(left)
        : Peek("in", Peek("not") ? 1 : 0) ? In(left)
        : Peek("between", Peek("not") ? 1 : 0) ? Between(left)
        : left;

    private SqlOperation? Compared(SqlExpression left, string comparison)
    {
        _at++;
        var isAny = Take("any");
        var name = comparison switch { "==" => "=", "!=" => "<>", _ => comparison };
        if (!isAny)
        {
            return Sum() is { } right ? new SqlOperation(name, [left, right]) : null;
        }

        // PostgreSQL keeps x IN (1, 2) as x = ANY (ARRAY[1, 2]).
        return name == "=" && Primary() is { } any && Items(any) is { } items ? new SqlOperation("in", [left, .. items]) : null;
    }

    private static IReadOnlyList<SqlExpression>? Items(SqlExpression any) => any switch
    {
        SqlCast cast => Items(cast.Value),
        SqlCall { Name: "array" } array => array.Arguments,
        _ => null,
    };

    private SqlOperation? Is(SqlExpression left)
    {
        var not = Take("not");
        return Take("null") ? new SqlOperation(not ? "is not null" : "is null", [left])
            : Take("true") ? new SqlOperation(not ? "is not true" : "is true", [left])
            : Take("false") ? new SqlOperation(not ? "is not false" : "is false", [left])
            : null;
    }

    private SqlOperation? In(SqlExpression left)
    {
        var not = Take("not");
        return Take("in") && Take("(") && List(")") is { Count: > 0 } items ? new SqlOperation(not ? "not in" : "in", [left, .. items]) : null;
    }

    private SqlOperation? Between(SqlExpression left)
    {
        var not = Take("not");
        return Take("between") && Sum() is { } from && Take("and") && Sum() is { } to
            ? Negated(new SqlOperation("and", [new SqlOperation(">=", [left, from]), new SqlOperation("<=", [left, to])]), not)
            : null;
    }

    private static SqlOperation Negated(SqlOperation operation, bool not) => not ? new SqlOperation("not", [operation]) : operation;

    private SqlExpression? Sum() => Chain(() => Chain(Unary, "*", "/", "%"), "+", "-", "||");

    private SqlExpression? Unary()
    {
        if (!Take("-"))
        {
            return Take("+") ? Unary() : Postfix();
        }

        return Unary() switch
        {
            SqlLiteral { Kind: SqlLiteralKind.Number } number => number with { Text = number.Text.StartsWith('-') ? number.Text[1..] : "-" + number.Text },
            { } x => new SqlOperation("-", [x]),
            null => null,
        };
    }

    private SqlExpression? Postfix()
    {
        var value = Primary();
        while (value is not null && Take("::"))
        {
            value = Type() is { } type ? new SqlCast(value, type) : null;
        }

        return value;
    }

    private SqlExpression? Primary()
    {
        if (_at >= tokens.Count)
        {
            return null;
        }

        var token = tokens[_at++];
        return token.Kind switch
        {
            SqlTokenKind.Number => new SqlLiteral(SqlLiteralKind.Number, token.Text),
            SqlTokenKind.Text => new SqlLiteral(SqlLiteralKind.Text, token.Text),
            SqlTokenKind.Bytes => new SqlLiteral(SqlLiteralKind.Bytes, token.Text),
            SqlTokenKind.Bits => UInt128.TryParse(token.Text, NumberStyles.BinaryNumber, CultureInfo.InvariantCulture, out var bits) ? new SqlLiteral(SqlLiteralKind.Number, bits.ToString(CultureInfo.InvariantCulture)) : null,
            SqlTokenKind.Name => Peek("(") || Peek(".") ? null : new SqlColumn(token.Text),
            SqlTokenKind.Word => Word(token.Text),
            _ => token.Is("(") ? Closed(Or()) : null,
        };
    }

    private SqlExpression? Closed(SqlExpression? inner) => inner is not null && Take(")") ? inner : null;

    private SqlExpression? Word(string word)
    {
        var name = word.ToLowerInvariant();
        return name switch
        {
            "null" => new SqlLiteral(SqlLiteralKind.Null, "NULL"),
            "true" or "false" => new SqlLiteral(SqlLiteralKind.Bool, name),
            "cast" => Cast(),
            "array" => Take("[") && List("]") is { } items ? new SqlCall("array", items) : null,
            "case" or "select" or "exists" or "any" or "all" or "interval" => null,
            _ => Take("(") ? List(")") is { } arguments ? Call(name, arguments) : null
                : WordsThatAreCalls.Contains(name) ? Call(name, [])
                : Peek(".") || (_at < tokens.Count && tokens[_at].Kind == SqlTokenKind.Text) ? Introduced(name)
                : new SqlColumn(word),
        };
    }

    /// <summary>MySQL puts the character set before a text: _utf8mb4'x'.</summary>
    private SqlExpression? Introduced(string name) => name[0] == '_' && !Peek(".") ? Primary() : null;

    private static SqlCall? Call(string name, IReadOnlyList<SqlExpression> arguments)
    {
        // now(6) and the like tell how exact the time is, which the column's type does as well.
        var isClock = name is "current_timestamp" or "now" or "localtimestamp" or "utc_timestamp" or "current_time" or "curtime" or "localtime";
        var given = isClock && arguments is [SqlLiteral { Kind: SqlLiteralKind.Number }] ? [] : arguments;
        return (name, given) switch
        {
            ("datetime", [SqlLiteral { Text: "now" }]) => new SqlCall("now", []),
            ("date", [SqlLiteral { Text: "now" }]) => new SqlCall("current_date", []),
            ("time", [SqlLiteral { Text: "now" }]) => new SqlCall("current_time", []),
            _ => new SqlCall(Synonyms.GetValueOrDefault(name, name), given),
        };
    }

    private SqlCast? Cast() =>
        Take("(") && Or() is { } value && Take("as") && Type() is { } type && Take(")") ? new SqlCast(value, type) : null;

    private List<SqlExpression>? List(string close)
    {
        var items = new List<SqlExpression>();
        if (Take(close))
        {
            return items;
        }

        do
        {
            if (Or() is not { } item)
            {
                return null;
            }

            items.Add(item);
        }
        while (Take(","));
        return Take(close) ? items : null;
    }

    /// <summary>character varying(20)[], timestamp(3) without time zone, numeric(10,2), mood, "sales".mood.</summary>
    private string? Type()
    {
        var start = _at;
        var words = new List<string>();
        while (_at < tokens.Count && tokens[_at].IsName && !IsEndOfType(tokens[_at]))
        {
            words.Add(tokens[_at++].Text);
            if (Take("."))
            {
                words.Add(".");
            }

            SkipArguments();
        }

        var isArray = Take("[") && Take("]");
        return _at == start ? null : string.Join(' ', words).ToLowerInvariant() + (isArray ? "[]" : "");
    }

    private static bool IsEndOfType(SqlToken token) =>
        token.Is("and") || token.Is("or") || token.Is("is") || token.Is("in") || token.Is("not") || token.Is("between") || token.Is("collate") || token.Is("as");

    private void SkipArguments()
    {
        if (!Peek("("))
        {
            return;
        }

        while (_at < tokens.Count && !Take(")"))
        {
            _at++;
        }
    }

    private bool Peek(string text, int ahead = 0) => _at + ahead < tokens.Count && tokens[_at + ahead].Is(text);

    private bool Take(string text)
    {
        var found = Peek(text);
        _at += found ? 1 : 0;
        return found;
    }
}
