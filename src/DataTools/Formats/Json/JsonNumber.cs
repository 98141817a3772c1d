namespace DataTools.Formats.Json;

/// <summary>A number as JSON writes it, without exponent. <see cref="Digits"/> is the number times ten to the power of <see cref="Scale"/>.</summary>
internal readonly ref struct JsonNumber
{
    /// <summary>Integers of so many digits are exact in a double, and so are the powers of ten that divide them.</summary>
    public const int SafeDigits = 15;

    private static readonly double[] Powers = [.. Enumerable.Range(0, SafeDigits + 1).Select(n => Math.Pow(10, n))];

    private JsonNumber(ReadOnlySpan<byte> text, long digits, int scale, int length)
    {
        Text = text;
        Digits = digits;
        Scale = scale;
        IsShort = length <= SafeDigits && !(digits == 0 && text[0] == (byte)'-');
    }

    /// <summary>The number as written.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>All digits as an integer; right only where the number is short.</summary>
    public long Digits { get; }

    /// <summary>The digits behind the point.</summary>
    public int Scale { get; }

    /// <summary>Whether the number has at most <see cref="SafeDigits"/> digits and is not a negative zero.</summary>
    public bool IsShort { get; }

    /// <summary>The double next to a short number: a quotient of two exact doubles is rounded once.</summary>
    public double ToDouble() => Digits / Powers[Scale];

    /// <summary>Reads the number at the start of a text; false for what JSON does not allow, and for exponents.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out JsonNumber number)
    {
        number = default;
        var at = text.StartsWith("-"u8) ? 1 : 0;
        var negative = at == 1;
        long digits = 0;
        var whole = TakeDigits(text[at..], ref digits);
        if (whole == 0 || (whole > 1 && text[at] == (byte)'0'))
        {
            return false;
        }

        at += whole;
        var scale = 0;
        if (at < text.Length && text[at] == (byte)'.')
        {
            scale = TakeDigits(text[(at + 1)..], ref digits);
            at += scale + 1;
            if (scale == 0)
            {
                return false;
            }
        }

        number = new JsonNumber(text[..at], negative ? -digits : digits, scale, whole + scale);
        return true;
    }

    private static int TakeDigits(ReadOnlySpan<byte> text, ref long digits)
    {
        var count = 0;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                break;
            }

            digits = unchecked((digits * 10) + digit);
            count++;
        }

        return count;
    }
}
