using System.Management.Automation.Language;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>The operators with two sides.</summary>
internal sealed class BinaryOperators(Translator translator)
{
    private static readonly Dictionary<TokenKind, (CompareOp Op, bool IgnoreCase)> Compares = new()
    {
        [TokenKind.Ieq] = (CompareOp.Eq, true), [TokenKind.Ceq] = (CompareOp.Eq, false), [TokenKind.Ine] = (CompareOp.Ne, true),
        [TokenKind.Cne] = (CompareOp.Ne, false), [TokenKind.Ilt] = (CompareOp.Lt, true), [TokenKind.Clt] = (CompareOp.Lt, false),
        [TokenKind.Ile] = (CompareOp.Le, true), [TokenKind.Cle] = (CompareOp.Le, false), [TokenKind.Igt] = (CompareOp.Gt, true),
        [TokenKind.Cgt] = (CompareOp.Gt, false), [TokenKind.Ige] = (CompareOp.Ge, true), [TokenKind.Cge] = (CompareOp.Ge, false),
    };

    private static readonly Dictionary<TokenKind, ArithmeticOp> Arithmetics = new()
    {
        [TokenKind.Plus] = ArithmeticOp.Add, [TokenKind.Minus] = ArithmeticOp.Subtract, [TokenKind.Multiply] = ArithmeticOp.Multiply,
        [TokenKind.Divide] = ArithmeticOp.Divide, [TokenKind.Rem] = ArithmeticOp.Remainder,
    };

    /// <summary>The operators whose right side is a constant: a pattern, a list.</summary>
    private static readonly Dictionary<TokenKind, Func<Expr, object?, Expr?>> WithConstant = new()
    {
        [TokenKind.Ilike] = (l, r) => r is string p ? TextOperators.Like(l, p, true) : null,
        [TokenKind.Clike] = (l, r) => r is string p ? TextOperators.Like(l, p, false) : null,
        [TokenKind.Inotlike] = (l, r) => r is string p ? new NotExpr(TextOperators.Like(l, p, true)) : null,
        [TokenKind.Cnotlike] = (l, r) => r is string p ? new NotExpr(TextOperators.Like(l, p, false)) : null,
        [TokenKind.Imatch] = (l, r) => r is string p ? TextOperators.Match(l, p, true) : null,
        [TokenKind.Cmatch] = (l, r) => r is string p ? TextOperators.Match(l, p, false) : null,
        [TokenKind.Inotmatch] = (l, r) => r is string p ? new NotExpr(TextOperators.Match(l, p, true)) : null,
        [TokenKind.Cnotmatch] = (l, r) => r is string p ? new NotExpr(TextOperators.Match(l, p, false)) : null,
        [TokenKind.Iin] = (l, r) => Comparisons.In(true, r, l),
        [TokenKind.Cin] = (l, r) => Comparisons.In(false, r, l),
        [TokenKind.Inotin] = (l, r) => Not(Comparisons.In(true, r, l)),
        [TokenKind.Cnotin] = (l, r) => Not(Comparisons.In(false, r, l)),
        [TokenKind.Ireplace] = (l, r) => TextOperators.Replace(l, r, true),
        [TokenKind.Creplace] = (l, r) => TextOperators.Replace(l, r, false),
    };

    /// <summary>The operators whose left side is a constant list.</summary>
    private static readonly Dictionary<TokenKind, Func<object?, Expr, Expr?>> OfConstant = new()
    {
        [TokenKind.Icontains] = (l, r) => Comparisons.In(true, l, r),
        [TokenKind.Ccontains] = (l, r) => Comparisons.In(false, l, r),
        [TokenKind.Inotcontains] = (l, r) => Not(Comparisons.In(true, l, r)),
        [TokenKind.Cnotcontains] = (l, r) => Not(Comparisons.In(false, l, r)),
    };

    /// <summary>The operation, or null where it has no column form.</summary>
    public Expr? Translate(BinaryExpressionAst binary)
    {
        if (Compares.TryGetValue(binary.Operator, out var compare))
        {
            return Comparisons.Compare(compare.Op, compare.IgnoreCase, translator.Operand(binary.Left), translator.Operand(binary.Right));
        }

        if (Arithmetics.TryGetValue(binary.Operator, out var arithmetic))
        {
            return Arithmetic.Compute(arithmetic, translator.Operand(binary.Left), translator.Operand(binary.Right));
        }

        if (WithConstant.TryGetValue(binary.Operator, out var build))
        {
            return build(translator.Operand(binary.Left), translator.Constant(binary.Right));
        }

        return OfConstant.TryGetValue(binary.Operator, out var contains)
            ? contains(translator.Constant(binary.Left), translator.Operand(binary.Right))
            : Other(binary);
    }

    private Expr? Other(BinaryExpressionAst binary) => binary.Operator switch
    {
        TokenKind.And or TokenKind.Or => new AndOrExpr(binary.Operator == TokenKind.And, Condition(binary.Left), Condition(binary.Right)),
        TokenKind.Xor => new XorExpr(Condition(binary.Left), Condition(binary.Right)),
        TokenKind.Format => Format(binary),
        // The token is not in the reference that the module is compiled with.
        _ when binary.Operator.ToString() == "QuestionQuestion" => IfNull(translator.Operand(binary.Left), binary.Right),
        _ => null,
    };

    private Expr IfNull(Expr value, ExpressionAst otherwise) =>
        Translator.Choose(new IsNullExpr(value, negate: true), value, translator.Operand(otherwise));

    private Expr<bool> Condition(ExpressionAst operand) => Casts.Condition(translator.Operand(operand));

    private Expr<string>? Format(BinaryExpressionAst binary)
    {
        var values = binary.Right is ArrayLiteralAst list ? list.Elements : (IEnumerable<ExpressionAst>)[binary.Right];
        return translator.Constant(binary.Left) is string format ? TextOperators.Format(format, [.. values.Select(translator.Operand)]) : null;
    }

    private static NotExpr? Not(Expr<bool>? test) => test is null ? null : new NotExpr(test);
}
