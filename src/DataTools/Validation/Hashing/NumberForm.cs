using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>Numbers given as text: plain decimals of any length.</summary>
internal static class NumberForm
{
    /// <summary>
    /// The bits of a decimal given as text, the same as those of a number of its value. Text that is not plainly a number (007, +1, 1e5) equals only the
    /// same text, and so does a number that no type of ours holds.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        if (!NumberText.TryShape(text, out var whole, out var scale, out var exponent) || exponent)
        {
            BytesCell.ReadMisfit(text, out a, out b);
            return;
        }

        var plain = Trim(text, ref scale);
        if (whole + scale > DecimalType.MaxPrecision)
        {
            ReadLong(plain, out a, out b);
            return;
        }

        Int128 value = 0;
        foreach (var c in plain)
        {
            value = c is (byte)'-' or (byte)'.' ? value : (value * 10) + (c - '0');
        }

        DecimalCell.Read(plain[0] == (byte)'-' ? -value : value, scale, out a, out b);
    }

    /// <summary>A number without the zeros at the end of its fraction, and without its point where nothing follows.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text, ref int scale)
    {
        if (scale == 0)
        {
            return text;
        }

        var plain = text.TrimEnd((byte)'0');
        scale -= text.Length - plain.Length;
        return scale == 0 ? plain[..^1] : plain;
    }

    /// <summary>More than 38 digits: no other type holds the value, so its text stands for it.</summary>
    private static void ReadLong(ReadOnlySpan<byte> plain, out ulong a, out ulong b)
    {
        BytesCell.Read(plain, out a, out b);
        a = ~a;
    }
}
