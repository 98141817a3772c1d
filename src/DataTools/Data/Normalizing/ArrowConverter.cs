using Apache.Arrow;

namespace DataTools.Data.Normalizing;

/// <summary>A value that no type in use holds; the row is one of the batch.</summary>
internal sealed class MisfitException(int row, string value, string reason) : Exception
{
    public int Row => row;

    public string Value => value;

    public string Reason => reason;

    /// <summary>The column of the batch, by its position.</summary>
    public int Column { get; set; }

    /// <summary>Not a value but the data itself is wrong: no row can be left out to mend it.</summary>
    public bool IsDamage { get; init; }
}

/// <summary>Turns arrays of one Arrow type into arrays of a type in use, with memory of their own.</summary>
internal abstract class ArrowConverter(DataType target)
{
    /// <summary>The type that comes out.</summary>
    public DataType Target => target;

    /// <summary>A copy of the array in the target's layout, starting at offset 0.</summary>
    public abstract ArrayData Convert(IArrowArray array);

    /// <summary>The validity bits, copied to start at bit 0.</summary>
    protected static ArrowBuffer Validity(IArrowArray array) =>
        array.NullCount == 0 ? ArrowBuffer.Empty : Bits(array.Data.Buffers[0].Span, array.Data.Offset, array.Length);

    /// <summary>Bits copied to start at bit 0.</summary>
    protected static ArrowBuffer Bits(ReadOnlySpan<byte> bits, int start, int count)
    {
        var copy = new byte[BitUtility.ByteCount(count)];
        var shift = start % 8;
        bits = bits[(start / 8)..];
        if (shift == 0)
        {
            bits[..copy.Length].CopyTo(copy);
            return ArrowAccess.Wrap(copy, copy.Length);
        }

        for (var i = 0; i < copy.Length; i++)
        {
            var next = i + 1 < bits.Length ? bits[i + 1] << (8 - shift) : 0;
            copy[i] = (byte)((bits[i] >> shift) | next);
        }

        return ArrowAccess.Wrap(copy, copy.Length);
    }
}

/// <summary>Any array, value by value through the target's builder: for types too rare for a loop of their own.</summary>
internal sealed class ValueConverter(DataType target, Func<IArrowArray, int, ColumnBuilder, bool> append) : ArrowConverter(target)
{
    public override ArrayData Convert(IArrowArray array)
    {
        var builder = Target.NewBuilder();
        for (var row = 0; row < array.Length; row++)
        {
            if (array.IsNull(row))
            {
                builder.AppendNull();
            }
            else if (!append(array, row, builder))
            {
                throw new MisfitException(row, "", $"is not a value of the type {Target.Name}");
            }
        }

        return builder.Finish().Data;
    }
}
