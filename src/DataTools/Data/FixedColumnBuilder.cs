using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Builds a column of values of one size.</summary>
public sealed class FixedColumnBuilder<T>(FixedType<T> type) : ColumnBuilder
    where T : unmanaged
{
    private const int FirstCapacity = 1024;

    private T[] _values = [];
    private int _length;
    private int _capacity = FirstCapacity;

    /// <inheritdoc/>
    public override DataType Type => type;

    /// <summary>Appends a value as Arrow stores it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T value)
    {
        Add(value);
        Appended();
    }

    /// <inheritdoc/>
    protected override bool TryAddText(ReadOnlySpan<byte> text, TextRules rules)
    {
        if (!type.TryParse(text, rules, out var value))
        {
            return false;
        }

        Add(value);
        return true;
    }

    /// <inheritdoc/>
    protected override bool TryAdd(object value)
    {
        if (!type.TryConvert(value, out var converted))
        {
            return false;
        }

        Add(converted);
        return true;
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => Add(default);

    /// <inheritdoc/>
    protected override void TruncateValues(int count) => _length = count;

    /// <inheritdoc/>
    protected override IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity)
    {
        var data = new ArrayData(type.Arrow, count, nullCount, 0, [validity, ArrowAccess.Wrap(_values, count)]);
        // The next batch will be about as long as this one.
        _capacity = Math.Max(FirstCapacity, count);
        _values = [];
        _length = 0;
        return ArrowArrayFactory.BuildArray(data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(T value)
    {
        if (_length == _values.Length)
        {
            Grow();
        }

        _values[_length++] = value;
    }

    private void Grow()
    {
        var larger = GC.AllocateUninitializedArray<T>(_length == 0 ? _capacity : _length * 2);
        _values.AsSpan(0, _length).CopyTo(larger);
        _values = larger;
    }
}
