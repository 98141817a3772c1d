namespace DataTools.Migrations;

/// <summary>Which statements hold others, whose semicolons do not end them.</summary>
public enum BlockKinds
{
    /// <summary>None.</summary>
    None,

    /// <summary>Triggers: CREATE TRIGGER ... BEGIN ... END (SQLite).</summary>
    Triggers,

    /// <summary>Functions whose body is BEGIN ATOMIC ... END (PostgreSQL).</summary>
    Atomic,

    /// <summary>Procedures, functions, triggers, events and BEGIN NOT ATOMIC, with all statements of control (MySQL and MariaDB).</summary>
    Routines,
}

/// <summary>What a database's SQL has that decides where a statement ends. What is not said is as in standard SQL.</summary>
public sealed record SplitRules
{
    /// <summary>Standard SQL.</summary>
    public static SplitRules Standard { get; } = new();

    /// <summary>Strings of the form <c>$tag$ ... $tag$</c>.</summary>
    public bool DollarQuotes { get; init; }

    /// <summary>Strings of the form <c>E'...'</c>, in which a backslash escapes.</summary>
    public bool EscapeStrings { get; init; }

    /// <summary>A backslash escapes in every string, and "..." is a string as well.</summary>
    public bool BackslashEscapes { get; init; }

    /// <summary>Comments within comments.</summary>
    public bool NestedComments { get; init; }

    /// <summary>Names in backticks.</summary>
    public bool Backticks { get; init; }

    /// <summary>Names in square brackets.</summary>
    public bool Brackets { get; init; }

    /// <summary>Comments from <c>#</c> to the end of the line; <c>--</c> begins one only before white space; <c>/*! ... */</c> is code.</summary>
    public bool HashComments { get; init; }

    /// <summary>Lines <c>DELIMITER //</c> say what ends statements from there on.</summary>
    public bool DelimiterCommand { get; init; }

    /// <summary>Semicolons in parentheses end nothing, as in the actions of a rule.</summary>
    public bool Parentheses { get; init; }

    /// <summary>Files may hold what only the database's own client understands: lines with a backslash, rows behind COPY ... FROM stdin. They are refused.</summary>
    public bool ClientCommands { get; init; }

    /// <summary>Which statements hold others.</summary>
    public BlockKinds Blocks { get; init; }
}
