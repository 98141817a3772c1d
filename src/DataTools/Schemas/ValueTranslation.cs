using System.Text;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas;

/// <summary>Where a column's value comes from when a row brings none: numbering, defaults and generated columns on their way to another database.</summary>
internal sealed class ValueTranslation(IDatabase from, IDatabase to, SqlDialect dialect, Action<string, string> lose, SqlExpressionWriter writer)
{
    private bool IsSameKind => from.Name == to.Name;

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
    public static SqlExpression? Plain(string text, DataType type, SqlQuoting quoting) => SqlExpression.Parse(text, quoting) is { } parsed ? Value(parsed, type) : null;

    private ColumnSchema Generated(ColumnSchema source, ColumnSchema target)
    {
        var (stored, isVirtual) = dialect.Generates;
        if (IsSameKind && (source.IsVirtual ? isVirtual : stored))
        {
            return target with { Generated = source.Generated, IsVirtual = source.IsVirtual };
        }

        var parsed = SqlExpression.Parse(source.Generated!, from);
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

        var parsed = SqlExpression.Parse(source.Default!, from) ?? WithoutUpdate(source);
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

    /// <summary>MySQL lets a column take the current time whenever its row is changed, and tells it behind the default.</summary>
    private SqlExpression? WithoutUpdate(ColumnSchema source)
    {
        var at = source.Default!.IndexOf(" on update ", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || SqlExpression.Parse(source.Default[..at], from) is not { } rest)
        {
            return null;
        }

        lose(source.Name, "a row that is changed does not take the current time here");
        return rest;
    }

    private string? WhyNot(SqlExpression? value, DataType type) => value switch
    {
        null => "it is neither a literal nor the current time",
        SqlLiteral when HasOwnForm(type) => $"only {from.Name} writes such values so",
        SqlLiteral literal when type is DateType or TimeType or TimestampType or UuidType && !type.NewBuilder().TryAppendText(Encoding.UTF8.GetBytes(literal.Text), TextRules.Default) => $"it is not {type.Describe()}",
        _ => null,
    };

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

    private static SqlLiteral? Literal(SqlLiteral literal, DataType type) => literal.Kind == SqlLiteralKind.Null ? literal : type switch
    {
        BoolType => Flag(literal),
        BinaryDataType when literal.Kind == SqlLiteralKind.Text => Bytes(literal.Text),
        _ when NativeType.NameOf(type) is "int8" or "int16" or "int32" or "int64" or "uint64" or "float" or "double" or "decimal" => Number(literal),
        _ => literal.Kind == SqlLiteralKind.Number ? literal with { Kind = SqlLiteralKind.Text } : literal,
    };

    private static SqlLiteral? Flag(SqlLiteral literal) => literal.Text.ToLowerInvariant() switch
    {
        "1" or "true" or "t" => new SqlLiteral(SqlLiteralKind.Bool, "true"),
        "0" or "false" or "f" => new SqlLiteral(SqlLiteralKind.Bool, "false"),
        _ => null,
    };

    /// <summary>The bytes of a text; null where its letters are other bytes in other character sets.</summary>
    private static SqlLiteral? Bytes(string text) => Ascii.IsValid(text) ? new SqlLiteral(SqlLiteralKind.Bytes, Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text))) : null;

    private static SqlLiteral? Number(SqlLiteral literal) => literal.Kind switch
    {
        SqlLiteralKind.Bool => new SqlLiteral(SqlLiteralKind.Number, literal.Text == "true" ? "1" : "0"),
        SqlLiteralKind.Number or SqlLiteralKind.Text when SqlExpression.Parse(literal.Text) is SqlLiteral { Kind: SqlLiteralKind.Number } number => number,
        _ => null,
    };
}
