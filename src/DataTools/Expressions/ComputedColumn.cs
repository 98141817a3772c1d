using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>A column that an expression gave for one batch.</summary>
/// <param name="Type">Its type: that of the column it was asked for, or else the widest of this batch.</param>
/// <param name="Values">Its values.</param>
internal sealed record ComputedColumn(DataType Type, IArrowArray Values)
{
    /// <summary>Takes a value that does not fit, with its row; the column has null there.</summary>
    public delegate void Misfit(int row, object value, DataType type);

    /// <summary>
    /// The vector as a column. <paramref name="type"/> is the type that earlier batches gave it, or null for the first, which decides.
    /// Undecided rows must have been replaced before.
    /// </summary>
    public static ComputedColumn Of(Vector vector, DataType? type, Misfit misfit) => vector switch
    {
        Vector<long> { IsConstant: false } longs when type is null or IntegerType<long> => Fixed(longs, DataTypes.Int64),
        Vector<double> { IsConstant: false } doubles when type is null or FloatType<double> => Fixed(doubles, DataTypes.Double),
        Vector<decimal> decimals => Decimals(decimals, type, misfit),
        Vector<string> strings when type is null or TextType => Strings(strings, misfit),
        _ => Of(Enumerable.Range(0, vector.Length).Select(vector.Box), vector.Length, type ?? Natural(vector), misfit),
    };

    /// <summary>Objects as a column.</summary>
    public static ComputedColumn Of(object?[] values, DataType? type, Misfit misfit) =>
        Of(values, values.Length, type ?? WidestType.Of(values), misfit);

    private static ComputedColumn Of(IEnumerable<object?> values, int length, DataType type, Misfit misfit)
    {
        var builder = type.NewBuilder();
        foreach (var value in values)
        {
            if (!builder.TryAppend(value))
            {
                misfit(builder.Count, value!, type);
                builder.AppendNull();
            }
        }

        return new ComputedColumn(type, builder.Finish());
    }

    /// <summary>The type of a vector's values, also where all are null.</summary>
    private static DataType Natural(Vector vector) => vector switch
    {
        Vector<int> or Vector<long> => DataTypes.Int64,
        Vector<float> => DataTypes.Float,
        Vector<double> => DataTypes.Double,
        Vector<bool> => DataTypes.Bool,
        Vector<DateOnly> => DataTypes.Date,
        Vector<TimeOnly> => DataTypes.Time,
        Vector<TimeSpan> => DataTypes.Duration,
        Vector<Guid> => DataTypes.Uuid,
        _ => WidestType.Of(Enumerable.Range(0, vector.Length).Select(vector.Box)),
    };

    private static ComputedColumn Fixed<T>(Vector<T> vector, DataType type)
        where T : unmanaged
    {
        var validity = Validity(vector, out var nulls);
        var data = new ArrayData(type.Arrow, vector.Length, nulls, 0, [validity, ArrowAccess.Wrap(vector.Values, vector.Length)]);
        return new ComputedColumn(type, ArrowArrayFactory.BuildArray(data));
    }

    private static ArrowBuffer Validity(Vector vector, out int nulls)
    {
        nulls = 0;
        if (vector.Flags is null)
        {
            return ArrowBuffer.Empty;
        }

        var bits = new byte[BitUtility.ByteCount(vector.Length)];
        for (var row = 0; row < vector.Length; row++)
        {
            var valid = 1 - vector.Flag(row);
            bits[row >> 3] |= (byte)(valid << (row & 7));
            nulls += 1 - valid;
        }

        return ArrowAccess.Wrap(bits, bits.Length);
    }

    private static ComputedColumn Decimals(Vector<decimal> vector, DataType? type, Misfit misfit)
    {
        if ((type ?? Widest(vector)) is not DecimalType target)
        {
            return Of(Enumerable.Range(0, vector.Length).Select(vector.Box), vector.Length, type!, misfit);
        }

        var builder = (FixedColumnBuilder<Int128>)target.NewBuilder();
        for (var row = 0; row < vector.Length; row++)
        {
            var value = vector[row];
            if (vector.Flag(row) == Cell.Value && target.TryRescale(DecimalType.Unscaled(value), value.Scale, out var unscaled))
            {
                builder.Append(unscaled);
                continue;
            }

            if (vector.Flag(row) == Cell.Value)
            {
                misfit(row, value, target);
            }

            builder.AppendNull();
        }

        return new ComputedColumn(target, builder.Finish());
    }

    private static DataType Widest(Vector<decimal> vector)
    {
        var type = new WidestType();
        type.Add(0m);
        for (var row = 0; row < vector.Length; row++)
        {
            if (vector.Flag(row) == Cell.Value)
            {
                type.Add(vector[row]);
            }
        }

        return type.Result;
    }

    private static ComputedColumn Strings(Vector<string> vector, Misfit misfit)
    {
        var builder = DataTypes.Text.NewBuilder();
        for (var row = 0; row < vector.Length; row++)
        {
            if (!builder.TryAppend(vector.Flag(row) == Cell.Value ? vector[row] : null))
            {
                misfit(row, vector[row], DataTypes.Text);
                builder.AppendNull();
            }
        }

        return new ComputedColumn(DataTypes.Text, builder.Finish());
    }
}
