using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>Values as the user's culture or date format writes them.</summary>
internal sealed class LocalText(WriteOptions options)
{
    private readonly CultureInfo _culture = options.Culture ?? CultureInfo.InvariantCulture;
    private readonly string _date = options.DateTimeFormat ?? DatePattern(options);
    private readonly string _time = options.DateTimeFormat ?? $"{DatePattern(options)} {TimePattern(options)}";
    private readonly string _instant = options.DateTimeFormat ?? $"{DatePattern(options)} {TimePattern(options)}'Z'";

    /// <summary>Whether the options change how a type is written.</summary>
    public static bool Applies(DataType type, WriteOptions options) =>
        type is DateType or TimestampType ? options.Culture is not null || options.DateTimeFormat is not null
            : options.Culture is not null && DataTypes.IsNumber(type);

    /// <summary>The text of a value that is not null.</summary>
    public string Format(DataType type, IArrowArray array, int row) => type switch
    {
        DateType => ((DateOnly)type.GetValue(array, row)).ToDateTime(TimeOnly.MinValue).ToString(_date, _culture),
        TimestampType time => ((DateTime)type.GetValue(array, row)).ToString(time.IsUtc ? _instant : _time, _culture),
        _ => Number(type, array, row),
    };

    /// <summary>The culture's short date, the year with its century.</summary>
    private static string DatePattern(WriteOptions options)
    {
        var pattern = (options.Culture ?? CultureInfo.InvariantCulture).DateTimeFormat.ShortDatePattern;
        return pattern.Contains("yyy", StringComparison.Ordinal) ? pattern : pattern.Replace("yy", "yyyy", StringComparison.Ordinal);
    }

    /// <summary>The culture's long time, with the fraction of a second where there is one.</summary>
    private static string TimePattern(WriteOptions options) =>
        (options.Culture ?? CultureInfo.InvariantCulture).DateTimeFormat.LongTimePattern.Replace("ss", "ss.FFFFFF", StringComparison.Ordinal);

    /// <summary>The invariant digits, all of them, with the culture's signs.</summary>
    private string Number(DataType type, IArrowArray array, int row)
    {
        var room = new byte[type.MaxTextLength(array, row)];
        type.TryFormat(array, row, room, out var written);
        var text = new StringBuilder();
        foreach (var c in room.AsSpan(0, written))
        {
            text.Append(c switch
            {
                (byte)'.' => _culture.NumberFormat.NumberDecimalSeparator,
                (byte)'-' => _culture.NumberFormat.NegativeSign,
                _ => ((char)c).ToString(),
            });
        }

        return text.ToString();
    }
}
