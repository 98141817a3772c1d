namespace DataTools.Schemas;

/// <summary>When a database checks a key: with each statement, or at the end of the transaction.</summary>
public enum Deferral
{
    /// <summary>With each statement.</summary>
    None,

    /// <summary>With each statement, unless the transaction asks for its end.</summary>
    Deferrable,

    /// <summary>At the end of the transaction.</summary>
    Deferred,
}

/// <summary>How a database numbers rows.</summary>
public enum IdentityKind
{
    /// <summary>Rows that bring no number get one.</summary>
    ByDefault,

    /// <summary>Rows get a number; bringing one must be asked for.</summary>
    Always,

    /// <summary>PostgreSQL's serial: a default that draws from a sequence of the column's own.</summary>
    Serial,

    /// <summary>AUTO_INCREMENT, and SQLite's AUTOINCREMENT: a number is never given twice.</summary>
    AutoIncrement,

    /// <summary>SQLite's INTEGER PRIMARY KEY: one more than the highest number that is there.</summary>
    RowId,
}

/// <summary>How a database numbers the rows of a column.</summary>
/// <param name="Kind">In which way.</param>
public sealed record IdentitySchema(IdentityKind Kind)
{
    /// <summary>The first number.</summary>
    public long Start { get; init; } = 1;

    /// <summary>The step from one number to the next.</summary>
    public long Increment { get; init; } = 1;

    /// <summary>The sequence that the numbers come from, where it has a name.</summary>
    public TableName? Sequence { get; init; }
}

/// <summary>The columns that tell rows apart.</summary>
/// <param name="Name">The constraint's name, where it has one.</param>
/// <param name="Columns">The columns in order.</param>
public sealed record KeySchema(string? Name, IReadOnlyList<string> Columns)
{
    /// <summary>When it is checked.</summary>
    public Deferral Deferral { get; init; }
}

/// <summary>A column or an expression of an index.</summary>
/// <param name="Text">The column's name, or the expression without parentheses around it.</param>
/// <param name="IsExpression">Whether it is an expression.</param>
public sealed record IndexPart(string Text, bool IsExpression = false)
{
    /// <summary>Whether the highest value comes first.</summary>
    public bool Descending { get; init; }

    /// <summary>Whether nulls come first, where that is not what the database does by itself; null where it is.</summary>
    public bool? NullsFirst { get; init; }

    /// <summary>The order of its text, where it is not the column's.</summary>
    public string? Collation { get; init; }

    /// <summary>PostgreSQL's operator class, where it is not the type's own.</summary>
    public string? OperatorClass { get; init; }

    /// <summary>How many characters or bytes from the beginning are indexed; null for all.</summary>
    public int? Prefix { get; init; }

    /// <summary>The column, or the expression in parentheses.</summary>
    public override string ToString() => IsExpression ? $"({Text})" : Text;
}

/// <summary>An index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns in order; expressions stand in parentheses.</param>
/// <param name="IsUnique">Whether no two rows may have the same values.</param>
public sealed record IndexSchema(string Name, IReadOnlyList<string> Columns, bool IsUnique)
{
    /// <summary>Its columns with their order, prefixes and so on.</summary>
    public IReadOnlyList<IndexPart> Parts
    {
        get => field ?? [.. Columns.Select(c => c is ['(', .., ')'] ? new IndexPart(c[1..^1], true) : new IndexPart(c))];
        init;
    }

    /// <summary>Columns that it carries besides those that it is ordered by.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Its kind as the database calls it: btree, gin, fulltext.</summary>
    public string? Method { get; init; }

    /// <summary>The condition of the rows that it holds; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>The statement that makes it, where the database gives it.</summary>
    public string? Definition { get; init; }

    /// <summary>Whether it serves a UNIQUE constraint of the table.</summary>
    public bool IsConstraint { get; init; }

    /// <summary>When the constraint is checked.</summary>
    public Deferral Deferral { get; init; }

    /// <summary>What stands in the table for an exclusion constraint of PostgreSQL: <c>EXCLUDE USING gist (room WITH =)</c>; null for others.</summary>
    public string? Exclusion { get; init; }

    /// <summary>Whether two nulls count as the same value.</summary>
    public bool NullsNotDistinct { get; init; }

    /// <summary>Whether it can be used: false for one whose building failed.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>Whether the database made up the name.</summary>
    public bool IsNameGenerated { get; init; }

    /// <summary>Whether it is one that the database makes by itself for a key to another table, and by which nothing else is meant.</summary>
    public bool IsForForeignKey { get; init; }
}

/// <summary>A key that points to the rows of a table.</summary>
/// <param name="Name">Its name, where it has one.</param>
/// <param name="Columns">The columns here.</param>
/// <param name="References">The table pointed to.</param>
/// <param name="ReferencedColumns">The columns there.</param>
public sealed record ForeignKeySchema(string? Name, IReadOnlyList<string> Columns, TableName References, IReadOnlyList<string> ReferencedColumns)
{
    /// <summary>What happens to the rows here when theirs is deleted: NO ACTION, CASCADE, SET NULL ..., on PostgreSQL with the columns that are set where these are not all.</summary>
    public string OnDelete { get; init; } = "NO ACTION";

    /// <summary>What happens to the rows here when theirs gets another key.</summary>
    public string OnUpdate { get; init; } = "NO ACTION";

    /// <summary>Whether a row must have all values of the key or none; else one with a null points nowhere.</summary>
    public bool MatchesFull { get; init; }

    /// <summary>When it is checked.</summary>
    public Deferral Deferral { get; init; }

    /// <summary>Whether the rows that were there before it were checked.</summary>
    public bool IsValid { get; init; } = true;
}

/// <summary>A condition that rows must meet.</summary>
/// <param name="Name">Its name, where it has one.</param>
/// <param name="Expression">The condition as the database writes it.</param>
public sealed record CheckSchema(string? Name, string Expression)
{
    /// <summary>Whether the rows that were there before it were checked.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>The column with whose definition it comes and goes, as MariaDB has it for a check that stands behind a column; null for one of the table.</summary>
    public string? Column { get; init; }
}

/// <summary>A type of enumerated values that has a name of its own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The values in order.</param>
public sealed record EnumSchema(TableName Name, IReadOnlyList<string> Values);

/// <summary>A type that is another with conditions of its own: a domain.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type that it is made of, as the database writes it, with its collation where it has one.</param>
public sealed record DomainSchema(TableName Name, string Type)
{
    /// <summary>The expression that gives the value where none is named; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether its values may not be null.</summary>
    public bool NotNull { get; init; }

    /// <summary>The names and texts of its conditions: CHECK (VALUE > 0).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Checks { get; init; } = [];
}

/// <summary>Something of a database that is told of but not taken apart: a view, a trigger, a routine, a sequence of nobody's.</summary>
/// <param name="Kind">What it is: View, Trigger, Function, Sequence.</param>
/// <param name="Name">Its name.</param>
/// <param name="Table">The table on which it hangs, if any.</param>
/// <param name="Definition">The statement that makes it, where the database gives it.</param>
public sealed record DatabaseObject(string Kind, TableName Name, TableName? Table, string? Definition)
{
    /// <summary>What it is, and its name.</summary>
    public override string ToString() => $"{Kind} {Name}{(Table is null ? "" : $" of {Table}")}";
}
