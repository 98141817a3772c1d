using System.Globalization;
using System.Numerics;
using Apache.Arrow;

namespace DataTools.Data.Normalizing;

/// <summary>Maps a value; false where the target has no value equal to it.</summary>
internal delegate bool FixedMap<TIn, TOut>(TIn value, out TOut result);

/// <summary>Values that stay as they are.</summary>
internal sealed class CopyConverter<T>(DataType target) : ArrowConverter(target)
    where T : unmanaged
{
    public override ArrayData Convert(IArrowArray array)
    {
        var copy = GC.AllocateUninitializedArray<T>(array.Length);
        array.Values<T>().CopyTo(copy);
        return new ArrayData(Target.Arrow, array.Length, array.NullCount, 0, [Validity(array), ArrowAccess.Wrap(copy, copy.Length)]);
    }
}

/// <summary>Values that stay as they are, if they are within the type's range: what .NET's dates and times can hold.</summary>
internal sealed class RangeConverter<T>(DataType target, T least, T most) : ArrowConverter(target)
    where T : unmanaged, INumber<T>
{
    private readonly CopyConverter<T> _copy = new(target);

    public override ArrayData Convert(IArrowArray array)
    {
        var values = array.Values<T>();
        if (values.ContainsAnyExceptInRange(least, most))
        {
            for (var row = 0; row < values.Length; row++)
            {
                if ((values[row] < least || values[row] > most) && array.IsValid(row))
                {
                    throw new MisfitException(row, values[row].ToString(null, CultureInfo.InvariantCulture), $"is outside the range of the type {Target.Name}");
                }
            }
        }

        return _copy.Convert(array);
    }
}

/// <summary>Values of one size that become values of another type.</summary>
internal sealed class FixedConverter<TIn, TOut>(DataType target, FixedMap<TIn, TOut> map, string reason) : ArrowConverter(target)
    where TIn : unmanaged, IFormattable
    where TOut : unmanaged
{
    public override ArrayData Convert(IArrowArray array)
    {
        var values = array.Values<TIn>();
        var mapped = new TOut[values.Length];
        for (var row = 0; row < mapped.Length; row++)
        {
            if (!map(values[row], out mapped[row]) && array.IsValid(row))
            {
                throw new MisfitException(row, values[row].ToString(null, CultureInfo.InvariantCulture), reason);
            }
        }

        return new ArrayData(Target.Arrow, array.Length, array.NullCount, 0, [Validity(array), ArrowAccess.Wrap(mapped, mapped.Length)]);
    }
}

/// <summary>Booleans.</summary>
internal sealed class BoolConverter() : ArrowConverter(DataTypes.Bool)
{
    public override ArrayData Convert(IArrowArray array) =>
        new(Target.Arrow, array.Length, array.NullCount, 0, [Validity(array), Bits(array.Data.Buffers[1].Span, array.Data.Offset, array.Length)]);
}
