using DataTools.Databases;

namespace DataTools.Schemas.Expressions;

/// <summary>
/// An expression of SQL of the plain kind that every database understands: literals, columns, comparisons, arithmetic, some functions. It is read from
/// what one database's catalogue says and written as another wants it.
/// </summary>
internal abstract record SqlExpression
{
    /// <summary>The expression of a text; null for one of another kind.</summary>
    public static SqlExpression? Parse(string text, SqlQuoting quoting = SqlQuoting.Standard) => new SqlExpressionParser(SqlTokens.Read(text, quoting)).Parse();

    /// <summary>The expression of a text of a database's catalogue; null for one of another kind.</summary>
    public static SqlExpression? Parse(string text, IDatabase from) => Parse(text, from.Dialect?.Quoting ?? SqlQuoting.Standard);

    /// <summary>The expression and all within it.</summary>
    public IEnumerable<SqlExpression> All() => Parts.SelectMany(p => p.All()).Prepend(this);

    /// <summary>The columns that it names.</summary>
    public IEnumerable<string> Columns() => All().OfType<SqlColumn>().Select(c => c.Name);

    /// <summary>What it is made of.</summary>
    protected virtual IReadOnlyList<SqlExpression> Parts => [];
}

/// <summary>What a literal is.</summary>
internal enum SqlLiteralKind
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>TRUE or FALSE.</summary>
    Bool,

    /// <summary>Bytes in hexadecimal digits.</summary>
    Bytes,
}

/// <summary>A value.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">It as text.</param>
internal sealed record SqlLiteral(SqlLiteralKind Kind, string Text) : SqlExpression;

/// <summary>A column, or a name that may be one.</summary>
/// <param name="Name">Its name.</param>
internal sealed record SqlColumn(string Name) : SqlExpression;

/// <summary>A function; its name is one of ours where several databases have it under names of their own.</summary>
/// <param name="Name">Its name in lower case.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record SqlCall(string Name, IReadOnlyList<SqlExpression> Arguments) : SqlExpression
{
    /// <inheritdoc/>
    protected override IReadOnlyList<SqlExpression> Parts => Arguments;
}

/// <summary>An operator with what it stands between or before: <c>=</c>, <c>and</c>, <c>in</c>, <c>is null</c>.</summary>
/// <param name="Operator">The operator in lower case.</param>
/// <param name="Operands">What it stands between.</param>
internal sealed record SqlOperation(string Operator, IReadOnlyList<SqlExpression> Operands) : SqlExpression
{
    /// <inheritdoc/>
    protected override IReadOnlyList<SqlExpression> Parts => Operands;
}

/// <summary>A value made to be of a type.</summary>
/// <param name="Value">The value.</param>
/// <param name="Type">The type in lower case.</param>
internal sealed record SqlCast(SqlExpression Value, string Type) : SqlExpression
{
    /// <inheritdoc/>
    protected override IReadOnlyList<SqlExpression> Parts => [Value];
}
