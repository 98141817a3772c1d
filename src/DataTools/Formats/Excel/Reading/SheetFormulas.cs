using System.Text;
using System.Xml;

namespace DataTools.Formats.Excel.Reading;

/// <summary>
/// The formulas of a sheet. Cells that were filled from one share its text, which only the first of them has: the others move its references
/// by their distance from it (ECMA-376 part 1, 18.3.1.40).
/// </summary>
internal sealed class SheetFormulas
{
    private readonly Dictionary<string, (string Text, int Row, int Column)> _shared = [];

    /// <summary>The formula that the reader stands on, with its equals sign; null where the book has no text of it.</summary>
    public string? Read(XmlReader reader, XlsxText text, int row, int column)
    {
        var group = reader.GetAttribute("t") == "shared" ? reader.GetAttribute("si") : null;
        text.ReadElement(reader);
        if (!text.Chars.IsEmpty)
        {
            var formula = text.Chars.ToString();
            if (group is not null)
            {
                _shared[group] = (formula, row, column);
            }

            return "=" + formula;
        }

        return group is not null && _shared.TryGetValue(group, out var first) ? "=" + Move(first.Text, row - first.Row, column - first.Column) : null;
    }

    /// <summary>A formula as it reads some rows and columns further on: references without a dollar sign move along.</summary>
    public static string Move(string formula, int rows, int columns)
    {
        var moved = new StringBuilder(formula.Length + 8);
        for (var at = 0; at < formula.Length;)
        {
            var length = formula[at] is '"' or '\'' ? QuotedLength(formula, at) : WordLength(formula, at);
            var word = formula.Substring(at, length);
            CellCorner corner = default;
            var next = at + length < formula.Length ? formula[at + length] : ' ';
            // B of B:C and 7 of 7:9 are references too, unlike B and 7 elsewhere.
            var isSpan = next == ':' || (at > 0 && formula[at - 1] == ':');
            var isReference = next is not ('(' or '!') && CellCorner.TryParse(word, out corner) && (corner.IsCell || isSpan);
            moved.Append(isReference ? corner.Move(rows, columns).ToString() : word);
            at += length;
        }

        return moved.ToString();
    }

    /// <summary>Text in quotes, and names of sheets in apostrophes, where they are doubled inside.</summary>
    private static int QuotedLength(string formula, int at)
    {
        var end = at + 1;
        while (end < formula.Length && (formula[end] != formula[at] || (end + 1 < formula.Length && formula[end + 1] == formula[at])))
        {
            end += formula[end] == formula[at] ? 2 : 1;
        }

        return Math.Min(end + 1, formula.Length) - at;
    }

    /// <summary>A name, a number or a reference; one character where none begins.</summary>
    private static int WordLength(string formula, int at)
    {
        var end = at;
        while (end < formula.Length && (char.IsLetterOrDigit(formula[end]) || formula[end] is '$' or '_' or '.' or '\\'))
        {
            end++;
        }

        return Math.Max(1, end - at);
    }
}
