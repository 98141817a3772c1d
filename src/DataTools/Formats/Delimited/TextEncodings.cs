using System.Text;
using System.Text.Unicode;
using UtfUnknown;

namespace DataTools.Formats.Delimited;

/// <summary>Which encoding a text file has: by its mark, by what the user said, or by its first bytes.</summary>
internal static class TextEncodings
{
    private const float SureEnough = 0.8f;
    private const int FallbackCodePage = 1252;

    /// <summary>In fewer bytes zeros tell nothing: they may as well be NUL characters of UTF-8.</summary>
    private const int LeastUtf16 = 32;

    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
        ([0xFF, 0xFE, 0, 0], Encoding.UTF32),
        ([0, 0, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: true)),
        ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// The encoding and the length of the byte order mark. A mark wins over the user's word, for it is part of the file; without both, text
    /// that is valid UTF-8 is UTF-8, and anything else is guessed with a warning.
    /// </summary>
    public static (Encoding Encoding, int Mark) Detect(ReadOnlySpan<byte> head, Encoding? given, string source, Action<string> warn)
    {
        foreach (var (mark, encoding) in Marks)
        {
            if (head.StartsWith(mark))
            {
                return (encoding, mark.Length);
            }
        }

        return (given ?? Unmarked(head) ?? Guess(head, source, warn), 0);
    }

    /// <summary>UTF-16 by the zeros of its ASCII characters, UTF-8 by being valid; else null.</summary>
    private static Encoding? Unmarked(ReadOnlySpan<byte> head)
    {
        var (even, odd) = CountZeros(head);
        if (head.Length >= LeastUtf16 && Math.Max(even, odd) * 10 > head.Length * 4 && Math.Min(even, odd) * 20 < head.Length)
        {
            return even > odd ? Encoding.BigEndianUnicode : Encoding.Unicode;
        }

        return LooksLikeUtf8(head) ? Encoding.UTF8 : null;
    }

    private static Encoding Guess(ReadOnlySpan<byte> head, string source, Action<string> warn)
    {
        var best = CharsetDetector.DetectFromBytes(head.ToArray()).Detected;
        var encoding = best is { Encoding: not null, Confidence: >= SureEnough } ? best.Encoding : Encoding.GetEncoding(FallbackCodePage);
        warn($"{source}: the text is not UTF-8; it is read as {encoding.WebName}, which is a guess. Name the encoding with -Encoding.");
        return encoding;
    }

    private static (int Even, int Odd) CountZeros(ReadOnlySpan<byte> head)
    {
        var zeros = new int[2];
        for (var i = 0; i < head.Length; i++)
        {
            zeros[i & 1] += head[i] == 0 ? 1 : 0;
        }

        return (zeros[0], zeros[1]);
    }

    /// <summary>
    /// A broken byte among characters that are UTF-8 is damage, which the reader tells of by line; it does not make the text Latin.
    /// </summary>
    private static bool LooksLikeUtf8(ReadOnlySpan<byte> head)
    {
        if (Utf8.IsValid(head))
        {
            return true;
        }

        var good = 0;
        var bad = 0;
        while (!head.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(head, out _, out var length);
            good += status == System.Buffers.OperationStatus.Done && length > 1 ? 1 : 0;
            bad += status == System.Buffers.OperationStatus.InvalidData ? 1 : 0;
            head = head[length..];
        }

        return good > bad || bad == 0;
    }
}
