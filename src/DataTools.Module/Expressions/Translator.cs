using System.Management.Automation;
using System.Management.Automation.Language;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>
/// Translates a script block into an expression over columns. Whatever it is not sure of it refuses (<see cref="NotTranslatedException"/>), so
/// that PowerShell computes it row by row.
/// </summary>
internal sealed class Translator(Schema schema, Constants constants)
{
    /// <summary>The script block's one statement.</summary>
    public Expr Translate(ScriptBlock script) =>
        script.Ast is ScriptBlockAst { ParamBlock: null, BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Traps: null, Statements: [var only] } } ast
        && Newer(ast, "CleanBlock") is null
            ? Statement(only)
            : throw new NotTranslatedException("it is more than one expression");

    /// <summary>A property that the reference which the module is compiled with does not have yet.</summary>
    private static object? Newer(Ast part, string property) => part.GetType().GetProperty(property)?.GetValue(part);

    private Expr Statement(StatementAst statement) => statement switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst { Redirections.Count: 0 } single] } => Expression(single.Expression),
        IfStatementAst choice => If(choice, 0),
        _ => throw NotTranslatedException.At(statement, "is a command"),
    };

    private Expr Expression(ExpressionAst expression) =>
        constants.TryFold(expression, out var value)
            ? Constants.ToExpr(value) ?? throw NotTranslatedException.At(expression, "is no value that a column could hold")
            : Varying(expression) ?? throw NotTranslatedException.At(expression, "has no column form");

    private Expr? Varying(ExpressionAst expression) => expression switch
    {
        ParenExpressionAst { Pipeline: StatementAst inner } => Statement(inner),
        SubExpressionAst { SubExpression: { Traps: null, Statements: [var only] } } => Statement(only),
        BinaryExpressionAst binary => new BinaryOperators(this).Translate(binary),
        UnaryExpressionAst unary => Unary(unary),
        InvokeMemberExpressionAst call => Call(call),
        MemberExpressionAst member => Member(member),
        ConvertExpressionAst cast => cast.Type.TypeName.GetReflectionType() is { } type ? Casts.To(type, Expression(cast.Child)) : null,
        ExpandableStringExpressionAst text => ExpandableText.Translate(text, Expression),
        IndexExpressionAst index => Index(index),
        _ when expression.GetType().Name == "TernaryExpressionAst" => Ternary(expression),
        _ => null,
    };

    /// <summary>Translates an operand.</summary>
    public Expr Operand(ExpressionAst expression) => Expression(expression);

    /// <summary>Computes an operand that must be the same for all rows.</summary>
    public object? Constant(ExpressionAst expression) =>
        constants.TryFold(expression, out var value) ? value : throw NotTranslatedException.At(expression, "depends on the row");

    /// <summary>One of two values; where their types differ, each stays what it is.</summary>
    public static Expr Choose(Expr<bool> condition, Expr whenTrue, Expr whenFalse) => (whenTrue, whenFalse) switch
    {
        (Expr<int> a, Expr<int> b) => new ConditionalExpr<int>(condition, a, b),
        (Expr<long> a, Expr<long> b) => new ConditionalExpr<long>(condition, a, b),
        (Expr<double> a, Expr<double> b) => new ConditionalExpr<double>(condition, a, b),
        (Expr<decimal> a, Expr<decimal> b) => new ConditionalExpr<decimal>(condition, a, b),
        (Expr<string> a, Expr<string> b) => new ConditionalExpr<string>(condition, a, b),
        (Expr<bool> a, Expr<bool> b) => new ConditionalExpr<bool>(condition, a, b),
        (Expr<DateTime> a, Expr<DateTime> b) => new ConditionalExpr<DateTime>(condition, a, b),
        (Expr<DateOnly> a, Expr<DateOnly> b) => new ConditionalExpr<DateOnly>(condition, a, b),
        _ => new ConditionalExpr<object>(condition, Boxed(whenTrue), Boxed(whenFalse)),
    };

    private static Expr<object> Boxed(Expr value) => value as Expr<object> ?? new BoxExpr(Casts.Plain(value));

    private Expr If(IfStatementAst choice, int clause)
    {
        if (clause == choice.Clauses.Count)
        {
            return choice.ElseClause is null ? new ConstantExpr<object>(null) : Block(choice.ElseClause);
        }

        if (choice.Clauses[clause].Item1 is not StatementAst test)
        {
            throw NotTranslatedException.At(choice, "has no column form");
        }

        return Choose(Casts.Condition(Statement(test)), Block(choice.Clauses[clause].Item2), If(choice, clause + 1));
    }

    private Expr Block(StatementBlockAst block) =>
        block is { Traps: null, Statements: [var only] } ? Statement(only) : throw NotTranslatedException.At(block, "is more than one expression");

    /// <summary>The type is not in the reference that the module is compiled with.</summary>
    private Expr Ternary(ExpressionAst ternary)
    {
        ExpressionAst Part(string name) => (ExpressionAst)Newer(ternary, name)!;
        return Choose(Casts.Condition(Expression(Part("Condition"))), Expression(Part("IfTrue")), Expression(Part("IfFalse")));
    }

    private Expr? Unary(UnaryExpressionAst unary) => unary.TokenKind switch
    {
        TokenKind.Not or TokenKind.Exclaim => new NotExpr(Casts.Condition(Expression(unary.Child))),
        TokenKind.Minus => Expression(unary.Child) is var operand && Numbers.IsNumber(operand)
            ? Arithmetic.Compute(ArithmeticOp.Subtract, new ConstantExpr<int>(0), operand)
            : null,
        _ => null,
    };

    private Expr? Member(MemberExpressionAst member)
    {
        if (member.Static || IsNullConditional(member) || member.Member is not StringConstantExpressionAst name)
        {
            return null;
        }

        return IsRow(member.Expression) ? Column(name.Value) : Members.Property(Expression(member.Expression), name.Value);
    }

    private static bool IsRow(ExpressionAst expression) =>
        expression is VariableExpressionAst variable && variable.VariablePath.UserPath.ToUpperInvariant() is "_" or "PSITEM";

    private static bool IsNullConditional(ExpressionAst expression) => Newer(expression, "NullConditional") is true;

    private Expr Column(string name)
    {
        var found = Enumerable.Range(0, schema.FieldsList.Count)
            .Where(i => schema.FieldsList[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (found is not [var index])
        {
            throw new NotTranslatedException(found.Count == 0 ? $"there is no column '{name}'" : $"there are several columns '{name}'");
        }

        var field = schema.FieldsList[index];
        return ColumnExpr.For(field.Name, index, DataTypes.Of(field))
            ?? throw new NotTranslatedException($"the column '{field.Name}' is of type {DataTypes.Of(field).Name}");
    }

    private Expr? Call(InvokeMemberExpressionAst call)
    {
        if (call.Member is not StringConstantExpressionAst name || IsNullConditional(call))
        {
            return null;
        }

        var arguments = (call.Arguments ?? Enumerable.Empty<ExpressionAst>()).Select(Expression).ToList();
        if (call.Static)
        {
            return call.Expression is TypeExpressionAst type && type.TypeName.GetReflectionType() is { } owner
                ? StaticMethods.Call(owner, name.Value, arguments)
                : null;
        }

        return Methods.Call(Expression(call.Expression), name.Value, arguments);
    }

    /// <summary>A part of a text that is split; an index into anything else is not translated.</summary>
    private Expr<string>? Index(IndexExpressionAst index)
    {
        if (Constant(index.Index) is not int at || IsNullConditional(index))
        {
            return null;
        }

        var target = index.Target is ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } ? inner.Expression : index.Target;
        return target switch
        {
            BinaryExpressionAst { Operator: TokenKind.Isplit or TokenKind.Csplit } split when Constant(split.Right) is string pattern
                && Expression(split.Left) is Expr<string> text => TextOperators.SplitPart(text, pattern, split.Operator == TokenKind.Isplit, at),
            InvokeMemberExpressionAst { Static: false, Member: StringConstantExpressionAst { Value: var name }, Arguments: [var argument] } call
                when name.Equals("Split", StringComparison.OrdinalIgnoreCase) && Constant(argument) is string { Length: 1 } separator
                && Expression(call.Expression) is Expr<string> owner => Methods.SplitPart(owner, separator[0], at),
            _ => null,
        };
    }
}
