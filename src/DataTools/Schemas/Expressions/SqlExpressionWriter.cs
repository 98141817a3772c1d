using DataTools.Data;
using DataTools.Databases;

namespace DataTools.Schemas.Expressions;

/// <summary>Writes plain expressions as a database wants them. What it cannot write so that it means the same has a <see cref="Reason"/>.</summary>
internal sealed class SqlExpressionWriter(SqlDialect dialect, Func<string, ColumnSchema?> find)
{
    private static readonly string[] TextTypes = ["text", "varchar", "character varying", "bpchar", "character", "char", "string"];
    private static readonly string[] NumberTypes =
        ["numeric", "decimal", "double precision", "double", "real", "float", "bigint", "integer", "int", "smallint", "tinyint", "int4", "int8", "int2", "signed"];

    /// <summary>Why the last expression could not be written.</summary>
    public string? Reason { get; private set; }

    /// <summary>The expression as SQL; null where it cannot be carried.</summary>
    public string? Write(SqlExpression expression)
    {
        Reason = null;
        var text = Text(expression);
        return Reason is null ? text : null;
    }

    private string Text(SqlExpression expression) => expression switch
    {
        SqlLiteral literal => dialect.Literal(literal),
        SqlColumn column => Column(column),
        SqlCall call => Call(call),
        SqlCast cast => Cast(cast),
        SqlOperation operation => Operation(operation),
        _ => Fail("it is no plain expression"),
    };

    private string Column(SqlColumn column) =>
        find(column.Name) is { } found ? dialect.InExpression(found) : Fail($"it names '{column.Name}', which is no column of the table");

    private string Call(SqlCall call) =>
        dialect.Function(call.Name, [.. call.Arguments.Select(Text)]) ?? Fail($"{call.Name}() is not known to mean the same in both databases");

    /// <summary>Catalogues show casts that the database itself put in; those that change no value are left out.</summary>
    private string Cast(SqlCast cast) => cast.Value switch
    {
        SqlLiteral literal => dialect.Literal(literal),
        SqlCast inner => Cast(inner),
        SqlColumn column when find(column.Name) is { } found && KeepsValue(found.Type, cast.Type) => Column(column),
        _ => Fail($"it casts to {cast.Type}"),
    };

    private static bool KeepsValue(DataType type, string cast) =>
        type is TextType ? TextTypes.Contains(cast)
        : IsWhole(type) ? NumberTypes.Contains(cast)
        : IsNumber(type) && NumberTypes.AsSpan(0, 4).Contains(cast);

    private static bool IsWhole(DataType type) => NativeType.NameOf(type) is "int8" or "int16" or "int32" or "int64" or "uint64";

    private static bool IsNumber(DataType type) => IsWhole(type) || NativeType.NameOf(type) is "decimal" or "float" or "double";

    private string Operation(SqlOperation operation) => operation.Operator switch
    {
        "in" or "not in" => $"({Text(operation.Operands[0])} {operation.Operator.ToUpperInvariant()} ({string.Join(", ", operation.Operands.Skip(1).Select(o => Compared(operation.Operands[0], o)))}))",
        "not" => $"(NOT {Text(operation.Operands[0])})",
        "-" when operation.Operands.Count == 1 => $"(-{Text(operation.Operands[0])})",
        "is true" or "is not true" or "is false" or "is not false" or "is null" or "is not null" => $"({Text(operation.Operands[0])} {operation.Operator.ToUpperInvariant()})",
        "/" or "%" => Fail($"databases do not agree on '{operation.Operator}'"),
        "||" => Joined(operation),
        _ => $"({Compared(operation.Operands[1], operation.Operands[0])} {operation.Operator.ToUpperInvariant()} {Compared(operation.Operands[0], operation.Operands[1])})",
    };

    private string Joined(SqlOperation operation) => dialect.Concat(Text(operation.Operands[0]), Text(operation.Operands[1]));

    /// <summary>Where a truth is 1 in one database, it is TRUE in another.</summary>
    private string Compared(SqlExpression with, SqlExpression value) =>
        with is SqlColumn column && find(column.Name)?.Type.Equals(DataTypes.Bool) == true && value is SqlLiteral { Kind: SqlLiteralKind.Number, Text: "0" or "1" } number
            ? dialect.Literal(new SqlLiteral(SqlLiteralKind.Bool, number.Text == "1" ? "true" : "false"))
            : Text(value);

    private string Fail(string reason)
    {
        Reason ??= reason;
        return "";
    }
}
