using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>+, -, *, / and %: of numbers, of points in time, and of text by +.</summary>
internal static class Arithmetic
{
    /// <summary>The operation, or null where it has no column form.</summary>
    public static Expr? Compute(ArithmeticOp op, Expr left, Expr right)
    {
        if (left is Expr<string> && op == ArithmeticOp.Add)
        {
            return new ApplyExpr<string>([left, Casts.Plain(right)], static a => Concat(a[0], a[1]), Nulls.Pass);
        }

        return Numbers.IsNumber(left) && Numbers.IsNumber(right) ? Number(op, left, right) : Temporal(op, left, right);
    }

    private static Expr Number(ArithmeticOp op, Expr left, Expr right)
    {
        var integers = Numbers.IsInteger(left.Type) && Numbers.IsInteger(right.Type);
        if ((integers && op == ArithmeticOp.Divide) || IsQuotient(left, right))
        {
            // Null is an integer zero, and zero minus or plus something is that; null times something is null.
            var rule = op switch
            {
                ArithmeticOp.Multiply => new NullRule(Cell.Null, Cell.Value, Cell.Null),
                ArithmeticOp.Add => new NullRule(Cell.Value, Cell.Value, Cell.Null),
                _ => new NullRule(Cell.Value, Cell.Value, Cell.Value),
            };
            return new QuotientExpr(op, Numbers.ToQuotient(left), Numbers.ToQuotient(right), rule);
        }

        var common = Numbers.Common(left.Type, right.Type);
        var nulls = Rule(op, left.Type, right.Type, common);
        return common == typeof(decimal)
            ? new ArithmeticExpr<decimal>(op, Numbers.ToDecimal(left, false), Numbers.ToDecimal(right, false), nulls)
            : common == typeof(double)
            ? new ArithmeticExpr<double>(op, Numbers.ToDouble(left), Numbers.ToDouble(right), nulls)
            : common == typeof(long)
            ? new ArithmeticExpr<long>(op, Numbers.ToLong(left), Numbers.ToLong(right), nulls)
            : new ArithmeticExpr<int>(op, (Expr<int>)left, (Expr<int>)right, nulls);
    }

    /// <summary>A quotient with a decimal is a decimal.</summary>
    private static bool IsQuotient(Expr left, Expr right) =>
        (left is Expr<Quotient> || right is Expr<Quotient>) && left is not Expr<decimal> && right is not Expr<decimal>;

    /// <summary>
    /// A null is an int32 zero, except that null plus x is x, and null times x is null. Where the operation has another type with it than without,
    /// the column cannot say so.
    /// </summary>
    private static NullRule Rule(ArithmeticOp op, Type left, Type right, Type common)
    {
        var leftType = op == ArithmeticOp.Add ? right : Numbers.Common(typeof(int), right);
        var rightIsZero = Keeps(Numbers.Common(left, typeof(int)) == common);
        return op switch
        {
            ArithmeticOp.Add => new NullRule(Keeps(leftType == common), rightIsZero, Cell.Null),
            ArithmeticOp.Multiply => new NullRule(Cell.Null, rightIsZero, Cell.Null),
            _ => new NullRule(Keeps(leftType == common), rightIsZero, Keeps(common == typeof(int))),
        };
    }

    private static byte Keeps(bool same) => same ? Cell.Value : Cell.Undecided;

    private static Expr? Temporal(ArithmeticOp op, Expr left, Expr right) => (op, left, right) switch
    {
        (ArithmeticOp.Subtract, Expr<DateTime>, Expr<DateTime>) => Apply<TimeSpan>(left, right, static (a, b) => (DateTime)a - (DateTime)b),
        (ArithmeticOp.Add, Expr<DateTime>, Expr<TimeSpan>) => Apply<DateTime>(left, right, static (a, b) => (DateTime)a + (TimeSpan)b),
        (ArithmeticOp.Subtract, Expr<DateTime>, Expr<TimeSpan>) => Apply<DateTime>(left, right, static (a, b) => (DateTime)a - (TimeSpan)b),
        (ArithmeticOp.Add, Expr<TimeSpan>, Expr<TimeSpan>) => Apply<TimeSpan>(left, right, static (a, b) => (TimeSpan)a + (TimeSpan)b),
        (ArithmeticOp.Subtract, Expr<TimeSpan>, Expr<TimeSpan>) => Apply<TimeSpan>(left, right, static (a, b) => (TimeSpan)a - (TimeSpan)b),
        _ => null,
    };

    private static ApplyExpr<T> Apply<T>(Expr left, Expr right, Func<object, object, object> function) =>
        new([left, right], a => function(a[0]!, a[1]!), Nulls.Undecided);

    private static object? Concat(object? left, object? right) => left switch
    {
        null when right is null or string => right,
        // Null plus a number is the number.
        null => throw new InvalidCastException(),
        _ => string.Concat((string)left, Numbers.TextOf(right)),
    };
}
