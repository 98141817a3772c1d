using System.Globalization;
using System.Text;
using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Gives cells their types by their number formats, or the text that Excel shows.</summary>
internal sealed class CellTyper(bool is1904, CultureInfo? display)
{
    /// <summary>Doubles hold every whole number up to this one.</summary>
    private const long MostExact = 1L << 53;

    /// <summary>Whether a double holds the integer.</summary>
    public static bool IsExact(long number) => number is >= -MostExact and <= MostExact;

    /// <summary>Whether cells give the text that Excel shows.</summary>
    public bool IsDisplay => display is not null;

    /// <summary>A number that is a double.</summary>
    public void SetNumber(ref SheetCell cell, double number, CellFormat format)
    {
        if (number == Math.Truncate(number) && Math.Abs(number) <= MostExact && !(number == 0 && double.IsNegative(number)))
        {
            SetInteger(ref cell, (long)number, format);
        }
        else
        {
            Set(ref cell, CellKind.Number, 0, number, format);
        }
    }

    /// <summary>A number that is an integer.</summary>
    public void SetInteger(ref SheetCell cell, long number, CellFormat format) => Set(ref cell, CellKind.Integer, number, number, format);

    /// <summary>A text, which a format may show with more around it.</summary>
    public void SetText(ref SheetCell cell, ReadOnlyMemory<byte> text, CellFormat format)
    {
        if (IsDisplay && !format.IsGeneral)
        {
            SetDisplay(ref cell, Encoding.UTF8.GetString(text.Span), format);
        }
        else
        {
            SetText(ref cell, text);
        }
    }

    /// <summary>A text as it is.</summary>
    public static void SetText(ref SheetCell cell, ReadOnlyMemory<byte> text) => (cell.Kind, cell.Text) = (CellKind.Text, text);

    /// <summary>true or false.</summary>
    public void SetBool(ref SheetCell cell, bool value, CellFormat format)
    {
        if (IsDisplay)
        {
            SetDisplay(ref cell, value, format);
        }
        else
        {
            (cell.Kind, cell.Value) = (CellKind.Bool, value ? 1 : 0);
        }
    }

    /// <summary>An error, by its name.</summary>
    public void SetError(ref SheetCell cell, ReadOnlyMemory<byte> name) => (cell.Kind, cell.Text) = (IsDisplay ? CellKind.Text : CellKind.Error, name);

    /// <summary>The text that Excel shows for a value.</summary>
    public void SetDisplay(ref SheetCell cell, object value, CellFormat format) =>
        SetText(ref cell, Encoding.UTF8.GetBytes(format.Display(value, display!, is1904)));

    /// <summary>The cell as a date, a time or a duration, where the user named that type for plain numbers; false where it is none.</summary>
    public bool TryMean(ref SheetCell cell, NumberMeaning meaning)
    {
        var valid = meaning == NumberMeaning.Duration ? SerialTime.TrySpan(cell.Number, out var micros)
            : SerialTime.TryMoment(cell.Number, is1904, out micros);
        if (!valid)
        {
            return false;
        }

        switch (meaning)
        {
            case NumberMeaning.Duration:
                (cell.Kind, cell.Value) = (CellKind.Duration, micros);
                break;
            case NumberMeaning.Time when cell.Number < 1 && SerialTime.TrySpan(cell.Number, out var ofDay) && ofDay < TemporalText.MicrosecondsPerDay:
                (cell.Kind, cell.Value) = (CellKind.Time, ofDay);
                break;
            case NumberMeaning.Date when TemporalText.FloorDivide(micros) is (var days, 0):
                (cell.Kind, cell.Value) = (CellKind.Date, days);
                break;
            case NumberMeaning.Instant:
                (cell.Kind, cell.Value) = (CellKind.Instant, micros);
                break;
            default:
                // A format may hide the time of a day, or the day of a time: what is hidden is not lost.
                (cell.Kind, cell.Value) = (CellKind.Timestamp, micros);
                break;
        }

        return true;
    }

    private void Set(ref SheetCell cell, CellKind kind, long value, double number, CellFormat format)
    {
        if (IsDisplay)
        {
            SetDisplay(ref cell, number, format);
            return;
        }

        (cell.Kind, cell.Value, cell.Number) = (kind, value, number);
        if (format.Meaning != NumberMeaning.Number)
        {
            // What is no date, such as a negative number, stays a number.
            TryMean(ref cell, format.Meaning);
        }
    }
}
