using System.Numerics;
using System.Text;

namespace DataTools.Data;

/// <summary>What the digits of a number's text tell, without reading it into a type that may round.</summary>
internal static class NumberText
{
    /// <summary>The digits from the first that is not zero, of the mantissa; trailing zeros after a point do not count.</summary>
    public static int SignificantDigits(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        var zeros = 0;
        foreach (var c in text)
        {
            if (c is (byte)'e' or (byte)'E')
            {
                break;
            }

            if (c == (byte)'0')
            {
                zeros += digits > 0 ? 1 : 0;
            }
            else if (c is >= (byte)'1' and <= (byte)'9')
            {
                digits += zeros + 1;
                zeros = 0;
            }
        }

        return digits;
    }

    /// <summary>The digits behind the point of a number without an exponent, without the zeros at their end.</summary>
    public static int FractionDigits(ReadOnlySpan<byte> text) => text.IndexOf((byte)'.') is >= 0 and var point ? text[(point + 1)..].TrimEnd((byte)'0').Length : 0;

    /// <summary>
    /// Splits a plain number: an optional minus, digits without leading zeros, and a fraction. An exponent is taken only with a sign or a
    /// point before it (1e+20, 1.5e3), for 1E5 may be a code. <paramref name="whole"/> and <paramref name="scale"/> count digits.
    /// </summary>
    public static bool TryShape(ReadOnlySpan<byte> text, out int whole, out int scale, out bool exponent)
    {
        var rest = text.StartsWith("-"u8) ? text[1..] : text;
        whole = Digits(rest);
        scale = 0;
        exponent = false;
        if (whole == 0 || (rest[0] == (byte)'0' && whole > 1))
        {
            return false;
        }

        rest = rest[whole..];
        if (rest.StartsWith("."u8))
        {
            scale = Digits(rest[1..]);
            rest = rest[(scale + 1)..];
            if (scale == 0)
            {
                return false;
            }
        }

        exponent = !rest.IsEmpty;
        return rest.IsEmpty || IsExponent(rest, scale > 0);
    }

    private static bool IsExponent(ReadOnlySpan<byte> text, bool afterPoint)
    {
        if (text.Length < 2 || text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var signed = text[1] is (byte)'+' or (byte)'-';
        var digits = text[(signed ? 2 : 1)..];
        return (signed || afterPoint) && digits.Length is > 0 and <= 3 && Digits(digits) == digits.Length;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>Not-a-number and the infinities, as .NET, Python and databases write them.</summary>
    public static bool TrySpecial(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length is < 3 or > 9 || (text[^1] is >= (byte)'0' and <= (byte)'9'))
        {
            return false;
        }

        switch (Encoding.UTF8.GetString(text))
        {
            case "NaN" or "nan":
                value = double.NaN;
                return true;
            case "Infinity" or "inf" or "Inf":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity" or "-inf" or "-Inf":
                value = double.NegativeInfinity;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether two plain texts are the same number, digit for digit.</summary>
    public static bool SameNumber(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        TrySplit(left, out var leftDigits, out var leftScale)
        && TrySplit(right, out var rightDigits, out var rightScale)
        && Math.Abs(leftScale - rightScale) < 1000
        && Scale(leftDigits, rightScale - leftScale) == Scale(rightDigits, leftScale - rightScale);

    private static BigInteger Scale(BigInteger digits, int by) => by <= 0 ? digits : digits * BigInteger.Pow(10, by);

    private static bool TrySplit(ReadOnlySpan<byte> text, out BigInteger digits, out int scale)
    {
        var source = Encoding.ASCII.GetString(text);
        var exponentAt = source.IndexOfAny(['e', 'E']);
        var exponent = 0;
        digits = default;
        scale = 0;
        if (source.Length > 400 || (exponentAt >= 0 && !int.TryParse(source.AsSpan(exponentAt + 1), out exponent)))
        {
            return false;
        }

        var mantissa = exponentAt < 0 ? source : source[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        return BigInteger.TryParse(mantissa.Replace(".", "", StringComparison.Ordinal), out digits);
    }
}
