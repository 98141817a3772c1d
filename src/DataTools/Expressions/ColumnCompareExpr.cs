using System.Numerics;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>
/// A column compared with a constant, straight on the column's buffer: the constant has been brought to the column's own form.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="op">The comparison, the column on the left.</param>
/// <param name="limit">The constant.</param>
/// <param name="whenNull">What the comparison gives for null.</param>
/// <param name="toLimit">A value as the ranges give it, as <typeparamref name="T"/>; null where it has no such form.</param>
internal sealed class ColumnCompareExpr<TStored, T>(IColumn column, CompareOp op, T limit, bool whenNull, Func<object, T?> toLimit) : Expr<bool>, ICondition
    where TStored : unmanaged, INumberBase<TStored>
    where T : struct, INumber<T>
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var array = batch.Column(column.Index);
        var values = array.Values<TStored>();
        var result = GC.AllocateUninitializedArray<bool>(values.Length);
        CompareTests.Dispatch<T, Loop>(op, new Loop(values, limit, result));
        NullRows.Set(array, result, whenNull);
        return new Vector<bool>(result, result.Length, null);
    }

    /// <inheritdoc/>
    public override Outcomes Within(Func<string, (object Min, object Max)?> range)
    {
        if (range(column.Name) is not var (min, max) || toLimit(min) is not { } low || toLimit(max) is not { } high)
        {
            return Outcomes.Both;
        }

        var (below, equal, above) = (low < limit, low <= limit && limit <= high, high > limit);
        var inside = op switch
        {
            CompareOp.Eq => Range(equal, below || above),
            CompareOp.Ne => Range(below || above, equal),
            CompareOp.Lt => Range(below, high >= limit),
            CompareOp.Le => Range(low <= limit, above),
            CompareOp.Gt => Range(above, low <= limit),
            _ => Range(high >= limit, below),
        };
        return inside | Outside;
    }

    /// <summary>Ranges leave out nulls and NaN, and whether there are any is not known.</summary>
    private Outcomes Outside
    {
        get
        {
            var nulls = Range(whenNull, !whenNull);
            return typeof(T) != typeof(double) ? nulls : nulls | Range(op == CompareOp.Ne, op != CompareOp.Ne);
        }
    }

    private static Outcomes Range(bool mayHold, bool mayFail) =>
        (mayHold ? Outcomes.True : Outcomes.None) | (mayFail ? Outcomes.False : Outcomes.None);

    private readonly ref struct Loop(ReadOnlySpan<TStored> values, T limit, Span<bool> result) : ICompareLoop<T>
    {
        private readonly ReadOnlySpan<TStored> _values = values;
        private readonly Span<bool> _result = result;

        public void Run<TTest>()
            where TTest : ICompareTest<T>
        {
            var other = limit;
            var from = _values;
            var into = _result;
            for (var row = 0; row < into.Length; row++)
            {
                into[row] = TTest.Holds(T.CreateTruncating(from[row]), other);
            }
        }
    }
}

/// <summary>The null rows of a condition on a column.</summary>
internal static class NullRows
{
    /// <summary>Sets the result of the rows that are null.</summary>
    public static void Set(IArrowArray array, Span<bool> result, bool whenNull)
    {
        var validity = array.Validity(out var start);
        if (validity.IsEmpty)
        {
            return;
        }

        for (var row = 0; row < result.Length; row++)
        {
            var bit = start + row;
            var valid = ((validity[bit >> 3] >> (bit & 7)) & 1) != 0;
            result[row] = valid ? result[row] : whenNull;
        }
    }
}
