using System.Buffers;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>
/// Values of fixed size that become numbers. One that a cell cannot hold exactly becomes its text, or where losses are allowed the nearest number.
/// </summary>
internal abstract class NumberCellWriter<T>(FixedType<T> type, string column, int place, uint style, CellRules rules) : CellWriter(place, style)
    where T : unmanaged
{
    /// <summary>What cells are written with.</summary>
    protected CellRules Rules => rules;

    /// <inheritdoc/>
    public override void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into)
    {
        if (array.IsNull(index))
        {
            return;
        }

        if (!TryWrite(array.Values<T>()[index], row, into))
        {
            rules.CountInexact(column);
            if (!rules.TakesNearest || !TryNearest(array.Values<T>()[index], out var nearest))
            {
                PutText(row, TextCellWriter.TextOf(type, array, index), into);
            }
            else
            {
                PutNumber(row, nearest, into);
            }
        }
    }

    /// <summary>Writes a value that a cell holds exactly.</summary>
    protected abstract bool TryWrite(T value, ReadOnlySpan<byte> row, ArrayBufferWriter<byte> into);

    /// <summary>The nearest number that Excel knows; false where there is none near.</summary>
    protected abstract bool TryNearest(T value, out double nearest);
}

/// <summary>Integers and decimals: exact to 15 digits, integers to 2^53.</summary>
internal sealed class ExactCellWriter<T>(FixedType<T> type, string column, int place, uint style, CellRules rules)
    : NumberCellWriter<T>(type, column, place, style, rules)
    where T : unmanaged
{
    private const double MostExact = 9_007_199_254_740_992;
    private const int ExactDigits = 15;

    private readonly FixedType<T> _type = type;

    /// <inheritdoc/>
    protected override bool TryWrite(T value, ReadOnlySpan<byte> row, ArrayBufferWriter<byte> into)
    {
        Span<byte> text = stackalloc byte[64];
        if (!_type.TryFormat(value, text, out var written))
        {
            return false;
        }

        text = text[..written];
        if (text.Length > ExactDigits && !IsExact(text))
        {
            return false;
        }

        PutNumber(row, text, into);
        return true;
    }

    /// <inheritdoc/>
    protected override bool TryNearest(T value, out double nearest)
    {
        Span<byte> text = stackalloc byte[64];
        nearest = 0;
        return _type.TryFormat(value, text, out var written)
            && double.TryParse(text[..written], System.Globalization.CultureInfo.InvariantCulture, out nearest);
    }

    private static bool IsExact(ReadOnlySpan<byte> text) =>
        NumberText.SignificantDigits(text) <= ExactDigits
        || (!text.Contains((byte)'.') && Int128.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var whole) && Int128.Abs(whole) <= (Int128)MostExact);
}

/// <summary>Binary floating point: all but NaN, infinities and what is beyond Excel's range.</summary>
internal sealed class FloatCellWriter<T>(FloatType<T> type, string column, int place, uint style, CellRules rules)
    : NumberCellWriter<T>(type, column, place, style, rules)
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T>
{
    private const double Most = 9.99999999999999E+307;
    private const double Least = 2.2250738585072014E-308;

    /// <inheritdoc/>
    protected override bool TryWrite(T value, ReadOnlySpan<byte> row, ArrayBufferWriter<byte> into)
    {
        var number = double.CreateChecked(value);
        if (!(Math.Abs(number) <= Most) || (Math.Abs(number) < Least && number != 0))
        {
            return false;
        }

        if (typeof(T) == typeof(double))
        {
            PutNumber(row, number, into);
            return true;
        }

        // The digits of the narrow type, not those that it has as a wide one.
        Span<byte> text = stackalloc byte[64];
        value.TryFormat(text, out var written, "R", System.Globalization.CultureInfo.InvariantCulture);
        PutNumber(row, text[..written], into);
        return true;
    }

    /// <inheritdoc/>
    protected override bool TryNearest(T value, out double nearest)
    {
        var number = double.CreateChecked(value);
        nearest = Math.Abs(number) < Least ? 0 : Math.Clamp(number, -Most, Most);
        return double.IsFinite(number);
    }
}

/// <summary>Dates: days since 1970.</summary>
internal sealed class DateCellWriter(DateType type, string column, int place, uint style, CellRules rules)
    : NumberCellWriter<int>(type, column, place, style, rules)
{
    /// <inheritdoc/>
    protected override bool TryWrite(int value, ReadOnlySpan<byte> row, ArrayBufferWriter<byte> into)
    {
        var isExact = Rules.Dates.TryDay(value, out var serial);
        if (isExact)
        {
            PutNumber(row, serial, into);
        }

        return isExact;
    }

    /// <inheritdoc/>
    protected override bool TryNearest(int value, out double nearest)
    {
        nearest = 0;
        return false;
    }
}

/// <summary>Timestamps, times of day and durations: microseconds.</summary>
internal sealed class MicrosecondCellWriter(FixedType<long> type, string column, int place, uint style, CellRules rules)
    : NumberCellWriter<long>(type, column, place, style, rules)
{
    private readonly bool _isMoment = type is TimestampType;

    /// <inheritdoc/>
    protected override bool TryWrite(long value, ReadOnlySpan<byte> row, ArrayBufferWriter<byte> into)
    {
        var isExact = _isMoment ? Rules.Dates.TryMoment(value, out var serial) : SerialDates.TrySpan(value, out serial);
        if (isExact)
        {
            PutNumber(row, serial, into);
        }

        return isExact;
    }

    /// <inheritdoc/>
    protected override bool TryNearest(long value, out double nearest)
    {
        if (!_isMoment)
        {
            SerialDates.TrySpan(value, out nearest);
            return true;
        }

        Rules.Dates.TryMoment(value, out nearest);
        return Rules.Dates.TryDay(TemporalText.FloorDivide(value).Days, out _);
    }
}
