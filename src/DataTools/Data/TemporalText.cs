using System.Runtime.CompilerServices;

namespace DataTools.Data;

/// <summary>
/// ISO 8601 dates and times as UTF-8 text, read and written without strings. Microseconds since 1970-01-01 or midnight. Methods that run
/// by the million are compiled fully at once: the first file is as important as the tenth.
/// </summary>
internal static class TemporalText
{
    public const long MicrosecondsPerSecond = 1_000_000;
    public const long MicrosecondsPerDay = 86_400 * MicrosecondsPerSecond;
    private const long EpochDays = 719_162;

    /// <summary>yyyy-MM-dd, or yyyy/MM/dd: days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        return text.Length == 10
            && text[4] == text[7]
            && text[4] is (byte)'-' or (byte)'/'
            && TryDigits(text[..4], out var year)
            && TryDigits(text.Slice(5, 2), out var month)
            && TryDigits(text.Slice(8, 2), out var day)
            && TryDays(year, month, day, out days);
    }

    /// <summary>HH:mm:ss with up to six digits of a fraction (more only when they are zeros): microseconds since midnight.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, bool secondsOptional, out long micros)
    {
        micros = 0;
        if (text.Length < 5 || text[2] != (byte)':' || !TryBelow(text[..2], 24, out var hour) || !TryBelow(text.Slice(3, 2), 60, out var minute))
        {
            return false;
        }

        micros = ((hour * 60L) + minute) * 60 * MicrosecondsPerSecond;
        return text.Length == 5 ? secondsOptional : TrySeconds(text[5..], ref micros);
    }

    /// <summary>A date, 'T' or a space, a time, and a zone (Z or ±hh:mm) if it has one: microseconds since 1970, in UTC when zoned.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros, out bool zoned)
    {
        micros = 0;
        zoned = false;
        if (text.Length < 16 || (text[10] != (byte)'T' && text[10] != (byte)' ') || !TryDate(text[..10], out var days))
        {
            return false;
        }

        var time = text[11..];
        var offset = 0L;
        if (time[^1] == (byte)'Z')
        {
            zoned = true;
            time = time[..^1];
        }
        else if (time.Length > 6 && time.LastIndexOfAny((byte)'+', (byte)'-') is > 0 and var sign)
        {
            if (!TryOffset(time[sign..], out offset))
            {
                return false;
            }

            zoned = true;
            time = time[..sign];
        }

        if (!TryTime(time, secondsOptional: true, out var ofDay))
        {
            return false;
        }

        micros = (days * MicrosecondsPerDay) + ofDay - offset;
        return true;
    }

    /// <summary>Writes yyyy-MM-dd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryFormatDate(int days, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < 10 || days + EpochDays is < 0 or >= 3_652_059)
        {
            return false;
        }

        DateOnly.FromDayNumber((int)(days + EpochDays)).Deconstruct(out var year, out var month, out var day);
        destination[7] = destination[4] = (byte)'-';
        FastFormat.WriteTwo(year / 100, destination);
        FastFormat.WriteTwo(year % 100, destination[2..]);
        FastFormat.WriteTwo(month, destination[5..]);
        FastFormat.WriteTwo(day, destination[8..]);
        written = 10;
        return true;
    }

    /// <summary>Writes HH:mm:ss, with a fraction only where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryFormatTime(long micros, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < 15 || micros is < 0 or >= MicrosecondsPerDay)
        {
            return false;
        }

        var seconds = (uint)(micros / MicrosecondsPerSecond);
        var fraction = (int)(micros - (seconds * MicrosecondsPerSecond));
        destination[5] = destination[2] = (byte)':';
        FastFormat.WriteTwo((int)(seconds / 3600), destination);
        FastFormat.WriteTwo((int)(seconds / 60 % 60), destination[3..]);
        FastFormat.WriteTwo((int)(seconds % 60), destination[6..]);
        written = 8;
        if (fraction != 0)
        {
            destination[8] = (byte)'.';
            FastFormat.WriteTwo(fraction / 10_000, destination[9..]);
            FastFormat.WriteTwo(fraction / 100 % 100, destination[11..]);
            FastFormat.WriteTwo(fraction % 100, destination[13..]);
            written = 15;
            while (destination[written - 1] == (byte)'0')
            {
                written--;
            }
        }

        return true;
    }

    /// <summary>Writes yyyy-MM-ddTHH:mm:ss, a fraction where there is one, and Z when <paramref name="utc"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryFormatTimestamp(long micros, bool utc, Span<byte> destination, out int written)
    {
        var (days, ofDay) = FloorDivide(micros);
        if (destination.Length < 27 || !TryFormatDate(days, destination, out written))
        {
            written = 0;
            return false;
        }

        destination[written++] = (byte)'T';
        TryFormatTime(ofDay, destination[written..], out var timeLength);
        written += timeLength;
        if (utc)
        {
            destination[written++] = (byte)'Z';
        }

        return true;
    }

    /// <summary>Days since 1970 and microseconds of that day.</summary>
    public static (int Days, long Micros) FloorDivide(long micros)
    {
        var days = Math.DivRem(micros, MicrosecondsPerDay, out var rest);
        return rest < 0 ? ((int)(days - 1), rest + MicrosecondsPerDay) : ((int)days, rest);
    }

    /// <summary>Days since 1970-01-01 of a date in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").</summary>
    public static int DaysFromCivil(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    private static bool TryDays(int year, int month, int day, out int days)
    {
        days = 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month)))
        {
            return false;
        }

        days = DaysFromCivil(year, month, day);
        return true;
    }

    /// <summary>The rest of a time from the second colon on.</summary>
    private static bool TrySeconds(ReadOnlySpan<byte> text, ref long micros)
    {
        if (text.Length < 3 || text[0] != (byte)':' || !TryBelow(text.Slice(1, 2), 60, out var second) || !TryFraction(text[3..], out var fraction))
        {
            return false;
        }

        micros += (second * MicrosecondsPerSecond) + fraction;
        return true;
    }

    private static bool TryBelow(ReadOnlySpan<byte> text, int limit, out int value) => TryDigits(text, out value) && value < limit;

    private static bool TryFraction(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != (byte)'.' || text.Length is 1 or > 13)
        {
            return false;
        }

        for (var i = 1; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9 || (i > 6 && digit != 0))
            {
                return false;
            }

            micros = i <= 6 ? (micros * 10) + digit : micros;
        }

        for (var i = text.Length; i <= 6; i++)
        {
            micros *= 10;
        }

        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        var minutes = 0;
        var complete = text.Length switch
        {
            3 => true,
            5 => TryDigits(text[3..], out minutes),
            6 => text[3] == (byte)':' && TryDigits(text[4..], out minutes),
            _ => false,
        };
        if (!complete || !TryDigits(text.Slice(1, 2), out var hours) || hours > 18 || minutes > 59)
        {
            return false;
        }

        micros = ((hours * 60L) + minutes) * 60 * MicrosecondsPerSecond * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }
}
