using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>What becomes of a null that a function is to be applied to.</summary>
internal enum Nulls
{
    /// <summary>The result is null.</summary>
    Keep,

    /// <summary>The function gets the type's default.</summary>
    Pass,

    /// <summary>The row is left undecided.</summary>
    Undecided,
}

/// <summary>A function of one value. Where it throws, the row is left undecided.</summary>
internal sealed class MapExpr<TIn, TOut>(Expr<TIn> operand, Func<TIn, TOut> map, Nulls nulls) : Expr<TOut>
{
    /// <inheritdoc/>
    public override Vector<TOut> Compute(RecordBatch batch)
    {
        var input = operand.Compute(batch);
        var values = new TOut[input.Values.Length];
        var flags = Flags(input.Flags);
        flags = Guard.Run(values.Length, flags, (ref int row) => Fill(input.Values, flags, values, ref row));
        return new Vector<TOut>(values, batch.Length, Results(values, flags), input.IsConstant);
    }

    private void Fill(TIn[] input, byte[]? flags, TOut[] values, ref int row)
    {
        for (; row < values.Length; row++)
        {
            if (flags is null || flags[row] == Cell.Value)
            {
                values[row] = map(input[row]);
            }
        }
    }

    private byte[]? Flags(byte[]? flags)
    {
        if (flags is null || nulls == Nulls.Keep)
        {
            return (byte[]?)flags?.Clone();
        }

        var other = nulls == Nulls.Pass ? Cell.Value : Cell.Undecided;
        return System.Array.ConvertAll(flags, f => f == Cell.Null ? other : f);
    }

    /// <summary>A function may give null.</summary>
    private static byte[]? Results(TOut[] values, byte[]? flags)
    {
        if (typeof(TOut).IsValueType)
        {
            return flags;
        }

        for (var row = 0; row < values.Length; row++)
        {
            if (values[row] is null && (flags is null || flags[row] == Cell.Value))
            {
                flags ??= new byte[values.Length];
                flags[row] = Cell.Null;
            }
        }

        return flags;
    }
}

/// <summary>
/// A function of several values, given as objects and null. Where it throws, or gives another type than was expected, the row is left undecided.
/// </summary>
internal sealed class ApplyExpr<T>(IReadOnlyList<Expr> arguments, Func<object?[], object?> function, Nulls nulls) : Expr<T>
{
    /// <inheritdoc/>
    public override Vector<T> Compute(RecordBatch batch)
    {
        var inputs = arguments.Select(a => a.Evaluate(batch)).ToArray();
        var values = new T[batch.Length];
        var flags = new byte[batch.Length];
        Guard.Run(batch.Length, flags, (ref int row) => Fill(inputs, flags, values, ref row));
        return new Vector<T>(values, batch.Length, flags);
    }

    private void Fill(Vector[] inputs, byte[] flags, T[] values, ref int row)
    {
        var given = new object?[inputs.Length];
        for (; row < values.Length; row++)
        {
            flags[row] = Read(inputs, row, given);
            if (flags[row] == Cell.Value && function(given) is { } result)
            {
                values[row] = (T)result;
            }
            else if (flags[row] == Cell.Value)
            {
                flags[row] = Cell.Null;
            }
        }
    }

    private byte Read(Vector[] inputs, int row, object?[] given)
    {
        var flag = Cell.Value;
        for (var i = 0; i < inputs.Length; i++)
        {
            given[i] = inputs[i].Box(row);
            flag = Math.Max(flag, inputs[i].Flag(row) == Cell.Null ? OfNull : inputs[i].Flag(row));
        }

        return flag;
    }

    private byte OfNull => nulls switch
    {
        Nulls.Keep => Cell.Null,
        Nulls.Pass => Cell.Value,
        _ => Cell.Undecided,
    };
}

/// <summary>Whether a value is null, or is not.</summary>
internal sealed class IsNullExpr(Expr operand, bool negate) : Expr<bool>, ICondition
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        // A column need not be read for this.
        var flags = operand is IColumn column ? ColumnFlags.Of(batch.Column(column.Index)) : Flags(operand.Evaluate(batch));
        var values = new bool[batch.Length];
        if (flags is null)
        {
            System.Array.Fill(values, negate);
            return new Vector<bool>(values, values.Length, null);
        }

        var undecided = flags.AsSpan().Contains(Cell.Undecided) ? new byte[values.Length] : null;
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = (flags[row] == Cell.Null) != negate;
            if (flags[row] == Cell.Undecided)
            {
                undecided![row] = Cell.Undecided;
            }
        }

        return new Vector<bool>(values, values.Length, undecided);
    }

    private static byte[]? Flags(Vector vector) =>
        vector is { IsConstant: true, Flags: { } flags } ? [.. Enumerable.Repeat(flags[0], vector.Length)] : vector.Flags;
}
