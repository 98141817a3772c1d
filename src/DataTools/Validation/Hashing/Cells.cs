using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>An integer as the 128-bit number that it is.</summary>
internal readonly struct IntegerCell<T> : ICell<T>
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(T value, out ulong a, out ulong b)
    {
        a = ulong.CreateTruncating(value);
        b = T.IsNegative(value) ? ulong.MaxValue : 0;
    }
}

/// <summary>A decimal without the zeros at its end, so that it has the bits of the integer where it is one.</summary>
internal readonly struct DecimalCell(int scale) : ICell<Int128>
{
    private const ulong PerDigit = 0x9E3779B97F4A7C15;

    public void Read(Int128 value, out ulong a, out ulong b) => Read(value, scale, out a, out b);

    public static void Read(Int128 value, int digits, out ulong a, out ulong b)
    {
        if (value == 0)
        {
            (a, b) = (0, 0);
            return;
        }

        if (value >= long.MinValue && value <= long.MaxValue)
        {
            ReadSmall((long)value, digits, out a, out b);
            return;
        }

        while (digits > 0 && Int128.DivRem(value, 10) is (var tenth, var rest) && rest == 0)
        {
            value = tenth;
            digits--;
        }

        a = (ulong)value;
        b = (ulong)(value >> 64) ^ (PerDigit * (ulong)digits);
    }

    private static void ReadSmall(long value, int digits, out ulong a, out ulong b)
    {
        while (digits > 0 && value % 10 == 0)
        {
            value /= 10;
            digits--;
        }

        a = (ulong)value;
        b = (value < 0 ? ulong.MaxValue : 0) ^ (PerDigit * (ulong)digits);
    }
}

/// <summary>A double by its value.</summary>
internal readonly struct DoubleCell : ICell<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(double value, out ulong a, out ulong b)
    {
        a = double.IsNaN(value) ? 0x7FF8000000000001 : value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value);
        b = 0;
    }
}

/// <summary>A float, or something that is rounded to one.</summary>
internal readonly struct SingleCell<T> : ICell<T>
    where T : unmanaged, INumber<T>
{
    public void Read(T value, out ulong a, out ulong b) => default(DoubleCell).Read(float.CreateTruncating(value), out a, out b);
}

/// <summary>A number that is rounded to a double.</summary>
internal readonly struct ToDoubleCell<T> : ICell<T>
    where T : unmanaged, INumber<T>
{
    public void Read(T value, out ulong a, out ulong b) => default(DoubleCell).Read(double.CreateTruncating(value), out a, out b);
}

/// <summary>A point in time or a length of time, counted in units of so many microseconds; finer than <paramref name="unit"/> is cut.</summary>
internal readonly struct MicrosecondCell(long unit) : ICell<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(long value, out ulong a, out ulong b)
    {
        a = (ulong)(unit == 1 ? value : value - (((value % unit) + unit) % unit));
        b = 0;
    }
}

/// <summary>A day as its first microsecond.</summary>
internal readonly struct MidnightCell : ICell<int>
{
    public void Read(int value, out ulong a, out ulong b)
    {
        a = (ulong)(value * TemporalText.MicrosecondsPerDay);
        b = 0;
    }
}

/// <summary>The bytes of a UUID as two words.</summary>
internal readonly struct UuidCell : ICell<UuidBytes>
{
    public void Read(UuidBytes value, out ulong a, out ulong b)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<UuidBytes, byte>(ref value), 16));
        a = words[0];
        b = words[1];
    }
}

/// <summary>The bytes of a UUID as bytes.</summary>
internal readonly struct UuidBytesCell : ICell<UuidBytes>
{
    public void Read(UuidBytes value, out ulong a, out ulong b) =>
        BytesCell.Read(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<UuidBytes, byte>(ref value), 16), out a, out b);
}

/// <summary>Bytes of any length.</summary>
internal static class BytesCell
{
    /// <summary>The hash of the bytes (XXH128), which stands for them.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, out ulong a, out ulong b)
    {
        var hash = XxHash128.HashToUInt128(bytes);
        a = (ulong)hash;
        b = (ulong)(hash >> 64);
    }

    /// <summary>The same for text that is no value of the type it is compared in: it equals only the same text.</summary>
    public static void ReadMisfit(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        var hash = XxHash128.HashToUInt128(text, seed: 1);
        a = (ulong)hash;
        b = (ulong)(hash >> 64);
    }

    /// <summary>Text in Unicode's composed form (NFC).</summary>
    public static void ReadNormalized(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        if (Ascii.IsValid(text))
        {
            Read(text, out a, out b);
            return;
        }

        Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Normalize(NormalizationForm.FormC)), out a, out b);
    }
}

/// <summary>Decimals that are rounded to floats.</summary>
internal static class DecimalRounding
{
    /// <summary>The double next to a decimal's text.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>The float next to a decimal's text: rounding twice would now and then give its neighbour.</summary>
    public static bool TrySingle(ReadOnlySpan<byte> text, out double value)
    {
        var parsed = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single);
        value = single;
        return parsed;
    }
}
