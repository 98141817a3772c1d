using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Text as the content of a cell: XML escapes, and _xHHHH_ for the characters that XML has no form for (ECMA-376 part 1, 22.9.2.19).</summary>
internal static partial class CellText
{
    /// <summary>The most characters (UTF-16 units) of a cell.</summary>
    public const int MaxLength = 32_767;

    // 0xEF starts U+FFFE and U+FFFF; an underscore may start what reads as an escape.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(b => b is not ('\t' or '\n')).Select(b => (byte)b), (byte)'&', (byte)'<', (byte)'>', (byte)'_', 0xEF]);

    /// <summary>Whether spaces at the ends are to be marked, so that no reader drops them.</summary>
    public static bool NeedsPreserve(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && (text[0] <= (byte)' ' || text[^1] <= (byte)' ' || text.Contains((byte)'\n'));

    /// <summary>Writes UTF-8 text.</summary>
    public static void Write(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> into)
    {
        if (!text.ContainsAny(Special))
        {
            into.Write(text);
            return;
        }

        into.Write(Encoding.UTF8.GetBytes(Escape(Encoding.UTF8.GetString(text))));
    }

    /// <summary>The text as XML that <see cref="Unescape"/> reads back.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '\t' or '\n' => result.Append(c),
                < ' ' or '\uFFFE' or '\uFFFF' => result.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_"),
                '_' when Escaped().IsMatch(text.AsSpan(i, Math.Min(7, text.Length - i))) => result.Append("_x005F_"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    /// <summary>The text of a cell as a book holds it, without the escapes of <see cref="Escape"/> that XML does not know.</summary>
    public static string Unescape(string text) =>
        text.Contains("_x", StringComparison.Ordinal)
            ? Escaped().Replace(text, m => ((char)int.Parse(m.ValueSpan.Slice(2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
            : text;

    /// <summary>The first characters that a cell can hold, whole ones.</summary>
    public static string Cut(string text) => text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_")]
    private static partial Regex Escaped();
}
