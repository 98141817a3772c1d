using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>
/// Decimal128 as its parts (IEEE 754-2008, binary integer coding): a whole number of at most 34 digits and a power of ten.
/// </summary>
internal readonly record struct DecimalBits(bool IsNegative, UInt128 Digits, int Exponent)
{
    /// <summary>The most digits.</summary>
    public const int MaxDigits = 34;

    private const int Bias = 6176;
    private const int MaxExponent = 6111;

    private static readonly UInt128 Limit = (UInt128)BigInteger.Pow(10, MaxDigits);

    /// <summary>Reads the value's bytes; false for NaN and the infinities.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out DecimalBits result)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(value);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(value[8..]);
        var negative = high >> 63 == 1;
        if (((high >> 61) & 3) != 3)
        {
            var digits = new UInt128(high & 0x1_FFFF_FFFF_FFFF, low);
            result = new DecimalBits(negative, digits < Limit ? digits : 0, (int)((high >> 49) & 0x3FFF) - Bias);
            return true;
        }

        // The second form of the exponent stands before digits that are too many, which count as 0.
        result = new DecimalBits(negative, 0, (int)((high >> 47) & 0x3FFF) - Bias);
        return ((high >> 59) & 0xF) != 0xF;
    }

    /// <summary>A number of digits and a scale; false where it has more digits than fit.</summary>
    public static bool TryMake(bool negative, UInt128 digits, int scale, out DecimalBits result)
    {
        var exponent = -scale;
        while (digits >= Limit && digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        result = new DecimalBits(negative, digits, exponent);
        return digits < Limit && exponent is >= -Bias and <= MaxExponent;
    }

    /// <summary>Reads plain decimal text, whose digits behind the point stay as many as they are.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DecimalBits result)
    {
        var point = text.IndexOf((byte)'.');
        var scale = point < 0 ? 0 : text.Length - point - 1;
        var plain = Encoding.ASCII.GetString(text).Replace(".", "", StringComparison.Ordinal);
        result = default;
        if (!BigInteger.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var digits = BigInteger.Abs(number);
        while (digits > ulong.MaxValue && digits % 10 == 0 && digits >= (BigInteger)Limit)
        {
            digits /= 10;
            scale--;
        }

        return digits < (BigInteger)Limit && TryMake(text.StartsWith("-"u8), (UInt128)digits, scale, out result);
    }

    /// <summary>Writes the sixteen bytes.</summary>
    public void Write(BsonBuffer buffer)
    {
        buffer.Int64((long)(ulong)Digits);
        buffer.Int64((long)((IsNegative ? 1UL << 63 : 0) | ((ulong)(Exponent + Bias) << 49) | (ulong)(Digits >> 64)));
    }

    /// <summary>The number without an exponent: all its digits, zeros at the end too.</summary>
    public override string ToString()
    {
        var digits = Digits.ToString(CultureInfo.InvariantCulture);
        var sign = IsNegative ? "-" : "";
        if (Exponent >= 0)
        {
            return sign + digits + (Digits == 0 ? "" : new string('0', Exponent));
        }

        digits = digits.PadLeft(1 - Exponent, '0');
        return $"{sign}{digits[..^-Exponent]}.{digits[^-Exponent..]}";
    }

    /// <summary>The digits before and behind the point.</summary>
    public (int Whole, int Scale) Size()
    {
        var count = Digits.ToString(CultureInfo.InvariantCulture).Length;
        return Exponent >= 0 ? (count + Exponent, 0) : (Math.Max(0, count + Exponent), -Exponent);
    }
}
