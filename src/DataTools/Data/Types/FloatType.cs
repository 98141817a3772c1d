using System.Globalization;
using System.Numerics;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>A binary floating-point column (float, double). Written by the shortest text that reads back as the same value.</summary>
public sealed class FloatType<T>(string name, IArrowType arrow, int safeDigits) : FixedType<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IArrowType Arrow => arrow;

    /// <inheritdoc/>
    public override Type ValueType => typeof(T);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out T value)
    {
        value = default;
        if (rules.Culture is { } culture)
        {
            Span<byte> plain = stackalloc byte[LocalNumbers.MaxLength];
            return LocalNumbers.Of(culture).TryInvariant(text, plain, out var length) && TryParseInvariant(plain[..length], rules.RoundFloats, out value);
        }

        return TryParseInvariant(text, rules.RoundFloats, out value);
    }

    private bool TryParseInvariant(ReadOnlySpan<byte> text, bool round, out T value)
    {
        if (NumberText.TrySpecial(text, out var special))
        {
            value = T.CreateTruncating(special);
            return true;
        }

        // Overflow to infinity and digits that the type cannot hold are losses, not values.
        return T.TryParse(text, Styles, CultureInfo.InvariantCulture, out value)
            && T.IsFinite(value)
            && (round || NumberText.SignificantDigits(text) <= safeDigits || IsExact(text, value));
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out T converted)
    {
        switch (value)
        {
            case T same:
                converted = same;
                return true;
            case double number:
                converted = T.CreateTruncating(number);
                return double.CreateTruncating(converted).Equals(number);
            case float number:
                converted = T.CreateTruncating(number);
                return true;
            case sbyte or short or int or long or byte or ushort or uint or ulong or decimal:
                return TryDecimal(Convert.ToDecimal(value, CultureInfo.InvariantCulture), out converted);
            default:
                return TryConvertText(value is BigInteger ? DataTypes.TextOf(value)! : value, out converted);
        }
    }

    /// <inheritdoc/>
    public override object ToObject(T value) => value;

    /// <inheritdoc/>
    public override bool TryFormat(T value, Span<byte> destination, out int written) =>
        (typeof(T) == typeof(double) && FastFormat.TryDouble((double)(object)value, destination, out written))
        || value.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);

    /// <summary>A decimal is taken when the float's shortest text is the same number.</summary>
    private static bool TryDecimal(decimal number, out T converted)
    {
        converted = T.CreateTruncating(number);
        return decimal.TryParse(converted.ToString(null, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var back)
            && back == number;
    }

    private static bool IsExact(ReadOnlySpan<byte> text, T value)
    {
        Span<byte> shortest = stackalloc byte[64];
        return value.TryFormat(shortest, out var written, default, CultureInfo.InvariantCulture)
            && NumberText.SameNumber(text, shortest[..written]);
    }
}
