using System.Numerics;
using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>A comparison.</summary>
internal enum CompareOp
{
    /// <summary>Equal.</summary>
    Eq,

    /// <summary>Not equal.</summary>
    Ne,

    /// <summary>Less.</summary>
    Lt,

    /// <summary>Less or equal.</summary>
    Le,

    /// <summary>Greater.</summary>
    Gt,

    /// <summary>Greater or equal.</summary>
    Ge,
}

/// <summary>How comparisons treat null, and how they turn around.</summary>
internal static class Comparison
{
    /// <summary>The comparison with its sides exchanged.</summary>
    public static CompareOp Swap(CompareOp op) => op switch
    {
        CompareOp.Lt => CompareOp.Gt,
        CompareOp.Le => CompareOp.Ge,
        CompareOp.Gt => CompareOp.Lt,
        CompareOp.Ge => CompareOp.Le,
        _ => op,
    };

    /// <summary>Whether the sign of a - b satisfies the comparison.</summary>
    public static bool Holds(CompareOp op, int sign) => op switch
    {
        CompareOp.Eq => sign == 0,
        CompareOp.Ne => sign != 0,
        CompareOp.Lt => sign < 0,
        CompareOp.Le => sign <= 0,
        CompareOp.Gt => sign > 0,
        _ => sign >= 0,
    };

    /// <summary>Null compared with a number: it is taken by the number's sign alone, so that -lt and -le are the same, and so are -gt and -ge.</summary>
    public static bool NullWithNumber<T>(CompareOp op, bool numberIsLeft, T number)
        where T : INumber<T> => op switch
    {
        CompareOp.Eq => false,
        CompareOp.Ne => true,
        CompareOp.Lt or CompareOp.Le => numberIsLeft ? number < T.Zero : number >= T.Zero,
        _ => numberIsLeft ? number >= T.Zero : number < T.Zero,
    };

    /// <summary>Null compared with anything else but null: null is below all.</summary>
    public static bool NullWithOther(CompareOp op, bool nullIsLeft) => Holds(op, nullIsLeft ? -1 : 1);

    /// <summary>Null compared with null.</summary>
    public static bool NullWithNull(CompareOp op) => Holds(op, 0);

    /// <summary>Puts right the rows of a comparison that have no value on a side; gives back the flags of the result.</summary>
    public static byte[]? Resolve(CompareOp op, Vector left, Vector right, bool[] result, Func<int, bool, bool> nullWithValue)
    {
        if (left.Flags is null && right.Flags is null)
        {
            return null;
        }

        byte[]? flags = null;
        for (var row = 0; row < result.Length; row++)
        {
            var (l, r) = (left.Flag(row), right.Flag(row));
            if ((l | r) >= Cell.Undecided)
            {
                flags ??= new byte[result.Length];
                flags[row] = Cell.Undecided;
            }
            else if ((l | r) != Cell.Value)
            {
                result[row] = l == r ? NullWithNull(op) : nullWithValue(row, l == Cell.Null);
            }
        }

        return flags;
    }
}

/// <summary>A comparison of two values of one type that is, or is kept as, a number.</summary>
/// <param name="op">The comparison.</param>
/// <param name="left">The left side.</param>
/// <param name="right">The right side.</param>
/// <param name="isNumber">Whether null compares as it does with a number.</param>
internal sealed class CompareExpr<T>(CompareOp op, Expr<T> left, Expr<T> right, bool isNumber) : Expr<bool>, ICondition
    where T : struct, INumber<T>
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var (a, b) = (left.Compute(batch), right.Compute(batch));
        var result = new bool[batch.Length];
        CompareTests.Dispatch<T, Loop>(op, new Loop(a, b, result));
        var flags = Comparison.Resolve(op, a, b, result, (row, leftIsNull) => isNumber
            ? Comparison.NullWithNumber(op, !leftIsNull, leftIsNull ? b[row] : a[row])
            : Comparison.NullWithOther(op, leftIsNull));
        return new Vector<bool>(result, result.Length, flags);
    }

    private readonly struct Loop(Vector<T> a, Vector<T> b, bool[] result) : ICompareLoop<T>
    {
        public void Run<TTest>()
            where TTest : ICompareTest<T>
        {
            var (left, right) = (a, b);
            var into = result;
            for (var row = 0; row < into.Length; row++)
            {
                into[row] = TTest.Holds(left[row], right[row]);
            }
        }
    }
}
