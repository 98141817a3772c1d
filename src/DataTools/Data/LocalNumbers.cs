using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace DataTools.Data;

/// <summary>
/// Reads numbers as a culture writes them, strictly: .NET takes a group separator anywhere, so that the date 01.02.2026 would be the number
/// 1022026 in German.
/// </summary>
internal sealed class LocalNumbers
{
    /// <summary>The longest text that can be a number.</summary>
    public const int MaxLength = 400;

    private static readonly ConcurrentDictionary<CultureInfo, LocalNumbers> Known = new();

    private readonly byte[] _point;
    private readonly byte[] _minus;
    private readonly byte[][] _separators;
    private readonly int _lastGroup;
    private readonly int _otherGroups;

    private LocalNumbers(NumberFormatInfo format)
    {
        _point = Encoding.UTF8.GetBytes(format.NumberDecimalSeparator);
        _minus = Encoding.UTF8.GetBytes(format.NegativeSign);
        var separator = format.NumberGroupSeparator;

        // Files hold any of the three kinds of space, whichever the culture prefers.
        string[] separators = separator.Length == 1 && char.IsWhiteSpace(separator[0]) ? [" ", "\u00A0", "\u202F"] : [separator];
        _lastGroup = format.NumberGroupSizes is [var last, ..] ? last : 0;
        _otherGroups = format.NumberGroupSizes is [_, > 0 and var other, ..] ? other : _lastGroup;
        _separators = _lastGroup == 0 || separator.Length == 0 ? [] : [.. separators.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The rules of a culture.</summary>
    public static LocalNumbers Of(CultureInfo culture) => Known.GetOrAdd(culture, c => new LocalNumbers(c.NumberFormat));

    /// <summary>
    /// The number without groups, with a point and a minus, in <paramref name="to"/> of <see cref="MaxLength"/> bytes. Whether what follows the whole
    /// digits is well formed is for the reader of the result to say.
    /// </summary>
    public bool TryInvariant(ReadOnlySpan<byte> text, Span<byte> to, out int length)
    {
        length = 0;
        if (text.Length >= MaxLength)
        {
            return false;
        }

        if (Takes(ref text, _minus) || Takes(ref text, "-"u8))
        {
            to[length++] = (byte)'-';
        }

        if (!TryWhole(ref text, to, ref length))
        {
            return false;
        }

        if (Takes(ref text, _point))
        {
            to[length++] = (byte)'.';
        }

        text.CopyTo(to[length..]);
        length += text.Length;
        return !text.Contains((byte)'.');
    }

    private bool TryWhole(ref ReadOnlySpan<byte> text, Span<byte> to, ref int length)
    {
        var digits = 0;
        var grouped = false;
        while (!text.IsEmpty)
        {
            if (text[0] is >= (byte)'0' and <= (byte)'9')
            {
                digits++;
                to[length++] = text[0];
                text = text[1..];
            }
            else if (!TakesSeparator(ref text))
            {
                break;
            }
            else if (digits == 0 || digits > _otherGroups || (grouped && digits != _otherGroups))
            {
                return false;
            }
            else
            {
                grouped = true;
                digits = 0;
            }
        }

        return digits > 0 && (!grouped || digits == _lastGroup);
    }

    private bool TakesSeparator(ref ReadOnlySpan<byte> text)
    {
        foreach (var separator in _separators)
        {
            if (Takes(ref text, separator))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Takes(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        if (!text.StartsWith(prefix))
        {
            return false;
        }

        text = text[prefix.Length..];
        return true;
    }
}
