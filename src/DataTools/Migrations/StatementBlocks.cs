namespace DataTools.Migrations;

/// <summary>Follows the tokens of one statement and tells whether they stand within a block: BEGIN ... END and its like.</summary>
internal sealed class StatementBlocks(string text, SplitRules rules)
{
    private static readonly string[] Objects =
        ["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "TABLE", "VIEW", "INDEX", "TYPE", "SEQUENCE", "SCHEMA", "DATABASE", "USER", "ROLE", "RULE"];

    /// <summary>Behind these a statement of control may begin; elsewhere IF and REPEAT are functions.</summary>
    private static readonly string[] BeforeStatement = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW", "DETERMINISTIC", "DATA", "SQL", ";", ":", ")"];

    private static readonly string[] Loops = ["IF", "WHILE", "LOOP", "REPEAT"];

    /// <summary>What is open: C a CASE within an expression, S one that is a statement, B a block, L a loop or IF, R a REPEAT, whose END follows a condition.</summary>
    private readonly Stack<char> _open = [];
    private SqlToken? _first;
    private SqlToken? _previous;
    private string? _object;
    private bool _isBlock;
    private bool _copies;
    private SqlToken? _ended;

    /// <summary>Whether a block is open.</summary>
    public bool IsOpen => _open.Count > 0;

    /// <summary>Whether the statement is COPY ... FROM STDIN.</summary>
    public bool IsCopyFromStandardInput => _copies && _first is { } first && first.Is(text, "COPY");

    private bool HasBlocks => rules.Blocks switch
    {
        BlockKinds.Triggers => _object == "TRIGGER",
        BlockKinds.Atomic => _object is "FUNCTION" or "PROCEDURE",
        BlockKinds.Routines => _isBlock || _object is "TRIGGER" or "FUNCTION" or "PROCEDURE" or "EVENT",
        _ => false,
    };

    /// <summary>Whether a statement of control may begin here.</summary>
    private bool BeginsStatement =>
        rules.Blocks == BlockKinds.Routines && !(_open.TryPeek(out var open) && open == 'C') && Array.Exists(BeforeStatement, Before);

    /// <summary>Takes the next token that is code.</summary>
    public void Add(SqlToken token)
    {
        _first ??= token;
        if (token.Kind == SqlTokenKind.Word && !Before("."))
        {
            Classify(token);
            if (HasBlocks)
            {
                Follow(token);
            }
        }

        _previous = token;
    }

    private bool Before(string word) => _previous is { } previous && (previous.Is(text, word) || (word == ";" && previous.Kind == SqlTokenKind.End));

    private void Classify(SqlToken token)
    {
        _copies |= token.Is(text, "STDIN") && Before("FROM");
        _isBlock |= rules.Blocks == BlockKinds.Routines && token.Is(text, "NOT") && _previous == _first && Before("BEGIN");
        if (_object is null && _first!.Value.Is(text, "CREATE"))
        {
            _object = Array.Find(Objects, o => token.Is(text, o));
        }

        if (_isBlock && _open.Count == 0 && Before("BEGIN"))
        {
            _open.Push('B');
        }
    }

    private void Follow(SqlToken token)
    {
        // END CASE and END IF close what END has closed already.
        var isClosed = _ended is not null && _ended == _previous;
        if (token.Is(text, "END"))
        {
            Close(token);
        }
        else if (IsBegin(token))
        {
            _open.Push('B');
        }
        else if (token.Is(text, "CASE") && !isClosed)
        {
            _open.Push(BeginsStatement ? 'S' : 'C');
        }
        else if (!isClosed && IsLoop(token))
        {
            _open.Push(token.Is(text, "REPEAT") ? 'R' : 'L');
        }
    }

    private bool IsLoop(SqlToken token) => BeginsStatement && Array.Exists(Loops, l => token.Is(text, l));

    private bool IsBegin(SqlToken token) => rules.Blocks == BlockKinds.Atomic
        ? token.Is(text, "ATOMIC") && Before("BEGIN")
        : token.Is(text, "BEGIN");

    /// <summary>A block ends behind a statement; a column may be called end.</summary>
    private void Close(SqlToken token)
    {
        if (_open.TryPeek(out var open) && (open is 'C' or 'R' || Before(";") || Before("BEGIN") || Before("ATOMIC")))
        {
            _open.Pop();
            _ended = token;
        }
    }
}
