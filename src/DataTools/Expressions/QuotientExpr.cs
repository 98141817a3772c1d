using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>
/// The quotient of two integers, or what was computed from one: an integer where it came out even, else a double. The two differ in type from
/// row to row, so this type is neither.
/// </summary>
internal readonly record struct Quotient(double Fraction, long Whole, bool IsWhole)
{
    /// <summary>Integers up to this size are the same as a double, and as a decimal made from that.</summary>
    private const long MaxExact = 1_000_000_000_000_000;

    /// <summary>An integer.</summary>
    public static Quotient Of(long value) => new(0, value, true);

    /// <summary>A double.</summary>
    public static Quotient Of(double value) => new(value, 0, false);

    /// <summary>The quotient of two integers; throws where there is none.</summary>
    public static Quotient Divide(long a, long b)
    {
        // The one quotient of two int32 that is none itself becomes a double, that of two int64 does not.
        var (whole, rest) = a == int.MinValue && b == -1 ? throw new OverflowException() : Math.DivRem(a, b);
        return rest == 0 ? Of(whole) : Of((double)a / b);
    }

    /// <summary>Computes as an integer where both are, else as a double; throws where an integer result would change its type.</summary>
    public static Quotient Compute(ArithmeticOp op, Quotient a, Quotient b)
    {
        if (a.IsWhole && b.IsWhole)
        {
            // Whether it is an int32 or an int64 is not known: beyond 32 bits the one would become a double.
            return op == ArithmeticOp.Divide ? Divide(a.Whole, b.Whole) : Of((long)checked((int)Whole64(op, a.Whole, b.Whole)));
        }

        var (x, y) = (a.ToDouble(), b.ToDouble());
        return Of(op switch
        {
            ArithmeticOp.Add => x + y,
            ArithmeticOp.Subtract => x - y,
            ArithmeticOp.Multiply => x * y,
            ArithmeticOp.Divide => x / y,
            _ => x % y,
        });
    }

    /// <summary>As a double; throws where that would not be exact.</summary>
    public double ToDouble() => IsWhole ? Exact() : Fraction;

    /// <summary>As a decimal; throws where that would not be exact, or where the double is too large.</summary>
    public decimal ToDecimal() => IsWhole ? Whole : (decimal)Fraction;

    /// <summary>As what it is.</summary>
    public object ToObject() => IsWhole ? (object)Whole : Fraction;

    private static long Whole64(ArithmeticOp op, long a, long b) => op switch
    {
        ArithmeticOp.Add => checked(a + b),
        ArithmeticOp.Subtract => checked(a - b),
        ArithmeticOp.Multiply => checked(a * b),
        _ => a % b,
    };

    private long Exact() => Math.Abs(Whole) <= MaxExact ? Whole : throw new OverflowException();
}

/// <summary>An operation that gives, or starts from, the quotient of two integers.</summary>
internal sealed class QuotientExpr(ArithmeticOp op, Expr<Quotient> left, Expr<Quotient> right, NullRule rule) : Expr<Quotient>
{
    /// <inheritdoc/>
    public override Vector<Quotient> Compute(RecordBatch batch)
    {
        var (a, b) = (left.Compute(batch), right.Compute(batch));
        var values = new Quotient[batch.Length];
        var flags = Guard.Run(values.Length, rule.Merge(a, b), (ref int row) =>
        {
            for (; row < values.Length; row++)
            {
                var (x, y) = (a[row], b[row]);
                // A null is the integer zero here.
                values[row] = Quotient.Compute(op, a.Flag(row) == Cell.Null ? Quotient.Of(0L) : x, b.Flag(row) == Cell.Null ? Quotient.Of(0L) : y);
            }
        });
        return new Vector<Quotient>(values, values.Length, flags);
    }
}
