using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>
/// Dates as the days that Excel counts. In the 1900 system the days before 1900-03-01 are off by one (Excel takes 1900 for a leap year), so
/// they are no dates here.
/// </summary>
internal sealed class SerialDates(bool is1904)
{
    private const int EpochOf1900 = -25_569;
    private const int EpochOf1904 = -24_107;
    private const int FirstOf1900 = -25_508;

    /// <summary>From here on a serial number has too few bits for microseconds; the days end with the year 9999.</summary>
    private const int LastDay = 2_932_896;

    private readonly int _epoch = is1904 ? EpochOf1904 : EpochOf1900;
    private readonly int _first = is1904 ? EpochOf1904 : FirstOf1900;

    /// <summary>The number of a day since 1970-01-01; false where Excel has none.</summary>
    public bool TryDay(int days, out double serial)
    {
        serial = (double)days - _epoch;
        return days >= _first && days <= LastDay;
    }

    /// <summary>The number of a moment in microseconds since 1970; false where Excel has none, or none that exact.</summary>
    public bool TryMoment(long micros, out double serial)
    {
        var (days, ofDay) = TemporalText.FloorDivide(micros);
        var isDay = TryDay(days, out var whole);
        serial = whole + ((double)ofDay / TemporalText.MicrosecondsPerDay);
        return isDay && Math.Round((serial - whole) * TemporalText.MicrosecondsPerDay) == ofDay;
    }

    /// <summary>A time of day, or a length of time, in days; false where Excel cannot show it or the number is not that exact.</summary>
    public static bool TrySpan(long micros, out double serial)
    {
        serial = (double)micros / TemporalText.MicrosecondsPerDay;
        return micros >= 0 && micros < (LastDay + (long)-EpochOf1900) * TemporalText.MicrosecondsPerDay
            && (long)Math.Round(serial * TemporalText.MicrosecondsPerDay) == micros;
    }
}
