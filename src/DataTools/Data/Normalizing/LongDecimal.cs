using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataTools.Data.Normalizing;

/// <summary>Decimals wider or differently scaled than decimal128, as text.</summary>
internal static class LongDecimal
{
    /// <summary>The text of an unscaled little-endian number of any width; a negative scale adds zeros.</summary>
    public static byte[] Text(ReadOnlySpan<byte> littleEndian, int scale)
    {
        var number = new BigInteger(littleEndian);
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture);
        if (scale > 0)
        {
            digits = digits.PadLeft(scale + 1, '0').Insert(Math.Max(digits.Length - scale, 1), ".");
        }
        else if (!number.IsZero)
        {
            digits += new string('0', -scale);
        }

        return Encoding.ASCII.GetBytes(number.Sign < 0 ? "-" + digits : digits);
    }
}
