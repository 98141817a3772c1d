using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>Both, or either: the right side counts only where the left side does not decide.</summary>
internal sealed class AndOrExpr(bool isAnd, Expr<bool> left, Expr<bool> right) : Expr<bool>, ICondition
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var a = left.Compute(batch);
        // Where the left side decides all rows, the right side need not be computed.
        if (a.Flags is null && !a.IsConstant && !a.Values.AsSpan().Contains(isAnd))
        {
            return a;
        }

        var b = right.Compute(batch);
        var result = new bool[batch.Length];
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = isAnd ? a[row] & b[row] : a[row] | b[row];
        }

        return new Vector<bool>(result, result.Length, Flags(a, b, result));
    }

    /// <inheritdoc/>
    public override Outcomes Within(Func<string, (object Min, object Max)?> range)
    {
        var (a, b) = (left.Within(range), right.Within(range));
        var decided = (a | b) & (isAnd ? Outcomes.False : Outcomes.True);
        return decided | (a & b & (isAnd ? Outcomes.True : Outcomes.False));
    }

    private byte[]? Flags(Vector<bool> a, Vector<bool> b, bool[] result)
    {
        if (a.Flags is null && b.Flags is null)
        {
            return null;
        }

        var flags = new byte[result.Length];
        for (var row = 0; row < flags.Length; row++)
        {
            flags[row] = a.Flag(row) == Cell.Value && a[row] != isAnd ? Cell.Value : (byte)(a.Flag(row) | b.Flag(row));
        }

        return flags;
    }
}

/// <summary>Just one of both.</summary>
internal sealed class XorExpr(Expr<bool> left, Expr<bool> right) : Expr<bool>, ICondition
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var (a, b) = (left.Compute(batch), right.Compute(batch));
        var result = new bool[batch.Length];
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = a[row] ^ b[row];
        }

        return new Vector<bool>(result, result.Length, new NullRule(Cell.Undecided, Cell.Undecided, Cell.Undecided).Merge(a, b));
    }
}

/// <summary>The opposite.</summary>
internal sealed class NotExpr(Expr<bool> operand) : Expr<bool>, ICondition
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var input = operand.Compute(batch);
        return new Vector<bool>(System.Array.ConvertAll(input.Values, v => !v), batch.Length, input.Flags, input.IsConstant);
    }

    /// <inheritdoc/>
    public override Outcomes Within(Func<string, (object Min, object Max)?> range)
    {
        var inner = operand.Within(range);
        return (inner.HasFlag(Outcomes.True) ? Outcomes.False : Outcomes.None) | (inner.HasFlag(Outcomes.False) ? Outcomes.True : Outcomes.None);
    }
}

/// <summary>One of two values, by a condition: the other one does not count.</summary>
internal sealed class ConditionalExpr<T>(Expr<bool> condition, Expr<T> whenTrue, Expr<T> whenFalse) : Expr<T>
{
    /// <inheritdoc/>
    public override Vector<T> Compute(RecordBatch batch)
    {
        var (test, a, b) = (condition.Compute(batch), whenTrue.Compute(batch), whenFalse.Compute(batch));
        var values = new T[batch.Length];
        byte[]? flags = test.Flags is null && a.Flags is null && b.Flags is null ? null : new byte[batch.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var chosen = test[row] ? a : b;
            values[row] = chosen[row];
            if (flags is not null)
            {
                flags[row] = test.Flag(row) == Cell.Value ? chosen.Flag(row) : Cell.Undecided;
            }
        }

        return new Vector<T>(values, values.Length, flags);
    }
}

/// <summary>A value as an object, for branches whose types differ.</summary>
internal sealed class BoxExpr(Expr operand) : Expr<object>
{
    /// <inheritdoc/>
    public override Vector<object> Compute(RecordBatch batch)
    {
        var input = operand.Evaluate(batch);
        var values = new object[batch.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = input.Box(row)!;
        }

        return new Vector<object>(values, values.Length, input is { IsConstant: true, Flags: { } flags } ? [.. Enumerable.Repeat(flags[0], batch.Length)] : input.Flags);
    }
}
