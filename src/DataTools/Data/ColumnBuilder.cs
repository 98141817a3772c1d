using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>
/// Grows one column of a batch. A value that does not fit is refused (false), never bent; the caller decides what becomes of the row
/// and takes back what the row had already appended with <see cref="Truncate"/>.
/// </summary>
public abstract class ColumnBuilder
{
    private byte[]? _validity;

    /// <summary>The rows appended so far.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are null.</summary>
    public int NullCount { get; private set; }

    /// <summary>The type of the column.</summary>
    public abstract DataType Type { get; }

    /// <summary>Appends a null.</summary>
    public void AppendNull()
    {
        AppendDefault();
        MarkNull();
    }

    /// <summary>Appends a value given as UTF-8 text; false, and nothing appended, where the text is not a value of the type.</summary>
    public bool TryAppendText(ReadOnlySpan<byte> text, TextRules rules)
    {
        if (!TryAddText(text, rules))
        {
            return false;
        }

        Appended();
        return true;
    }

    /// <summary>Appends a .NET value, or null; false, and nothing appended, where something would be lost.</summary>
    public bool TryAppend(object? value)
    {
        if (value is null or DBNull)
        {
            AppendNull();
            return true;
        }

        if (!TryAdd(value))
        {
            return false;
        }

        Appended();
        return true;
    }

    /// <summary>Drops the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        if (_validity is not null)
        {
            for (var row = count; row < Count; row++)
            {
                if (!BitUtility.GetBit(_validity, row))
                {
                    NullCount--;
                }

                // Rows that follow count on their bit being set.
                BitUtility.SetBit(_validity, row);
            }
        }

        Count = Math.Min(Count, count);
        TruncateValues(Count);
    }

    /// <summary>The column so far; the builder starts anew.</summary>
    public IArrowArray Finish()
    {
        var validity = NullCount == 0 ? ArrowBuffer.Empty : ArrowAccess.Wrap(_validity!, BitUtility.ByteCount(Count));
        var array = FinishValues(Count, NullCount, validity);
        Count = 0;
        NullCount = 0;
        _validity = null;
        return array;
    }

    /// <summary>Adds the value's text; does not count the row.</summary>
    protected abstract bool TryAddText(ReadOnlySpan<byte> text, TextRules rules);

    /// <summary>Adds a .NET value that is not null; does not count the row.</summary>
    protected abstract bool TryAdd(object value);

    /// <summary>Adds the placeholder that a null has in the values.</summary>
    protected abstract void AppendDefault();

    /// <summary>Drops the values from <paramref name="count"/> on.</summary>
    protected abstract void TruncateValues(int count);

    /// <summary>Hands over the values and starts anew.</summary>
    protected abstract IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity);

    /// <summary>Counts a row whose value has been added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Appended()
    {
        if (_validity is not null)
        {
            EnsureValidity();
        }

        Count++;
    }

    private void MarkNull()
    {
        if (_validity is null)
        {
            _validity = new byte[Math.Max(64, BitUtility.ByteCount(Count + 1))];
            System.Array.Fill(_validity, (byte)0xFF);
        }

        EnsureValidity();
        BitUtility.ClearBit(_validity, Count);
        NullCount++;
        Count++;
    }

    private void EnsureValidity()
    {
        var length = _validity!.Length;
        if (Count < length * 8)
        {
            return;
        }

        System.Array.Resize(ref _validity, length * 2);
        System.Array.Fill(_validity, (byte)0xFF, length, length);
    }
}
