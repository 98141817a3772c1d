using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>-like, -match, -replace, -split with an index, -f.</summary>
internal static class TextOperators
{
    /// <summary>Whether the text fits a wildcard pattern.</summary>
    public static Expr<bool> Like(Expr left, string pattern, bool ignoreCase)
    {
        var wildcard = WildcardPattern.Get(pattern, ignoreCase ? WildcardOptions.IgnoreCase : WildcardOptions.None);
        return Test(left, wildcard.IsMatch);
    }

    /// <summary>Whether a regular expression finds a place in the text.</summary>
    public static Expr<bool> Match(Expr left, string pattern, bool ignoreCase) => Test(left, Expression(pattern, ignoreCase).IsMatch);

    /// <summary>The text with what a regular expression finds replaced. <paramref name="arguments"/> is the pattern, or pattern and replacement.</summary>
    public static Expr<string>? Replace(Expr left, object? arguments, bool ignoreCase)
    {
        var pair = arguments as object?[] ?? [arguments];
        if (pair.Length is 0 or > 2 || pair[0] is not string pattern || (pair.Length == 2 && pair[1] is not string))
        {
            return null;
        }

        var regex = Expression(pattern, ignoreCase);
        var replacement = pair.Length == 2 ? (string)pair[1]! : "";
        return Change(left, text => regex.Replace(text, replacement));
    }

    /// <summary>One part of the text between separators that a regular expression finds.</summary>
    public static Expr<string> SplitPart(Expr left, string pattern, bool ignoreCase, int index)
    {
        var regex = Expression(pattern, ignoreCase);
        return new ApplyExpr<string>([left], a => Part(regex.Split(Numbers.TextOf(a[0])), index), Nulls.Undecided);
    }

    /// <summary>One part; a place that is not there is left to PowerShell, whose answer depends on strict mode.</summary>
    public static string Part(string[] parts, int index) => parts[index < 0 ? parts.Length + index : index];

    /// <summary>Values put into a format of the current culture.</summary>
    public static Expr<string> Format(string format, IReadOnlyList<Expr> values) =>
        new ApplyExpr<string>([.. values.Select(Casts.Plain)], a => string.Format(CultureInfo.CurrentCulture, format, a), Nulls.Pass);

    /// <summary>Texts and values one after the other.</summary>
    public static Expr<string> Join(IReadOnlyList<string> texts, IReadOnlyList<Expr> values) => new ApplyExpr<string>(
        [.. values.Select(Casts.Plain)],
        a => string.Concat(texts.Select((t, i) => i < a.Length ? t + Numbers.TextOf(a[i]) : t)),
        Nulls.Pass);

    /// <summary>
    /// PowerShell keeps the expressions that it has made, and with them the culture of that time: in Turkish nobody can tell what the case of an i is.
    /// </summary>
    private static Regex Expression(string pattern, bool ignoreCase)
    {
        if (ignoreCase && CultureInfo.CurrentCulture.TextInfo.ToUpper('i') != 'I')
        {
            throw new NotTranslatedException($"the culture {CultureInfo.CurrentCulture.Name} has letter cases of its own");
        }

        try
        {
            return new Regex(pattern, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        }
        catch (ArgumentException)
        {
            throw new NotTranslatedException($"'{pattern}' is no regular expression");
        }
    }

    private static MapExpr<string, bool> Test(Expr left, Func<string, bool> test) => new(Casts.ToText(left, Nulls.Keep), v => test(v ?? ""), Nulls.Pass);

    private static MapExpr<string, string> Change(Expr left, Func<string, string> change) =>
        new(Casts.ToText(left, Nulls.Keep), v => change(v ?? ""), Nulls.Pass);
}
