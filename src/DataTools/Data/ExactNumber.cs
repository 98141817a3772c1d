using System.Globalization;
using System.Numerics;

namespace DataTools.Data;

/// <summary>A number by its digits, however many they are: compared without rounding.</summary>
internal readonly struct ExactNumber : IComparable<ExactNumber>
{
    /// <summary>Exponents beyond this are alike: nobody writes so many digits.</summary>
    private const int MostExponent = 1_000_000_000;

    private readonly int _sign;

    /// <summary>Without zeros before and behind; none for zero and the infinities.</summary>
    private readonly string _digits;

    /// <summary>Where the point stands, counted from the first digit.</summary>
    private readonly long _point;

    private ExactNumber(int sign, string digits, long point)
    {
        _sign = sign;
        _digits = digits;
        _point = point;
    }

    /// <summary>Whether it is neither of the infinities.</summary>
    public bool IsFinite => _sign == 0 || _digits.Length > 0;

    /// <summary>Reads a number as .NET writes them, with an exponent or without, and spaces around it; false for not-a-number and all else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ExactNumber number)
    {
        text = text.Trim();
        var sign = text.StartsWith("-") ? -1 : 1;
        var rest = text.StartsWith("-") || text.StartsWith("+") ? text[1..] : text;
        number = new ExactNumber(sign, "", long.MaxValue);
        return rest.Equals("Infinity", StringComparison.OrdinalIgnoreCase) || TryDigits(rest, sign, out number);
    }

    /// <inheritdoc/>
    public int CompareTo(ExactNumber other) =>
        _sign != other._sign ? _sign.CompareTo(other._sign)
        : _point != other._point ? _sign * _point.CompareTo(other._point)
        : _sign * string.CompareOrdinal(_digits, other._digits);

    /// <summary>
    /// The number with so many digits behind the point: the next one that is not less, or with <paramref name="up"/> false not more. Null for one of more than
    /// <paramref name="most"/> digits.
    /// </summary>
    public string? Rounded(int scale, int most, bool up)
    {
        var kept = _point + scale;
        if (!IsFinite || kept > most)
        {
            return null;
        }

        var count = (int)Math.Clamp(kept, 0, _digits.Length);
        var whole = kept <= 0 ? BigInteger.Zero : BigInteger.Parse(_digits[..count].PadRight((int)kept, '0'), CultureInfo.InvariantCulture) * _sign;
        // Towards zero is what has been done; away from it is one more.
        whole += count < _digits.Length && up == _sign > 0 ? _sign : 0;
        var text = BigInteger.Abs(whole).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var point = scale == 0 ? "" : ".";
        return $"{(whole.Sign < 0 ? "-" : "")}{text[..^scale]}{point}{text[^scale..]}";
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int sign, out ExactNumber number)
    {
        number = default;
        var e = text.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? text : text[..e];
        var exponent = 0L;
        if (e >= 0 && !TryExponent(text[(e + 1)..], out exponent))
        {
            return false;
        }

        var at = mantissa.IndexOf('.');
        var whole = at < 0 ? mantissa : mantissa[..at];
        var fraction = at < 0 ? default : mantissa[(at + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var digits = string.Concat(whole, fraction);
        var first = digits.AsSpan().IndexOfAnyExcept('0');
        number = first < 0 ? new ExactNumber(0, "", 0) : new ExactNumber(sign, digits[first..].TrimEnd('0'), whole.Length - first + exponent);
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out long exponent)
    {
        var isNumber = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        exponent = isNumber ? (long)BigInteger.Clamp(number, -MostExponent, MostExponent) : 0;
        return isNumber;
    }
}
