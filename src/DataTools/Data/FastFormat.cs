using System.Runtime.CompilerServices;

namespace DataTools.Data;

/// <summary>Writes the usual values as UTF-8 text: the counterpart of <see cref="FastText"/>. What it refuses, the types write themselves.</summary>
internal static class FastFormat
{
    /// <summary>The most bytes that a method here writes.</summary>
    public const int MaxText = 24;

    /// <summary>Below it, a number of four decimals is exact in a double.</summary>
    private const double Most = 1e10;

    private const int MostDecimals = 4;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000,
        10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>
    /// A double that is a decimal of at most four decimals: that decimal. Of at most 15 digits, it is the only one so short that reads back as the
    /// value (IEEE 754 doubles keep 15 digits), so it is the shortest text that .NET gives, too.
    /// </summary>
    public static bool TryDouble(double value, Span<byte> destination, out int written)
    {
        written = 0;
        var magnitude = Math.Abs(value);
        if (!(magnitude < Most) || (value == 0 && double.IsNegative(value)) || destination.Length < MaxText)
        {
            return false;
        }

        var power = 1.0;
        for (var scale = 0; scale <= MostDecimals; scale++)
        {
            var unscaled = Math.Round(magnitude * power);
            if (unscaled / power == magnitude)
            {
                written = WriteScaled((ulong)unscaled, scale, value < 0, destination);
                return true;
            }

            power *= 10;
        }

        return false;
    }

    /// <summary>
    /// Writes unscaled / 10^scale with all of its decimals; <paramref name="scale"/> is 0 to 18. Gives the length. The room has to be that of
    /// <see cref="MaxText"/>.
    /// </summary>
    public static int WriteScaled(ulong unscaled, int scale, bool negative, Span<byte> destination)
    {
        var sign = negative ? 1 : 0;
        destination[0] = (byte)'-';
        if (scale == 0)
        {
            var digits = CountDigits(unscaled);
            WriteDigits(unscaled, destination.Slice(sign, digits));
            return sign + digits;
        }

        var (whole, fraction) = Math.DivRem(unscaled, Powers[scale]);
        var point = sign + CountDigits(whole);
        WriteDigits(whole, destination[sign..point]);
        destination[point] = (byte)'.';
        WriteDigits(fraction, destination.Slice(point + 1, scale));
        return point + 1 + scale;
    }

    /// <summary>Writes two digits; <paramref name="value"/> is below 100.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTwo(int value, Span<byte> destination) => Pairs.Slice(value * 2, 2).CopyTo(destination);

    private static int CountDigits(ulong value)
    {
        var digits = 1;
        while (digits < Powers.Length && value >= Powers[digits])
        {
            digits++;
        }

        return digits;
    }

    /// <summary>Fills the room with the number's last digits.</summary>
    private static void WriteDigits(ulong value, Span<byte> room)
    {
        var at = room.Length;
        while (at >= 2)
        {
            at -= 2;
            (value, var pair) = Math.DivRem(value, 100);
            WriteTwo((int)pair, room[at..]);
        }

        if (at == 1)
        {
            room[0] = (byte)('0' + (value % 10));
        }
    }
}
