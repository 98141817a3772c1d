using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using DataTools.Data;

namespace DataTools.Databases.PostgreSql;

/// <summary>Reads numeric (numeric_send in numeric.c) as a decimal of the column's scale. NaN and the infinities have no place in it.</summary>
internal sealed class NumericDecoder(FixedColumnBuilder<Int128> into, DecimalType type) : PostgresDecoder
{
    /// <summary>More groups than this pass 18 digits, and with them what is quick.</summary>
    private const int SmallGroups = 4;

    private static readonly long[] SmallPowers = [.. Enumerable.Range(0, 19).Select(n => (long)Math.Pow(10, n))];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Read(ReadOnlySpan<byte> value)
    {
        var groups = BinaryPrimitives.ReadInt16BigEndian(value);
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        if (sign is not (0 or (ushort)NumericEncoder.Negative))
        {
            return false;
        }

        // What has to be appended to the groups' digits, or taken away, so that they are the unscaled value.
        var shift = type.Scale - ((groups - weight - 1) * NumericEncoder.GroupDigits);
        if (groups > SmallGroups || shift is < -3 or > 2)
        {
            return ReadLarge(value[8..], groups, shift, sign != 0);
        }

        long digits = 0;
        for (var i = 0; i < groups; i++)
        {
            digits = (digits * NumericEncoder.Base) + BinaryPrimitives.ReadInt16BigEndian(value[(8 + (i * 2))..]);
        }

        if (shift < 0 && digits % SmallPowers[-shift] != 0)
        {
            return false;
        }

        digits = shift >= 0 ? digits * SmallPowers[shift] : digits / SmallPowers[-shift];
        into.Append(sign == 0 ? digits : -digits);
        return true;
    }

    private bool ReadLarge(ReadOnlySpan<byte> groups, int count, int shift, bool negative)
    {
        var digits = System.Numerics.BigInteger.Zero;
        for (var i = 0; i < count; i++)
        {
            digits = (digits * NumericEncoder.Base) + BinaryPrimitives.ReadInt16BigEndian(groups[(i * 2)..]);
        }

        if (shift >= 0)
        {
            digits *= System.Numerics.BigInteger.Pow(10, shift);
        }
        else
        {
            digits = System.Numerics.BigInteger.DivRem(digits, System.Numerics.BigInteger.Pow(10, -shift), out var rest);
            if (!rest.IsZero)
            {
                return false;
            }
        }

        if (System.Numerics.BigInteger.Abs(digits) >= System.Numerics.BigInteger.Pow(10, type.Precision))
        {
            return false;
        }

        into.Append((Int128)(negative ? -digits : digits));
        return true;
    }
}

/// <summary>Reads numeric as text, with as many digits behind the point as the server shows.</summary>
internal sealed class NumericTextDecoder(BytesColumnBuilder into) : PostgresDecoder
{
    public override bool Read(ReadOnlySpan<byte> value)
    {
        var groups = BinaryPrimitives.ReadInt16BigEndian(value);
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        var scale = BinaryPrimitives.ReadInt16BigEndian(value[6..]);
        if (sign is not (0 or (ushort)NumericEncoder.Negative))
        {
            return false;
        }

        var text = new StringBuilder(sign == 0 ? "" : "-");
        var whole = new StringBuilder();
        for (var i = 0; i <= weight; i++)
        {
            whole.Append(Group(value, groups, i));
        }

        text.Append(whole.ToString().TrimStart('0') is { Length: > 0 } digits ? digits : "0");
        if (scale > 0)
        {
            var fraction = new StringBuilder();
            for (var i = weight + 1; fraction.Length < scale; i++)
            {
                fraction.Append(Group(value, groups, i));
            }

            text.Append('.').Append(fraction.ToString(0, scale));
        }

        into.Append(text.ToString());
        return true;
    }

    /// <summary>Four digits; zeros are not sent on either side.</summary>
    private static string Group(ReadOnlySpan<byte> value, int count, int index) =>
        (index >= 0 && index < count ? BinaryPrimitives.ReadInt16BigEndian(value[(8 + (index * 2))..]) : 0).ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
}
