using DataTools.Data;
using DataTools.Databases;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas;

/// <summary>Where a column's value comes from when a row brings none: numbering, defaults and generated columns on their way to another database.</summary>
internal sealed class ValueTranslation(IDatabase from, IDatabase to, SqlDialect dialect, Action<string, string> lose, SqlExpressionWriter writer)
{
    private bool IsSameKind => from.Name == to.Name;

    private bool BracketsQuote => from.Dialect?.BracketsQuote == true;

    /// <summary>The target column with the source's numbering, default or expression.</summary>
    public ColumnSchema Translate(ColumnSchema source, ColumnSchema target)
    {
        if (source.IsIdentity)
        {
            var identity = IsSameKind ? source.Identity : new IdentitySchema(dialect.DefaultIdentity) { Increment = source.Identity?.Increment ?? 1, Start = source.Identity?.Start ?? 1 };
            return target with { IsIdentity = true, Identity = identity };
        }

        return source.Generated is not null ? Generated(source, target)
            : source.Default is not null ? target with { Default = Default(source, target) }
            : target;
    }

    /// <summary>A default as a plain expression of a type; null for one that is not.</summary>
    public static SqlExpression? Plain(string text, DataType type, bool bracketsQuote) => SqlExpression.Parse(text, bracketsQuote) is { } parsed ? Value(parsed, type) : null;

    private ColumnSchema Generated(ColumnSchema source, ColumnSchema target)
    {
        var (stored, isVirtual) = dialect.Generates;
        if (IsSameKind && (source.IsVirtual ? isVirtual : stored))
        {
            return target with { Generated = source.Generated, IsVirtual = source.IsVirtual };
        }

        var parsed = SqlExpression.Parse(source.Generated!, BracketsQuote);
        if (parsed is null || writer.Write(parsed) is not { } text)
        {
            lose(source.Name, $"the generated column becomes a plain one: {source.Generated}: {(parsed is null ? "it is no plain expression" : writer.Reason)}");
            return target;
        }

        return target with { Generated = text, IsVirtual = source.IsVirtual ? isVirtual : !stored };
    }

    private string? Default(ColumnSchema source, ColumnSchema target)
    {
        if (IsSameKind && target.NativeType == source.NativeType)
        {
            return source.Default;
        }

        var parsed = SqlExpression.Parse(source.Default!, BracketsQuote);
        var value = parsed is null ? null : Value(parsed, target.Type);
        if (value is SqlLiteral { Kind: SqlLiteralKind.Null })
        {
            return null;
        }

        var reason = WhyNot(value, source.Type);
        var text = reason is null ? writer.Write(value!) : null;
        if (text is null)
        {
            lose(source.Name, $"the default {source.Default} is not carried: {reason ?? writer.Reason}");
        }

        return text;
    }

    private string? WhyNot(SqlExpression? value, DataType type) =>
        value is null ? "it is neither a literal nor the current time" : value is SqlLiteral && HasOwnForm(type) ? $"only {from.Name} writes such values so" : null;

    /// <summary>Whether databases write values of a type each in their own way, so that the text of one means nothing, or something else, to another.</summary>
    private static bool HasOwnForm(DataType type) => type is ListDataType or StructDataType or DurationType or TimestampType { IsUtc: true };

    /// <summary>What stands on the list: literals, made to be of the column's type, and the functions that every database has.</summary>
    private static SqlExpression? Value(SqlExpression expression, DataType type) => expression switch
    {
        SqlCast { Type: "bytea", Value: SqlLiteral { Kind: SqlLiteralKind.Text } bytes } when bytes.Text.StartsWith("\\x", StringComparison.Ordinal) => new SqlLiteral(SqlLiteralKind.Bytes, bytes.Text[2..]),
        SqlCast cast => Value(cast.Value, type),
        SqlLiteral literal => Literal(literal, type),
        SqlCall { Name: "now" or "utc_now", Arguments.Count: 0 } when type is TimestampType { IsUtc: true } => new SqlCall("utc_now", []),
        SqlCall { Name: "now" or "current_date" or "current_time" or "uuid", Arguments.Count: 0 } call => call,
        _ => null,
    };

    private static SqlLiteral? Literal(SqlLiteral literal, DataType type)
    {
        if (literal.Kind == SqlLiteralKind.Null)
        {
            return literal;
        }

        if (type is BoolType)
        {
            return literal.Text.ToLowerInvariant() switch
            {
                "1" or "true" or "t" => new SqlLiteral(SqlLiteralKind.Bool, "true"),
                "0" or "false" or "f" => new SqlLiteral(SqlLiteralKind.Bool, "false"),
                _ => null,
            };
        }

        return NativeType.NameOf(type) is "int8" or "int16" or "int32" or "int64" or "uint64" or "float" or "double" or "decimal" ? Number(literal)
            : literal.Kind == SqlLiteralKind.Number ? new SqlLiteral(SqlLiteralKind.Text, literal.Text)
            : literal;
    }

    private static SqlLiteral? Number(SqlLiteral literal) => literal.Kind switch
    {
        SqlLiteralKind.Bool => new SqlLiteral(SqlLiteralKind.Number, literal.Text == "true" ? "1" : "0"),
        SqlLiteralKind.Number or SqlLiteralKind.Text when SqlExpression.Parse(literal.Text) is SqlLiteral { Kind: SqlLiteralKind.Number } number => number,
        _ => null,
    };
}
