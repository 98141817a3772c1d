using System.Globalization;
using System.Management.Automation;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>-eq, -ne, -lt, -le, -gt, -ge, -in and -contains: the left side decides what is compared.</summary>
internal static class Comparisons
{
    /// <summary>A comparison, or null where it has no column form.</summary>
    public static Expr<bool>? Compare(CompareOp op, bool ignoreCase, Expr left, Expr right)
    {
        if (left is IConstant { Value: null } || right is IConstant { Value: null })
        {
            var other = left is IConstant { Value: null } ? right : left;
            return op is CompareOp.Eq or CompareOp.Ne ? new IsNullExpr(other, op == CompareOp.Ne) : null;
        }

        return left switch
        {
            Expr<string> text => Text(op, ignoreCase, text, right),
            Expr<bool> flag => Flag(op, flag, right),
            Expr<DayOfWeek> day => Day(op, day, right),
            _ when Numbers.IsNumber(left) => Number(op, left, right),
            Expr<DateTime> time => Other(op, time, right, static v => v.Ticks),
            Expr<DateOnly> date => Other(op, date, right, static v => v.DayNumber),
            Expr<TimeOnly> time => Other(op, time, right, static v => v.Ticks),
            Expr<TimeSpan> span => Other(op, span, right, static v => v.Ticks),
            Expr<Guid> guid => Other(op, guid, right, static v => BigEndian(v)),
            _ => null,
        };
    }

    /// <summary>Whether a value equals one of the constants, each of them on the left side of a comparison.</summary>
    public static Expr<bool>? In(bool ignoreCase, object? list, Expr value)
    {
        var items = list is object?[] array ? array : list is System.Collections.IEnumerable many and not string ? [.. many.Cast<object?>()] : [list];
        items = System.Array.ConvertAll(items, Constants.Unwrap);
        if (value is Expr<string> and IColumn column && items.Length > 0 && items.All(i => i is string))
        {
            return new TextInExpr(column, [.. items.Cast<string>()], ignoreCase, negate: false);
        }

        Expr<bool> result = new ConstantExpr<bool>(false);
        foreach (var item in items)
        {
            if (Constants.ToExpr(item) is not { } constant || Compare(CompareOp.Eq, ignoreCase, constant, value) is not { } test)
            {
                return null;
            }

            result = new AndOrExpr(false, result, test);
        }

        return result;
    }

    private static Expr<bool>? Text(CompareOp op, bool ignoreCase, Expr<string> left, Expr right)
    {
        var equality = op is CompareOp.Eq or CompareOp.Ne;
        if (equality && left is IColumn column && right is IConstant constant)
        {
            return new TextInExpr(column, [Numbers.TextOf(constant.Value)], ignoreCase, op == CompareOp.Ne);
        }

        if (equality && right is Expr<string> and IColumn other && left is IConstant { Value: string text })
        {
            return new TextInExpr(other, [text], ignoreCase, op == CompareOp.Ne);
        }

        // Null on the left compares with a number by the number's sign, which its text no longer tells.
        return right is Expr<string> || equality ? new TextCompareExpr(op, ignoreCase, left, Casts.ToText(right, Nulls.Keep)) : null;
    }

    private static CompareExpr<byte>? Flag(CompareOp op, Expr<bool> left, Expr right)
    {
        if (op is not (CompareOp.Eq or CompareOp.Ne))
        {
            return null;
        }

        var flag = right is IConstant { Value: { } value } ? new ConstantExpr<bool>(LanguagePrimitives.IsTrue(value)) : right as Expr<bool>;
        return flag is null ? null : new CompareExpr<byte>(op, Bits(left), Bits(flag), isNumber: false);
    }

    private static MapExpr<bool, byte> Bits(Expr<bool> flag) => new(flag, static v => v ? (byte)1 : (byte)0, Nulls.Keep);

    private static CompareExpr<int>? Day(CompareOp op, Expr<DayOfWeek> left, Expr right) =>
        op is CompareOp.Eq or CompareOp.Ne
        && right is IConstant { Value: string or int } constant
        && LanguagePrimitives.TryConvertTo(constant.Value, CultureInfo.InvariantCulture, out DayOfWeek day)
            ? new CompareExpr<int>(op, new MapExpr<DayOfWeek, int>(left, static v => (int)v, Nulls.Keep), new ConstantExpr<int>((int)day), isNumber: false)
            : null;

    private static Expr<bool>? Number(CompareOp op, Expr left, Expr right)
    {
        if (right is IConstant { Value: string or bool } constant)
        {
            return NumberWithOther(op, left, constant.Value!);
        }

        if (!Numbers.IsNumber(right))
        {
            return null;
        }

        if (left is IConstant && right is IColumn)
        {
            (op, left, right) = (Comparison.Swap(op), right, left);
        }

        return left is IColumn column && right is IConstant { Value: { } limit } && ColumnCompare.TryCreate(column, op, limit is float f ? (double)f : limit) is { } direct
            ? direct
            : Numeric(op, left, right);
    }

    private static Expr<bool>? NumberWithOther(CompareOp op, Expr left, object constant)
    {
        if (constant is string text)
        {
            return Numbers.Parse(text) is { } number && Constants.ToExpr(number) is { } parsed && Numbers.IsNumber(parsed)
                ? Number(op, left, parsed)
                : null;
        }

        return Number(op, left, new ConstantExpr<int>((bool)constant ? 1 : 0));
    }

    private static Expr<bool>? Numeric(CompareOp op, Expr left, Expr right)
    {
        if (left is Expr<Quotient> ? right.Type == typeof(long) : right is Expr<Quotient> && left.Type == typeof(long))
        {
            return null;
        }

        var common = Numbers.Common(left.Type, right.Type);
        return common == typeof(decimal)
            ? new CompareExpr<decimal>(op, Numbers.ToDecimal(left, true), Numbers.ToDecimal(right, true), isNumber: true)
            : common == typeof(double)
            ? new CompareExpr<double>(op, Numbers.ToDouble(left), Numbers.ToDouble(right), isNumber: true)
            : new CompareExpr<long>(op, Numbers.ToLong(left), Numbers.ToLong(right), isNumber: true);
    }

    private static Expr<bool>? Other<T, TNumber>(CompareOp op, Expr<T> left, Expr right, Func<T, TNumber> number)
        where T : struct
        where TNumber : struct, System.Numerics.INumber<TNumber>
    {
        if (right is not Expr<T> && right is IConstant { Value: { } value })
        {
            if (!LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out T converted))
            {
                return null;
            }

            right = new ConstantExpr<T>(converted);
        }

        if (left is IColumn column && right is IConstant { Value: { } limit } && ColumnCompare.TryCreate(column, op, limit) is { } direct)
        {
            return direct;
        }

        return right is Expr<T> same
            ? new CompareExpr<TNumber>(op, new MapExpr<T, TNumber>(left, number, Nulls.Keep), new MapExpr<T, TNumber>(same, number, Nulls.Keep), isNumber: false)
            : null;
    }

    private static UInt128 BigEndian(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
