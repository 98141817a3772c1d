using Apache.Arrow;

namespace DataTools.Data.Kernels;

/// <summary>Converts columns between integers, and between decimals, without a box per value: databases want narrower types than files have.</summary>
internal static class NumberCast
{
    private delegate bool TryConvert<TFrom, TTo>(TFrom value, out TTo converted);

    /// <summary>The converted column, or null for other types. What would change is null in it, and its row a misfit.</summary>
    public static IArrowArray? TryTo(IArrowArray array, DataType from, DataType to, ICollection<int> misfits) => (from, to) switch
    {
        (IntegerType<long>, IntegerType<int> type) => Convert<long, int>(array, type, Narrow, misfits),
        (IntegerType<long>, IntegerType<short> type) => Convert<long, short>(array, type, Narrow, misfits),
        (IntegerType<int>, IntegerType<short> type) => Convert<int, short>(array, type, Narrow, misfits),
        (IntegerType<int>, IntegerType<long> type) => Convert<int, long>(array, type, Narrow, misfits),
        (IntegerType<short>, IntegerType<long> type) => Convert<short, long>(array, type, Narrow, misfits),
        (IntegerType<short>, IntegerType<int> type) => Convert<short, int>(array, type, Narrow, misfits),
        (IntegerType<sbyte>, IntegerType<short> type) => Convert<sbyte, short>(array, type, Narrow, misfits),
        (IntegerType<long>, DecimalType type) => Convert<long, Int128>(array, type, (long value, out Int128 converted) => type.TryRescale(value, 0, out converted), misfits),
        (DecimalType source, DecimalType type) => Convert<Int128, Int128>(array, type, (Int128 value, out Int128 converted) => type.TryRescale(value, source.Scale, out converted), misfits),
        _ => null,
    };

    private static bool Narrow<TFrom, TTo>(TFrom value, out TTo converted)
        where TFrom : unmanaged, System.Numerics.IBinaryInteger<TFrom>
        where TTo : unmanaged, System.Numerics.IBinaryInteger<TTo>
    {
        converted = TTo.CreateTruncating(value);
        return TFrom.CreateTruncating(converted) == value;
    }

    private static IArrowArray Convert<TFrom, TTo>(IArrowArray array, FixedType<TTo> type, TryConvert<TFrom, TTo> convert, ICollection<int> misfits)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var builder = (FixedColumnBuilder<TTo>)type.NewBuilder();
        var values = array.Values<TFrom>();
        for (var row = 0; row < values.Length; row++)
        {
            if (array.IsNull(row))
            {
                builder.AppendNull();
            }
            else if (convert(values[row], out var converted))
            {
                builder.Append(converted);
            }
            else
            {
                misfits.Add(row);
                builder.AppendNull();
            }
        }

        return builder.Finish();
    }
}
