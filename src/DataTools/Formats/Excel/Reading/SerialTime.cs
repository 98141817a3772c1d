using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Excel's dates and times: days, and parts of a day, since the first day of the book's calendar. ECMA-376 part 1, 18.17.4.1.</summary>
internal static class SerialTime
{
    /// <summary>1904-01-01 in days since 1970-01-01.</summary>
    private const int First1904 = -24_107;

    /// <summary>The day before 1900-01-01, which is day 0 up to 1900-02-28.</summary>
    private const int Zero1900 = -25_568;

    /// <summary>Lotus 1-2-3 took 1900 for a leap year, and Excel with it: this is the day that never was.</summary>
    private const int LeapDay1900 = 60;

    /// <summary>The day after 9999-12-31, in days since 1970-01-01.</summary>
    private const int End = 2_932_897;

    /// <summary>The longest length of time, which no sheet reaches: TimeSpan ends there.</summary>
    private const double MostDays = 10_000_000;

    /// <summary>Microseconds since 1970-01-01; false where the number is no date that Excel has.</summary>
    public static bool TryMoment(double serial, bool is1904, out long micros)
    {
        micros = 0;
        // A day too many is found below.
        if (!(serial >= 0 && serial < End - Zero1900 + LeapDay1900))
        {
            return false;
        }

        var whole = (int)serial;
        var day = is1904 ? First1904 + whole : Zero1900 + whole - (whole > LeapDay1900 ? 1 : 0);
        micros = (day * TemporalText.MicrosecondsPerDay) + Micros(serial - whole);
        return micros < End * TemporalText.MicrosecondsPerDay && (is1904 || whole != LeapDay1900);
    }

    /// <summary>A length of time in microseconds.</summary>
    public static bool TrySpan(double days, out long micros)
    {
        var valid = Math.Abs(days) < MostDays;
        var whole = valid ? Math.Truncate(days) : 0;
        micros = valid ? ((long)whole * TemporalText.MicrosecondsPerDay) + Micros(days - whole) : 0;
        return valid;
    }

    private static long Micros(double partOfDay) => (long)Math.Round(partOfDay * TemporalText.MicrosecondsPerDay);
}
