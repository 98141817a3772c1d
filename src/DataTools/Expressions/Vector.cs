namespace DataTools.Expressions;

/// <summary>What a row of a vector holds, where it is not simply a value.</summary>
internal static class Cell
{
    /// <summary>A value.</summary>
    public const byte Value = 0;

    /// <summary>Null; the value beside it is the type's default.</summary>
    public const byte Null = 1;

    /// <summary>Nothing that columns can tell: an error, or a result of another type. The row is computed by other means.</summary>
    public const byte Undecided = 2;
}

/// <summary>The values of an expression for the rows of a batch.</summary>
/// <param name="length">The rows.</param>
/// <param name="flags">A <see cref="Cell"/> per row, or null where all are values.</param>
/// <param name="constant">Whether one value and one flag stand for all rows.</param>
internal abstract class Vector(int length, byte[]? flags, bool constant)
{
    private readonly int _mask = constant ? 0 : -1;

    /// <summary>The rows.</summary>
    public int Length => length;

    /// <summary>A <see cref="Cell"/> per row (one for all when constant), or null where all are values.</summary>
    public byte[]? Flags => flags;

    /// <summary>Whether one value stands for all rows.</summary>
    public bool IsConstant => constant;

    /// <summary>The <see cref="Cell"/> of a row.</summary>
    public byte Flag(int row) => flags is null ? Cell.Value : flags[row & _mask];

    /// <summary>The value of a row as an object; null where it is none.</summary>
    public abstract object? Box(int row);

    /// <summary>The place of a row's value.</summary>
    protected int At(int row) => row & _mask;
}

/// <summary>Values of one type.</summary>
internal sealed class Vector<T>(T[] values, int length, byte[]? flags, bool constant = false) : Vector(length, flags, constant)
{
    /// <summary>The values: one per row, or one for all when constant.</summary>
    public T[] Values => values;

    /// <summary>The value of a row; the default where its flag says that there is none.</summary>
    public T this[int row] => values[At(row)];

    /// <inheritdoc/>
    public override object? Box(int row) => Flag(row) == Cell.Value ? values[At(row)] : null;
}
