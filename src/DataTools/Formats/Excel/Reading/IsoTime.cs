using System.Globalization;
using System.Text;
using System.Xml;
using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The dates, times and durations that books of the strict form (ISO 29500) hold as text; their seconds may have any number of digits.</summary>
internal static class IsoTime
{
    /// <summary>Gives a cell the value of a text; false, and nothing given, where the text is none.</summary>
    public static bool TrySet(ref SheetCell cell, ReadOnlySpan<char> text, NumberMeaning meaning)
    {
        if (text is ['P' or '-', ..])
        {
            return TryDuration(ref cell, text.ToString());
        }

        var point = text.IndexOf('.');
        var whole = (point < 0 ? text : text[..point]).TrimEnd('Z');
        Span<byte> utf8 = stackalloc byte[CellText.MaxLength];
        var micros = 0L;
        if (whole.Length > CellText.MaxLength / 3 || (point >= 0 && !TryFraction(text[point..].TrimEnd('Z'), out micros)))
        {
            return false;
        }

        utf8 = utf8[..Encoding.UTF8.GetBytes(whole, utf8)];
        return TryMoment(ref cell, utf8, micros, meaning);
    }

    private static bool TryMoment(ref SheetCell cell, ReadOnlySpan<byte> text, long micros, NumberMeaning meaning)
    {
        if (TemporalText.TryDate(text, out var days))
        {
            (cell.Kind, cell.Value) = (CellKind.Date, days);
        }
        else if (TemporalText.TryTimestamp(text, out var moment, out _))
        {
            var isDay = meaning == NumberMeaning.Date && TemporalText.FloorDivide(moment + micros) is (_, 0);
            (cell.Kind, cell.Value) = isDay ? (CellKind.Date, TemporalText.FloorDivide(moment + micros).Days) : (CellKind.Timestamp, moment + micros);
        }
        else if (TemporalText.TryTime(text, secondsOptional: true, out var time) && time + micros < TemporalText.MicrosecondsPerDay)
        {
            (cell.Kind, cell.Value) = (CellKind.Time, time + micros);
        }
        else
        {
            return false;
        }

        cell.Number = double.NaN;
        return true;
    }

    private static bool TryDuration(ref SheetCell cell, string text)
    {
        try
        {
            var span = XmlConvert.ToTimeSpan(text);
            (cell.Kind, cell.Value, cell.Number) = (CellKind.Duration, (long)Math.Round(span.TotalMicroseconds), span.TotalDays);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out long micros)
    {
        var isFraction = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part);
        micros = (long)Math.Round(part * TemporalText.MicrosecondsPerSecond);
        return isFraction;
    }
}
