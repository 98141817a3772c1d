using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// Writes decimals as PostgreSQL's numeric: digits in groups of four on both sides of the point, the first group's weight, the sign, and the digits to show
/// behind the point (numeric_recv in numeric.c).
/// </summary>
internal sealed class NumericEncoder(int scale) : PostgresEncoder
{
    public const int Base = 10_000;
    public const int GroupDigits = 4;
    public const short Negative = 0x4000;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, DecimalType.MaxPrecision + 1).Select(n => (Int128)System.Numerics.BigInteger.Pow(10, n))];
    private static readonly ulong[] SmallPowers = [.. Powers.Take(20).Select(p => (ulong)p)];

    private readonly int _fractionGroups = (scale + GroupDigits - 1) / GroupDigits;
    private readonly int _pad = (GroupDigits - (scale % GroupDigits)) % GroupDigits;
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void WriteValue(CopyBuffer into, int row)
    {
        var value = Values.Values<Int128>()[row];
        var absolute = Int128.Abs(value);
        Span<short> groups = stackalloc short[24];
        var count = absolute <= ulong.MaxValue && scale <= 16
            ? Split((ulong)absolute, groups, out var whole)
            : SplitLarge(absolute, groups, out whole);
        var room = into.Take(12 + (count * 2));
        BinaryPrimitives.WriteInt32BigEndian(room, 8 + (count * 2));
        BinaryPrimitives.WriteInt16BigEndian(room[4..], (short)count);
        BinaryPrimitives.WriteInt16BigEndian(room[6..], (short)(whole - 1));
        BinaryPrimitives.WriteInt16BigEndian(room[8..], value < 0 ? Negative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(room[10..], (short)scale);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(room[(12 + (i * 2))..], groups[groups.Length - count + i]);
        }
    }

    /// <summary>Fills the groups from the end; gives their number, and how many stand before the point.</summary>
    private int Split(ulong value, Span<short> groups, out int whole)
    {
        var at = groups.Length;
        var power = SmallPowers[scale];
        var integer = value / power;
        var fraction = (value - (integer * power)) * SmallPowers[_pad];
        for (var i = 0; i < _fractionGroups; i++)
        {
            var rest = fraction / Base;
            groups[--at] = (short)(fraction - (rest * Base));
            fraction = rest;
        }

        whole = 0;
        for (; integer > 0; whole++)
        {
            var rest = integer / Base;
            groups[--at] = (short)(integer - (rest * Base));
            integer = rest;
        }

        return groups.Length - at;
    }

    private int SplitLarge(Int128 value, Span<short> groups, out int whole)
    {
        var at = groups.Length;
        var (integer, fraction) = Int128.DivRem(value, Powers[scale]);
        if (_pad > 0)
        {
            // The last group first, so that nothing is multiplied beyond 38 digits.
            var (rest, last) = Int128.DivRem(fraction, Powers[GroupDigits - _pad]);
            groups[--at] = (short)(last * Powers[_pad]);
            fraction = rest;
        }

        for (var i = _pad > 0 ? 1 : 0; i < _fractionGroups; i++)
        {
            (fraction, var group) = Int128.DivRem(fraction, Base);
            groups[--at] = (short)group;
        }

        for (whole = 0; integer > 0; whole++)
        {
            (integer, var group) = Int128.DivRem(integer, Base);
            groups[--at] = (short)group;
        }

        return groups.Length - at;
    }
}

/// <summary>Writes decimals kept as text as numeric; a column with a scale takes no more digits behind the point than it shows.</summary>
internal sealed class NumericTextEncoder(string column, int? maxScale) : PostgresEncoder
{
    protected override void WriteValue(CopyBuffer into, int row)
    {
        var text = Values.Bytes(row);
        var digits = text.StartsWith("-"u8) ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (maxScale is { } most && fraction.TrimEnd((byte)'0').Length > most)
        {
            throw new LoadFaultException(new LoadFault(row, column, System.Text.Encoding.UTF8.GetString(text), $"has more than the {most} digits behind the point that the column holds"));
        }

        whole = whole.TrimStart((byte)'0');
        var wholeGroups = (whole.Length + NumericEncoder.GroupDigits - 1) / NumericEncoder.GroupDigits;
        var fractionGroups = (fraction.Length + NumericEncoder.GroupDigits - 1) / NumericEncoder.GroupDigits;
        var start = into.Position;
        into.Int(0);
        into.Short((short)(wholeGroups + fractionGroups));
        into.Short((short)(wholeGroups - 1));
        into.Short(digits.Length < text.Length ? NumericEncoder.Negative : (short)0);
        into.Short((short)fraction.Length);
        for (var group = 0; group < wholeGroups; group++)
        {
            into.Short(Group(whole, whole.Length - ((wholeGroups - group) * NumericEncoder.GroupDigits)));
        }

        for (var group = 0; group < fractionGroups; group++)
        {
            into.Short(Group(fraction, group * NumericEncoder.GroupDigits));
        }

        into.EndField(start);
    }

    /// <summary>Four digits from a position; what lies outside is zero.</summary>
    private static short Group(ReadOnlySpan<byte> digits, int from)
    {
        var value = 0;
        for (var i = from; i < from + NumericEncoder.GroupDigits; i++)
        {
            value = (value * 10) + (i >= 0 && i < digits.Length ? digits[i] - '0' : 0);
        }

        return (short)value;
    }
}
