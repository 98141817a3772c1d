using System.Globalization;
using System.Text.RegularExpressions;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Formulas whose references move or grow with the rows.</summary>
internal static partial class FormulaText
{
    /// <summary>The formula as it stands some rows lower: relative rows move, those with a dollar sign stay.</summary>
    public static string Move(string formula, int rows) => rows == 0
        ? formula
        : References().Replace(formula, match => match.Groups["row"] is { Success: true, Length: > 0 } row && !match.Groups["fixed"].Success
            ? $"{match.Groups["column"].Value}{(int.Parse(row.ValueSpan, CultureInfo.InvariantCulture) + rows).ToString(CultureInfo.InvariantCulture)}"
            : match.Value);

    /// <summary>The formula with the ranges that <paramref name="grow"/> changes; it gets the sheet (null for none) and the range.</summary>
    public static string Grow(string formula, Func<string?, CellRange, CellRange> grow) => Ranges().Replace(formula, match =>
    {
        if (!match.Groups["first"].Success || !CellRange.TryParse(match.Groups["first"].ValueSpan.ToString() + match.Groups["rest"].Value, out var range))
        {
            return match.Value;
        }

        var sheet = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value.Replace("''", "'", StringComparison.Ordinal)
            : match.Groups["plain"] is { Success: true } plain ? plain.Value
            : null;
        var grown = grow(sheet, range);
        return grown == range ? match.Value : match.Groups["sheet"].Value + Absolute(match, grown);
    });

    private static string Absolute(Match match, CellRange grown)
    {
        // A range that was one cell gets an end of the same kind as its start.
        var last = match.Groups["rest"] is { Length: > 0 } rest ? rest.Value[1..] : match.Groups["first"].Value;
        var end = TrailingRow().Replace(last, grown.Row2.ToString(CultureInfo.InvariantCulture));
        return $"{match.Groups["first"].Value}:{end}";
    }

    // Text in quotes, quoted sheet names and table columns in brackets are passed over.
    [GeneratedRegex("""
        "[^"]*" | '(?:[^']|'')*' | \[(?:[^\[\]]|\[[^\]]*\])*\] | (?<![A-Za-z0-9_.$\\])(?<column>\$?[A-Za-z]{1,3})(?<fixed>\$)?(?<row>[0-9]{1,7})(?![A-Za-z0-9_.(!])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex References();

    [GeneratedRegex("""
        "[^"]*" | (?<sheet>(?:'(?<quoted>(?:[^']|'')+)'|(?<plain>[\w.]+))!)?(?<![A-Za-z0-9_.$\\])(?<first>\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?<rest>:\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?(?![A-Za-z0-9_.(!])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Ranges();

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex TrailingRow();
}
