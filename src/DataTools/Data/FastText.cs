using System.Runtime.CompilerServices;

namespace DataTools.Data;

/// <summary>
/// Reads the usual forms of values, and only them: what is refused here may still be a value. The types themselves say what is one; these
/// shortcuts agree with them.
/// </summary>
internal static class FastText
{
    private const int SafeDigits = 18;

    private const MethodImplOptions Hot = MethodImplOptions.AggressiveInlining;

    /// <summary>An optional minus and up to 18 digits without leading zeros.</summary>
    [MethodImpl(Hot)]
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var start = text.Length > 1 && text[0] == (byte)'-' ? 1 : 0;
        if (text.Length - start is < 1 or > SafeDigits || (text[start] == (byte)'0' && text.Length > 1))
        {
            return false;
        }

        if (!TryDigits(text[start..], ref value))
        {
            return false;
        }

        value = start == 0 ? value : -value;
        return true;
    }

    /// <summary>A decimal with exactly <paramref name="scale"/> (1 or more) digits behind the point and at most 17 in all, not zero with a minus.</summary>
    [MethodImpl(Hot)]
    public static bool TryDecimal(ReadOnlySpan<byte> text, int scale, out long unscaled)
    {
        if (text.Length == 0 || text[0] != (byte)'-')
        {
            return TryUnsigned(text, scale, out unscaled);
        }

        var valid = TryUnsigned(text[1..], scale, out unscaled) && unscaled != 0;
        unscaled = -unscaled;
        return valid;
    }

    [MethodImpl(Hot)]
    private static bool TryUnsigned(ReadOnlySpan<byte> text, int scale, out long unscaled)
    {
        unscaled = 0;
        var point = text.Length - scale - 1;
        return point > 0
            && text.Length <= SafeDigits
            && text[point] == (byte)'.'
            && (text[0] != (byte)'0' || point == 1)
            && TryDigits(text[..point], ref unscaled)
            && TryDigits(text[(point + 1)..], ref unscaled);
    }

    /// <summary>yyyy-MM-dd, 'T' or a space, and HH:mm:ss: microseconds since 1970.</summary>
    [MethodImpl(Hot)]
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length != 19 || text[13] != (byte)':' || text[16] != (byte)':' || text[10] is not ((byte)' ' or (byte)'T'))
        {
            return false;
        }

        var bad = 0;
        var hour = Two(text, 11, ref bad);
        var minute = Two(text, 14, ref bad);
        var second = Two(text, 17, ref bad);
        if (bad < 0 || hour > 23 || minute > 59 || second > 59 || !TryDate(text[..10], out var days))
        {
            return false;
        }

        micros = (days * TemporalText.MicrosecondsPerDay) + (((((hour * 60L) + minute) * 60) + second) * TemporalText.MicrosecondsPerSecond);
        return true;
    }

    /// <summary>yyyy-MM-dd: days since 1970-01-01.</summary>
    [MethodImpl(Hot)]
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length != 10 || text[4] != (byte)'-' || text[7] != (byte)'-')
        {
            return false;
        }

        var bad = 0;
        var year = (Two(text, 0, ref bad) * 100) + Two(text, 2, ref bad);
        var month = Two(text, 5, ref bad);
        var day = Two(text, 8, ref bad);
        if (bad < 0 || year < 1 || (uint)(month - 1) > 11 || !IsDay(year, month, day))
        {
            return false;
        }

        days = TemporalText.DaysFromCivil(year, month, day);
        return true;
    }

    [MethodImpl(Hot)]
    private static bool IsDay(int year, int month, int day) => (uint)(day - 1) < 28 || (day > 28 && day <= DateTime.DaysInMonth(year, month));

    [MethodImpl(Hot)]
    private static bool TryDigits(ReadOnlySpan<byte> text, ref long value)
    {
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    /// <summary>Two digits; <paramref name="bad"/> turns negative where one is none.</summary>
    [MethodImpl(Hot)]
    private static int Two(ReadOnlySpan<byte> text, int at, ref int bad)
    {
        var high = text[at] - '0';
        var low = text[at + 1] - '0';
        bad |= high | low | (9 - high) | (9 - low);
        return (high * 10) + low;
    }
}
