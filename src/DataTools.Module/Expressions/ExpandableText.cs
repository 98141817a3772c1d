using System.Management.Automation.Language;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>"$($_.a)-x": texts and values one after the other.</summary>
internal static class ExpandableText
{
    /// <summary>A character of the private-use area that marks the place of a value.</summary>
    private const char Mark = '\uE0DA';

    /// <summary>
    /// The text, or null where it has no column form. What lies between the values is unescaped by PowerShell's own parser: each value is replaced
    /// by a mark, and the rest read again.
    /// </summary>
    public static Expr? Translate(ExpandableStringExpressionAst text, Func<ExpressionAst, Expr> translate)
    {
        var source = text.Extent.Text;
        if (source.Contains(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var part in text.NestedExpressions.OrderByDescending(p => p.Extent.StartOffset))
        {
            var start = part.Extent.StartOffset - text.Extent.StartOffset;
            source = string.Concat(source.AsSpan(0, start), [Mark], source.AsSpan(start + part.Extent.Text.Length));
        }

        var read = Parser.ParseInput(source, out _, out var errors).Find(a => a is StringConstantExpressionAst, true) as StringConstantExpressionAst;
        var texts = read?.Value.Split(Mark);
        return errors.Length == 0 && texts?.Length == text.NestedExpressions.Count + 1
            ? TextOperators.Join(texts, [.. text.NestedExpressions.Select(translate)])
            : null;
    }
}
