using System.Numerics;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>Mixes the values of a column into the hashes of their rows, straight from Arrow's buffers.</summary>
internal abstract class ColumnHasher
{
    // Digits of the fractions of pi, e and some roots: constants that nobody chose for a purpose.
    private const ulong First = 0x243F6A8885A308D3;
    private const ulong Second = 0x13198A2E03707345;
    private const ulong Third = 0xB7E151628AED2A6B;
    private const ulong Fourth = 0x6A09E667F3BCC909;
    private const ulong NullFirst = 0xBB67AE8584CAA73B;
    private const ulong NullSecond = 0x3C6EF372FE94F82B;

    /// <summary>Mixes the column's values into the two halves of the rows' hashes.</summary>
    public abstract void Mix(IArrowArray array, Span<ulong> low, Span<ulong> high);

    /// <summary>
    /// Takes a value of 128 bits into a row's hash: the folded product of 64-bit words, twice with other constants. The order of the columns counts.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Mix(ref ulong low, ref ulong high, ulong a, ulong b)
    {
        low = Fold(low ^ a ^ First, b ^ Second);
        high = Fold(high ^ b ^ Third, a ^ Fourth ^ BitOperations.RotateLeft(low, 32));
    }

    /// <summary>Takes a null, which equals no value, into a row's hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void MixNull(ref ulong low, ref ulong high)
    {
        low = Fold(low ^ NullFirst, NullSecond);
        high = Fold(high ^ NullSecond, NullFirst ^ BitOperations.RotateLeft(low, 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        var upper = Math.BigMul(a, b, out var lower);
        return upper ^ lower;
    }
}

/// <summary>The 128 bits of a value of one size.</summary>
internal interface ICell<T>
    where T : unmanaged
{
    /// <summary>The bits: equal values have equal ones.</summary>
    void Read(T value, out ulong a, out ulong b);
}

/// <summary>Hashes a column of values of one size.</summary>
internal sealed class FixedHasher<T, TCell>(TCell cell) : ColumnHasher
    where T : unmanaged
    where TCell : struct, ICell<T>
{
    // Compiled fully at once: the first batch has tens of thousands of values.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Mix(IArrowArray array, Span<ulong> low, Span<ulong> high)
    {
        var values = array.Values<T>();
        var validity = array.Validity(out var start);
        low = low[..values.Length];
        high = high[..values.Length];
        for (var row = 0; row < values.Length; row++)
        {
            if (!validity.IsEmpty && !BitUtility.GetBit(validity, start + row))
            {
                MixNull(ref low[row], ref high[row]);
                continue;
            }

            cell.Read(values[row], out var a, out var b);
            Mix(ref low[row], ref high[row], a, b);
        }
    }
}

/// <summary>Hashes a column whose values have no fixed size, or no form of their own to be compared in.</summary>
internal abstract class ValueHasher : ColumnHasher
{
    public override void Mix(IArrowArray array, Span<ulong> low, Span<ulong> high)
    {
        for (var row = 0; row < array.Length; row++)
        {
            if (array.IsNull(row))
            {
                MixNull(ref low[row], ref high[row]);
                continue;
            }

            Read(array, row, out var a, out var b);
            Mix(ref low[row], ref high[row], a, b);
        }
    }

    /// <summary>The bits of the value at a row.</summary>
    protected abstract void Read(IArrowArray array, int row, out ulong a, out ulong b);
}
