using System.Globalization;
using ExcelNumberFormat;

namespace DataTools.Formats.Excel.Reading;

/// <summary>What the numbers of a format are.</summary>
internal enum NumberMeaning : byte
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Days.</summary>
    Date,

    /// <summary>Days with a time.</summary>
    Timestamp,

    /// <summary>Days with a time in UTC: the format ends in "Z", as that of books which this module writes.</summary>
    Instant,

    /// <summary>Times of day, or timestamps whose day is not shown.</summary>
    Time,

    /// <summary>Lengths of time: the hours, minutes or seconds stand in brackets and do not begin anew.</summary>
    Duration,
}

/// <summary>A number format: what its numbers mean, and how they are shown.</summary>
internal sealed class CellFormat
{
    /// <summary>The longest code that Excel takes; a longer one would make long text of every cell.</summary>
    private const int MaxCode = 255;

    private const int GeneralDigits = 10;
    private const double GeneralMost = 1e11;
    private const double GeneralLeast = 1e-4;

    private readonly Lazy<NumberFormat> _display;

    /// <summary>A format by its code, such as 0.00 or yyyy-mm-dd.</summary>
    public CellFormat(string code)
    {
        code = code.Length > MaxCode ? "General" : code;
        Meaning = FormatCode.Meaning(code);
        IsGeneral = code.Length == 0 || code.Equals("General", StringComparison.OrdinalIgnoreCase);
        _display = new(() => new NumberFormat(code));
    }

    /// <summary>What the numbers mean.</summary>
    public NumberMeaning Meaning { get; }

    /// <summary>Whether values are shown without a format.</summary>
    public bool IsGeneral { get; }

    /// <summary>The text that Excel shows for a value.</summary>
    public string Display(object value, CultureInfo culture, bool is1904) => value switch
    {
        bool flag => flag ? "TRUE" : "FALSE",
        double number when IsGeneral => General(number, culture),
        double days when Meaning == NumberMeaning.Duration && SerialTime.TrySpan(days, out var micros) => Display(TimeSpan.FromMicroseconds(micros), culture, is1904),
        // Rounded first: the library shows 26 hours less an instant as 25:59:60.
        TimeSpan span => _display.Value.Format(TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds)), culture, is1904),
        _ => _display.Value.Format(value, culture, is1904),
    };

    /// <summary>Numbers without a format: ten digits and a point at most, as a cell that is wide enough shows them.</summary>
    private static string General(double number, CultureInfo culture)
    {
        var size = Math.Abs(number);
        if (size >= GeneralMost || (size > 0 && size < GeneralLeast))
        {
            return number.ToString("0.#####E+00", culture);
        }

        var whole = size < 1 ? 1 : (int)Math.Floor(Math.Log10(size)) + 1;
        return Math.Round((decimal)number, Math.Max(0, GeneralDigits - whole), MidpointRounding.AwayFromZero).ToString("0.##########", culture);
    }
}

/// <summary>The codes of number formats.</summary>
internal static class FormatCode
{
    /// <summary>The built-in format of short dates, which each culture shows its own way.</summary>
    public const int ShortDate = 14;

    private static readonly Dictionary<int, string> BuiltIn = new()
    {
        [0] = "General", [1] = "0", [2] = "0.00", [3] = "#,##0", [4] = "#,##0.00", [5] = "$#,##0_);($#,##0)", [6] = "$#,##0_);[Red]($#,##0)",
        [7] = "$#,##0.00_);($#,##0.00)", [8] = "$#,##0.00_);[Red]($#,##0.00)", [9] = "0%", [10] = "0.00%", [11] = "0.00E+00", [12] = "# ?/?",
        [13] = "# ??/??", [15] = "d-mmm-yy", [16] = "d-mmm", [17] = "mmm-yy", [18] = "h:mm AM/PM", [19] = "h:mm:ss AM/PM", [20] = "h:mm",
        [21] = "h:mm:ss", [22] = "m/d/yy h:mm", [32] = "h:mm:ss", [33] = "h:mm:ss", [34] = "h:mm", [35] = "h:mm:ss", [37] = "#,##0_);(#,##0)",
        [38] = "#,##0_);[Red](#,##0)", [39] = "#,##0.00_);(#,##0.00)", [40] = "#,##0.00_);[Red](#,##0.00)", [45] = "mm:ss", [46] = "[h]:mm:ss",
        [47] = "mm:ss.0", [48] = "##0.0E+0", [49] = "@",
    };

    /// <summary>The code of a built-in format. Those from 27 to 58 that are not listed are dates of East Asian books.</summary>
    public static string OfBuiltIn(int id, CultureInfo culture) => BuiltIn.TryGetValue(id, out var code) ? code
        : id is ShortDate or (>= 27 and <= 36) or (>= 50 and <= 58) ? culture.DateTimeFormat.ShortDatePattern.Replace('M', 'm').Replace('\'', '"')
        : "General";

    /// <summary>What the numbers of a format mean, by the first of its sections.</summary>
    public static NumberMeaning Meaning(string code)
    {
        var (date, time, months) = (false, false, 0);
        for (var at = 0; at < code.Length && code[at] != ';';)
        {
            if (code[at] == '[' && IsElapsed(code, at))
            {
                return NumberMeaning.Duration;
            }

            var length = LiteralLength(code, at);
            if (length == 0)
            {
                var c = char.ToLowerInvariant(code[at]);
                length = RunLength(code, at);
                date |= c is 'y' or 'd' or 'e' or 'g' || (c == 'm' && length > 2);
                time |= c is 'h' or 's';
                months += c == 'm' ? 1 : 0;
            }

            at += length;
        }

        // One or two m are minutes beside hours or seconds, and a month else.
        date |= months > 0 && !time;
        return (date, time) switch
        {
            (true, true) => Moment(code),
            (true, false) => NumberMeaning.Date,
            (false, true) => NumberMeaning.Time,
            _ => NumberMeaning.Number,
        };
    }

    private static NumberMeaning Moment(string code) =>
        code.Split(';')[0].EndsWith("\"Z\"", StringComparison.Ordinal) ? NumberMeaning.Instant : NumberMeaning.Timestamp;

    /// <summary>The characters from a place on that are no part of a date's code: quoted and escaped text, brackets, words, exponents.</summary>
    private static int LiteralLength(string code, int at)
    {
        var rest = code.AsSpan(at);
        return rest[0] switch
        {
            '"' => Through(rest, '"'),
            '[' => Through(rest, ']'),
            '\\' or '_' or '*' => 2,
            'E' or 'e' when rest.Length > 1 && rest[1] is '+' or '-' => 2,
            'G' or 'g' when rest.StartsWith("General", StringComparison.OrdinalIgnoreCase) => "General".Length,
            _ => 0,
        };
    }

    private static int Through(ReadOnlySpan<char> rest, char end) => rest[1..].IndexOf(end) is >= 0 and var found ? found + 2 : rest.Length;

    private static bool IsElapsed(string code, int at)
    {
        var inside = code.AsSpan(at, Through(code.AsSpan(at), ']')).Trim("[]");
        return inside.Length > 0 && inside[0] is 'h' or 'H' or 'm' or 'M' or 's' or 'S' && !inside.ContainsAnyExcept(inside[0], inside[0]);
    }

    private static int RunLength(string code, int at)
    {
        var end = code.AsSpan(at).IndexOfAnyExcept(code[at]);
        return end < 0 ? code.Length - at : end;
    }
}
