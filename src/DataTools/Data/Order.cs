using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>The order of values of one type: numbers and dates by size, text and bytes by code point.</summary>
public static class Order
{
    /// <summary>Compares two values that are not null.</summary>
    public static int Compare(DataType type, IArrowArray left, int leftRow, IArrowArray right, int rightRow)
    {
        switch (type)
        {
            case DecimalTextType:
                return CompareDigits(left.Bytes(leftRow), right.Bytes(rightRow));
            case BytesType:
                return left.Bytes(leftRow).SequenceCompareTo(right.Bytes(rightRow));
            default:
                var (a, b) = (type.GetValue(left, leftRow), type.GetValue(right, rightRow));
                return a is SqlDecimal number ? number.CompareTo((SqlDecimal)b) : ((IComparable)a).CompareTo(b);
        }
    }

    private static int CompareDigits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var (a, b) = (Split(left), Split(right));
        var scale = Math.Max(a.Scale, b.Scale);
        return (a.Digits * BigInteger.Pow(10, scale - a.Scale)).CompareTo(b.Digits * BigInteger.Pow(10, scale - b.Scale));
    }

    private static (BigInteger Digits, int Scale) Split(ReadOnlySpan<byte> text)
    {
        var number = System.Text.Encoding.ASCII.GetString(text);
        var point = number.IndexOf('.', StringComparison.Ordinal);
        return (BigInteger.Parse(number.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), point < 0 ? 0 : number.Length - point - 1);
    }
}
