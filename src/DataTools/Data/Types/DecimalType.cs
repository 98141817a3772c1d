using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>An exact decimal column: an integer of at most 38 digits, <see cref="Scale"/> of them behind the point.</summary>
public sealed class DecimalType : FixedType<Int128>
{
    /// <summary>The most digits that Arrow's decimal128 holds.</summary>
    public const int MaxPrecision = 38;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, MaxPrecision + 1).Select(n => (Int128)BigInteger.Pow(10, n))];

    private readonly Int128 _limit;

    /// <summary>A decimal of <paramref name="precision"/> digits (1 to 38), <paramref name="scale"/> of them behind the point.</summary>
    public DecimalType(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, MaxPrecision);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        Precision = precision;
        Scale = scale;
        Arrow = new Decimal128Type(precision, scale);
        Name = string.Create(CultureInfo.InvariantCulture, $"decimal({precision},{scale})");
        _limit = Powers[precision];
    }

    /// <summary>The digits in all.</summary>
    public int Precision { get; }

    /// <summary>The digits behind the point.</summary>
    public int Scale { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override IArrowType Arrow { get; }

    /// <inheritdoc/>
    public override Type ValueType => Precision > 28 ? typeof(SqlDecimal) : typeof(decimal);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out Int128 value)
    {
        if (rules.Culture is { } culture)
        {
            value = default;
            Span<byte> plain = stackalloc byte[LocalNumbers.MaxLength];
            return LocalNumbers.Of(culture).TryInvariant(text, plain, out var length) && TryParseInvariant(plain[..length], out value);
        }

        return TryParseInvariant(text, out value);
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out Int128 converted)
    {
        switch (value)
        {
            case decimal number:
                return TryRescale(Unscaled(number), number.Scale, out converted);
            case sbyte or short or int or long or byte or ushort or uint or ulong:
                return TryRescale(Unscaled(Convert.ToDecimal(value, CultureInfo.InvariantCulture)), 0, out converted);
            case SqlDecimal or BigInteger:
                return TryParseInvariant(System.Text.Encoding.ASCII.GetBytes(DataTypes.TextOf(value)!), out converted);
            case double or float:
                return TryFloat(Convert.ToDouble(value, CultureInfo.InvariantCulture), out converted);
            case string text:
                return TryParseInvariant(System.Text.Encoding.UTF8.GetBytes(text), out converted);
            default:
                converted = default;
                return false;
        }
    }

    /// <inheritdoc/>
    public override object ToObject(Int128 value)
    {
        var absolute = Int128.Abs(value);
        if (Scale > 28 || absolute >= Powers[28])
        {
            var bits = (UInt128)absolute;
            int[] words = [(int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), (int)(uint)(bits >> 96)];
            return new SqlDecimal((byte)Precision, (byte)Scale, value >= 0, words);
        }

        return new decimal((int)(uint)absolute, (int)(uint)(absolute >> 32), (int)(uint)(absolute >> 64), value < 0, (byte)Scale);
    }

    /// <inheritdoc/>
    public override bool TryFormat(Int128 value, Span<byte> destination, out int written)
    {
        if (value > long.MinValue && value <= long.MaxValue && Scale < 19 && destination.Length >= FastFormat.MaxText)
        {
            var small = (long)value;
            written = FastFormat.WriteScaled((ulong)Math.Abs(small), Scale, small < 0, destination);
            return true;
        }

        return Scale == 0
            ? value.TryFormat(destination, out written, default, CultureInfo.InvariantCulture)
            : TryFormatLarge(value, destination, out written);
    }

    /// <summary>Moves the value to this type's scale; false where a digit would be lost or the precision is passed.</summary>
    public bool TryRescale(Int128 unscaled, int scale, out Int128 value)
    {
        value = unscaled;
        if (scale < Scale)
        {
            var factor = Powers[Scale - scale];
            // The product stays below 10^38 exactly when the operand stays below 10^38 / factor.
            if (Int128.Abs(unscaled) >= Powers[MaxPrecision] / factor)
            {
                return false;
            }

            value = unscaled * factor;
        }
        else if (scale > Scale)
        {
            (value, var rest) = Int128.DivRem(unscaled, Powers[Math.Min(scale - Scale, MaxPrecision)]);
            if (rest != 0)
            {
                return false;
            }
        }

        return Int128.Abs(value) < _limit;
    }

    private bool TryParseInvariant(ReadOnlySpan<byte> text, out Int128 value)
    {
        value = default;
        var negative = text.Length > 1 && text[0] == (byte)'-';
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        // "-0" has a sign that would be lost.
        return IsPlain(digits, point)
            && TryAccumulate(digits, point, out var unscaled, out var scale)
            && TryRescale(negative ? -unscaled : unscaled, scale, out value)
            && !(negative && value == 0);
    }

    /// <summary>Digits on both sides of a point, and no zeros before other digits: those are a code's, not a number's.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> digits, int point) =>
        digits.Length is > 0 and <= 80
        && point != 0
        && point != digits.Length - 1
        && (digits[0] != (byte)'0' || digits.Length == 1 || point == 1);

    private static bool TryAccumulate(ReadOnlySpan<byte> digits, int point, out Int128 unscaled, out int scale)
    {
        unscaled = default;
        scale = point < 0 ? 0 : digits.Length - point - 1;
        if (digits.Length <= 19)
        {
            ulong small = 0;
            for (var i = 0; i < digits.Length; i++)
            {
                var digit = (uint)(digits[i] - '0');
                if (digit > 9)
                {
                    if (i != point)
                    {
                        return false;
                    }

                    continue;
                }

                small = (small * 10) + digit;
            }

            unscaled = small;
            return true;
        }

        return TryAccumulateLong(digits, point, ref unscaled, ref scale);
    }

    private static bool TryAccumulateLong(ReadOnlySpan<byte> digits, int point, ref Int128 unscaled, ref int scale)
    {
        for (var i = 0; i < digits.Length; i++)
        {
            if (i == point)
            {
                continue;
            }

            var digit = (uint)(digits[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            if (unscaled >= Powers[MaxPrecision - 1])
            {
                // Past 38 digits only trailing zeros of the fraction can be let go.
                if (digit != 0 || point < 0 || i < point)
                {
                    return false;
                }

                scale--;
                continue;
            }

            unscaled = (unscaled * 10) + (int)digit;
        }

        return true;
    }

    private bool TryFloat(double number, out Int128 converted)
    {
        converted = default;
        // The shortest text is the number that the user sees; 1E+20 has no such plain form.
        return double.IsFinite(number)
            && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && TryRescale(Unscaled(exact), exact.Scale, out converted);
    }

    /// <summary>The digits of a decimal as an integer.</summary>
    internal static Int128 Unscaled(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        var magnitude = ((Int128)(uint)parts[2] << 64) | ((Int128)(uint)parts[1] << 32) | (uint)parts[0];
        return parts[3] < 0 ? -magnitude : magnitude;
    }

    // Compiled fully at once: the first file has millions of values too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFormatLarge(Int128 value, Span<byte> destination, out int written)
    {
        written = 0;
        var (whole, fraction) = Int128.DivRem(Int128.Abs(value), Powers[Scale]);
        var text = (value < 0 ? "-" : "") + whole.ToString(CultureInfo.InvariantCulture) + "."
            + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(Scale, '0');
        return System.Text.Encoding.ASCII.TryGetBytes(text, destination, out written);
    }
}
