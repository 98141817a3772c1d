using System.Numerics;
using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>An operation on two numbers.</summary>
internal enum ArithmeticOp
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a * b.</summary>
    Multiply,

    /// <summary>a / b, of floats and decimals.</summary>
    Divide,

    /// <summary>a % b.</summary>
    Remainder,
}

/// <summary>
/// What a row becomes (a <see cref="Cell"/>) where an operand is null: a null that counts as zero leaves a value, unless zero has another type
/// than the operation.
/// </summary>
internal readonly record struct NullRule(byte Left, byte Right, byte Both)
{
    /// <summary>The flags of the result of two vectors; null where both have but values.</summary>
    public byte[]? Merge(Vector left, Vector right)
    {
        if (left.Flags is null && right.Flags is null)
        {
            return null;
        }

        var flags = new byte[left.Length];
        for (var row = 0; row < flags.Length; row++)
        {
            var (l, r) = (left.Flag(row), right.Flag(row));
            if ((l | r) != Cell.Value)
            {
                flags[row] = Merge(l, r);
            }
        }

        return flags;
    }

    private byte Merge(byte left, byte right) => (left, right) switch
    {
        (Cell.Null, Cell.Null) => Both,
        (Cell.Null, Cell.Value) => Left,
        (Cell.Value, Cell.Null) => Right,
        _ => Cell.Undecided,
    };
}

/// <summary>An operation on two numbers of one type. Overflow and division by zero leave the row undecided.</summary>
internal sealed class ArithmeticExpr<T>(ArithmeticOp op, Expr<T> left, Expr<T> right, NullRule rule) : Expr<T>
    where T : struct, INumber<T>
{
    /// <inheritdoc/>
    public override Vector<T> Compute(RecordBatch batch)
    {
        var (a, b) = (left.Compute(batch), right.Compute(batch));
        var values = new T[batch.Length];
        var flags = Guard.Run(values.Length, rule.Merge(a, b), (ref int row) => Fill(a, b, values, ref row));
        ColumnFlags.Clear(values, flags);
        return new Vector<T>(values, values.Length, flags);
    }

    private void Fill(Vector<T> a, Vector<T> b, T[] values, ref int row)
    {
        switch (op)
        {
            case ArithmeticOp.Add:
                Each<Adding>(a, b, values, ref row);
                break;
            case ArithmeticOp.Subtract:
                Each<Subtracting>(a, b, values, ref row);
                break;
            case ArithmeticOp.Multiply:
                Each<Multiplying>(a, b, values, ref row);
                break;
            case ArithmeticOp.Divide:
                Each<Dividing>(a, b, values, ref row);
                break;
            default:
                Each<Remaining>(a, b, values, ref row);
                break;
        }
    }

    private static void Each<TOp>(Vector<T> a, Vector<T> b, T[] values, ref int row)
        where TOp : IOperation
    {
        for (; row < values.Length; row++)
        {
            values[row] = TOp.Apply(a[row], b[row]);
        }
    }

    private interface IOperation
    {
        static abstract T Apply(T a, T b);
    }

    private readonly struct Adding : IOperation
    {
        public static T Apply(T a, T b) => checked(a + b);
    }

    private readonly struct Subtracting : IOperation
    {
        public static T Apply(T a, T b) => checked(a - b);
    }

    private readonly struct Multiplying : IOperation
    {
        public static T Apply(T a, T b) => checked(a * b);
    }

    private readonly struct Dividing : IOperation
    {
        public static T Apply(T a, T b) => checked(a / b);
    }

    private readonly struct Remaining : IOperation
    {
        public static T Apply(T a, T b) => a % b;
    }
}
