using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>A column as it stands.</summary>
internal interface IColumn
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its place in the schema.</summary>
    int Index { get; }

    /// <summary>What it holds.</summary>
    DataType DataType { get; }
}

/// <summary>A column, its values as <see cref="DataType.GetValue"/> gives them.</summary>
internal sealed class ColumnExpr<T>(string name, int index, DataType type, ColumnExpr<T>.Loader load) : Expr<T>, IColumn
{
    /// <summary>Fills in the values from a row on.</summary>
    public delegate void Loader(IArrowArray array, T[] values, ref int row);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int Index => index;

    /// <inheritdoc/>
    public DataType DataType => type;

    /// <inheritdoc/>
    public override Vector<T> Compute(RecordBatch batch)
    {
        var array = batch.Column(index);
        var values = new T[array.Length];
        var flags = ColumnFlags.Of(array);
        // A value outside the range of its .NET type throws, as it does for a script that reads it.
        flags = Guard.Run(array.Length, flags, (ref int row) => load(array, values, ref row));
        ColumnFlags.Clear(values, flags);
        return new Vector<T>(values, array.Length, flags);
    }
}

/// <summary>The nulls of Arrow arrays as flags.</summary>
internal static class ColumnFlags
{
    /// <summary>A flag per row, or null where the array has no nulls.</summary>
    public static byte[]? Of(IArrowArray array)
    {
        var validity = array.Validity(out var start);
        if (validity.IsEmpty)
        {
            return null;
        }

        var flags = new byte[array.Length];
        for (var row = 0; row < flags.Length; row++)
        {
            var bit = start + row;
            flags[row] = (byte)(((validity[bit >> 3] >> (bit & 7)) & 1) ^ 1);
        }

        return flags;
    }

    /// <summary>Gives null rows their default: Arrow leaves there what it likes.</summary>
    public static void Clear<T>(T[] values, byte[]? flags)
    {
        for (var row = 0; row < (flags?.Length ?? 0); row++)
        {
            if (flags![row] != Cell.Value)
            {
                values[row] = default!;
            }
        }
    }
}

/// <summary>Makes column expressions.</summary>
internal static class ColumnExpr
{
    /// <summary>The column as an expression, or null where its values have no typed form (nested ones, bytes, uint64, over 28 digits).</summary>
    public static Expr? For(string name, int index, DataType type) => type switch
    {
        BoolType => new ColumnExpr<bool>(name, index, type, (array, values, ref row) => Each(array, values, ref row, static (a, r) => a.Bit(r))),
        IntegerType<sbyte> t => Fixed<sbyte, int>(name, index, t, static v => v),
        IntegerType<short> t => Fixed<short, int>(name, index, t, static v => v),
        IntegerType<int> t => Fixed<int, int>(name, index, t, null),
        IntegerType<long> t => Fixed<long, long>(name, index, t, null),
        FloatType<float> t => Fixed<float, float>(name, index, t, null),
        FloatType<double> t => Fixed<double, double>(name, index, t, null),
        DecimalType { Precision: <= 28 } t => Fixed<Int128, decimal>(name, index, t, v => Decimal(v, t.Scale)),
        DateType t => Fixed<int, DateOnly>(name, index, t, v => (DateOnly)t.ToObject(v)),
        TimeType t => Fixed<long, TimeOnly>(name, index, t, v => (TimeOnly)t.ToObject(v)),
        TimestampType t => Fixed<long, DateTime>(name, index, t, v => (DateTime)t.ToObject(v)),
        DurationType t => Fixed<long, TimeSpan>(name, index, t, v => (TimeSpan)t.ToObject(v)),
        UuidType t => Fixed<UuidBytes, Guid>(name, index, t, v => (Guid)t.ToObject(v)),
        BytesType and not BinaryDataType => Text(name, index, type),
        _ => null,
    };

    private static ColumnExpr<string> Text(string name, int index, DataType type) => new(
        name,
        index,
        type,
        (array, values, ref row) => Each(array, values, ref row, static (a, r) => System.Text.Encoding.UTF8.GetString(a.Bytes(r))));

    private static ColumnExpr<T> Fixed<TStored, T>(string name, int index, FixedType<TStored> type, Func<TStored, T>? convert)
        where TStored : unmanaged =>
        new(name, index, type, (array, values, ref row) =>
        {
            var stored = array.Values<TStored>();
            if (convert is null)
            {
                stored.CopyTo((TStored[])(object)values);
                row = values.Length;
                return;
            }

            var nulls = array.NullCount > 0;
            for (; row < values.Length; row++)
            {
                // What lies under a null may be out of range.
                values[row] = nulls && array.IsNull(row) ? default! : convert(stored[row]);
            }
        });

    private static void Each<T>(IArrowArray array, T[] values, ref int row, Func<IArrowArray, int, T> read)
    {
        for (; row < values.Length; row++)
        {
            values[row] = read(array, row);
        }
    }

    private static decimal Decimal(Int128 value, int scale)
    {
        var magnitude = Int128.Abs(value);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), value < 0, (byte)scale);
    }
}
