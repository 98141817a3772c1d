using System.Buffers;
using System.Text.RegularExpressions;
using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Number formats in Excel's notation: the usual one of a type, and whether one shows dates.</summary>
internal static partial class NumberFormats
{
    /// <summary>Numbers as they come, text as it is.</summary>
    public const string General = "General";

    private static readonly SearchValues<char> DateLetters = SearchValues.Create("ymdhsYMDHS");

    /// <summary>The formats that books refer to by number alone (ECMA-376 part 1, 18.8.30).</summary>
    public static IReadOnlyDictionary<uint, string> BuiltIn { get; } = new Dictionary<uint, string>
    {
        [0] = General, [1] = "0", [2] = "0.00", [3] = "#,##0", [4] = "#,##0.00", [9] = "0%", [10] = "0.00%", [11] = "0.00E+00", [12] = "# ?/?",
        [13] = "# ??/??", [14] = "mm-dd-yy", [15] = "d-mmm-yy", [16] = "d-mmm", [17] = "mmm-yy", [18] = "h:mm AM/PM", [19] = "h:mm:ss AM/PM",
        [20] = "h:mm", [21] = "h:mm:ss", [22] = "m/d/yy h:mm", [37] = "#,##0 ;(#,##0)", [38] = "#,##0 ;[Red](#,##0)", [39] = "#,##0.00;(#,##0.00)",
        [40] = "#,##0.00;[Red](#,##0.00)", [45] = "mm:ss", [46] = "[h]:mm:ss", [47] = "mmss.0", [48] = "##0.0E+0", [49] = "@",
    };

    /// <summary>The format that a column of a type gets where nobody names one.</summary>
    public static string Of(DataType type) => type switch
    {
        DateType => "yyyy-mm-dd",
        TimestampType { IsUtc: true } => "yyyy-mm-dd hh:mm:ss\"Z\"",
        TimestampType => "yyyy-mm-dd hh:mm:ss",
        TimeType => "hh:mm:ss",
        DurationType => "[h]:mm:ss",
        // General shows integers of twelve digits and more as 1.2E+11.
        DecimalType number => number.Scale == 0 ? "0" : $"0.{new string('0', Math.Min(number.Scale, 30))}",
        _ when DataTypes.IsNumber(type) && type is not (FloatType<double> or FloatType<float> or DecimalTextType) => "0",
        _ => General,
    };

    /// <summary>A format where it suits a type, else the type's own: dates need a format of dates, other numbers must not have one.</summary>
    public static string Fitting(string format, DataType type)
    {
        var wantsDate = type is DateType or TimestampType or TimeType or DurationType;
        var isNumber = wantsDate || DataTypes.IsNumber(type);
        return !isNumber || IsDate(format) == wantsDate ? format : Of(type);
    }

    /// <summary>Whether a format shows numbers as dates or times.</summary>
    public static bool IsDate(string format) => Literals().Replace(format, "").Split(';')[0].AsSpan().ContainsAny(DateLetters);

    /// <summary>Text in quotes, single characters behind \, _ or *, and brackets that are no lengths of time such as [h].</summary>
    [GeneratedRegex("\"[^\"]*\"?|[\\\\_*].|\\[(?!(?:h+|m+|s+)\\])[^\\]]*\\]", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Literals();
}
