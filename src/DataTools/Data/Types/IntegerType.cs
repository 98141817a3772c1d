using System.Globalization;
using System.Numerics;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>An integer column. Text is an optional minus and digits without leading zeros; more is somebody's code, not a number.</summary>
public sealed class IntegerType<T>(string name, IArrowType arrow, Type valueType) : FixedType<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IArrowType Arrow => arrow;

    /// <inheritdoc/>
    public override Type ValueType => valueType;

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out T value)
    {
        if (rules.Culture is null)
        {
            return TryParseInvariant(text, out value);
        }

        value = default;
        Span<byte> plain = stackalloc byte[LocalNumbers.MaxLength];
        return LocalNumbers.Of(rules.Culture).TryInvariant(text, plain, out var length) && TryParseInvariant(plain[..length], out value);
    }

    private static bool TryParseInvariant(ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        var negative = text.Length > 1 && text[0] == (byte)'-';
        var digits = negative ? text[1..] : text;
        if (digits.Length is 0 or > 20 || (digits[0] == (byte)'0' && text.Length > 1) || !TryDigits(digits, out var number))
        {
            return false;
        }

        return digits.Length >= 19 ? TryParseLong(text, out value) : TryNarrow(negative ? -(long)number : (long)number, out value);
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out T converted)
    {
        switch (value)
        {
            case sbyte or short or int or long or byte or ushort or uint:
                return TryNarrow(Convert.ToInt64(value, CultureInfo.InvariantCulture), out converted);
            case ulong number:
                return TryNarrow(number, out converted);
            case double or float:
                return TryWhole(Convert.ToDouble(value, CultureInfo.InvariantCulture), out converted);
            case decimal number when decimal.Truncate(number) == number:
                return TryNarrow((Int128)number, out converted);
            case BigInteger number when number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue:
                return TryNarrow((Int128)number, out converted);
            default:
                return TryConvertText(value, out converted);
        }
    }

    /// <inheritdoc/>
    public override object ToObject(T value) =>
        valueType == typeof(int) ? int.CreateChecked(value) : value;

    /// <inheritdoc/>
    public override bool TryFormat(T value, Span<byte> destination, out int written) =>
        value.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);

    /// <summary>Reads digits; the number is right up to 19 of them.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> digits, out ulong number)
    {
        number = 0;
        foreach (var c in digits)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            number = unchecked((number * 10) + digit);
        }

        return true;
    }

    private static bool TryParseLong(ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        return Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && TryNarrow(number, out value);
    }

    private static bool TryNarrow(Int128 number, out T value)
    {
        var fits = number >= Int128.CreateChecked(T.MinValue) && number <= Int128.CreateChecked(T.MaxValue);
        value = fits ? T.CreateTruncating(number) : default;
        return fits;
    }

    private static bool TryNarrow(long number, out T value)
    {
        value = T.CreateTruncating(number);
        return long.CreateSaturating(value) == number;
    }

    private static bool TryWhole(double number, out T value)
    {
        value = default;
        return Math.Abs(number) <= 9007199254740992d && number == Math.Truncate(number) && TryNarrow((long)number, out value);
    }
}
