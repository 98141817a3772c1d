using System.Numerics;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>Comparisons of a column with a constant that run on the column's buffer.</summary>
internal static class ColumnCompare
{
    /// <summary>
    /// The comparison, or null where the column cannot be compared in its own form. A number is compared with a number as the wider of both
    /// types would be: int32, int64, double, decimal.
    /// </summary>
    public static Expr<bool>? TryCreate(IColumn column, CompareOp op, object constant) => column.DataType switch
    {
        IntegerType<sbyte> t => Integer(column, t, op, constant),
        IntegerType<short> t => Integer(column, t, op, constant),
        IntegerType<int> t => Integer(column, t, op, constant),
        IntegerType<long> t => Integer(column, t, op, constant),
        FloatType<float> t => Float(column, t, op, constant),
        FloatType<double> t => Float(column, t, op, constant),
        DecimalType { Precision: <= 28 } t => Decimal(column, t, op, constant),
        var type => Temporal(column, type, op, constant),
    };

    private static Expr<bool>? Integer<T>(IColumn column, FixedType<T> type, CompareOp op, object constant)
        where T : unmanaged, INumberBase<T> => constant switch
    {
        int number => Number(column, type, op, (long)number),
        long number => Number(column, type, op, number),
        double number => Number(column, type, op, number),
        _ => null,
    };

    private static Expr<bool>? Float<T>(IColumn column, FixedType<T> type, CompareOp op, object constant)
        where T : unmanaged, INumberBase<T> => constant switch
    {
        int number => Number(column, type, op, (double)number),
        long number => Number(column, type, op, (double)number),
        double number => Number(column, type, op, number),
        _ => null,
    };

    private static Expr<bool>? Decimal(IColumn column, DecimalType type, CompareOp op, object constant)
    {
        decimal number;
        switch (constant)
        {
            case int or long or decimal:
                number = Convert.ToDecimal(constant, System.Globalization.CultureInfo.InvariantCulture);
                break;
            // A double becomes a decimal where it can.
            case double value when Math.Abs(value) < 1e28:
                number = (decimal)value;
                break;
            default:
                return null;
        }

        var scaled = (BigInteger)DecimalType.Unscaled(number) * BigInteger.Pow(10, type.Scale);
        var divisor = BigInteger.Pow(10, number.Scale);
        return Scaled(column, type, op, scaled, divisor, Comparison.NullWithNumber(op, false, number));
    }

    private static Expr<bool>? Temporal(IColumn column, DataType type, CompareOp op, object constant)
    {
        var whenNull = Comparison.NullWithOther(op, nullIsLeft: true);
        return (type, constant) switch
        {
            (TimestampType t, DateTime time) => Scaled(column, t, op, time.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond, whenNull),
            (DurationType t, TimeSpan span) => Scaled(column, t, op, span.Ticks, TimeSpan.TicksPerMicrosecond, whenNull),
            (TimeType t, TimeOnly time) => Scaled(column, t, op, time.Ticks, TimeSpan.TicksPerMicrosecond, whenNull),
            (DateType t, DateOnly date) when t.TryConvert(date, out var days) => Scaled(column, t, op, days, 1, whenNull),
            _ => null,
        };
    }

    private static Expr<bool> Number<TStored, T>(IColumn column, FixedType<TStored> type, CompareOp op, T limit)
        where TStored : unmanaged, INumberBase<TStored>
        where T : struct, INumber<T> =>
        Create(column, type, op, limit, Comparison.NullWithNumber(op, false, limit));

    /// <summary>Compares with a fraction: what is greater than 2.5 is greater than 2, where only whole numbers are stored.</summary>
    private static Expr<bool>? Scaled<T>(IColumn column, FixedType<T> type, CompareOp op, BigInteger numerator, BigInteger denominator, bool whenNull)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var floor = BigInteger.DivRem(numerator, denominator, out var rest);
        floor -= rest.Sign < 0 ? 1 : 0;
        if (floor < BigInteger.CreateChecked(T.MinValue) || floor > BigInteger.CreateChecked(T.MaxValue) || (!rest.IsZero && (op is CompareOp.Eq or CompareOp.Ne)))
        {
            return null;
        }

        var moved = rest.IsZero ? op : op is CompareOp.Gt or CompareOp.Ge ? CompareOp.Gt : CompareOp.Le;
        return Create(column, type, moved, T.CreateChecked(floor), whenNull);
    }

    private static ColumnCompareExpr<TStored, T> Create<TStored, T>(IColumn column, FixedType<TStored> type, CompareOp op, T limit, bool whenNull)
        where TStored : unmanaged, INumberBase<TStored>
        where T : struct, INumber<T> =>
        new(column, op, limit, whenNull, value => type.TryConvert(value, out var stored) ? T.CreateTruncating(stored) : null);
}
