using Apache.Arrow;

namespace DataTools.Data;

/// <summary>A type whose values have one size: <typeparamref name="T"/> is the value as Arrow stores it.</summary>
public abstract class FixedType<T> : DataType
    where T : unmanaged
{
    /// <summary>Enough for the text of every fixed-size value (a double or a decimal is the longest).</summary>
    private const int MaxText = 64;

    /// <summary>Parses a cell's text. False where it is not exactly a value of this type under <paramref name="rules"/>.</summary>
    public abstract bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out T value);

    /// <summary>Takes a .NET value if nothing is lost by it.</summary>
    public abstract bool TryConvert(object value, out T converted);

    /// <summary>The .NET value for PowerShell.</summary>
    public abstract object ToObject(T value);

    /// <summary>Writes the value's invariant text.</summary>
    public abstract bool TryFormat(T value, Span<byte> destination, out int written);

    /// <inheritdoc/>
    public sealed override ColumnBuilder NewBuilder() => new FixedColumnBuilder<T>(this);

    /// <inheritdoc/>
    public sealed override object GetValue(IArrowArray array, int row) => ToObject(array.Values<T>()[row]);

    /// <inheritdoc/>
    public sealed override bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written) =>
        TryFormat(array.Values<T>()[row], destination, out written);

    /// <inheritdoc/>
    public sealed override int MaxTextLength(IArrowArray array, int row) => MaxText;

    /// <summary>
    /// A string is taken only when it is the value's own text, so that "007" never becomes 7 in silence.
    /// </summary>
    protected bool TryConvertText(object value, out T converted)
    {
        converted = default;
        if (value is not string text || text.Length > MaxText)
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[MaxText * 3];
        Span<byte> back = stackalloc byte[MaxText];
        var length = System.Text.Encoding.UTF8.GetBytes(text, utf8);
        return TryParse(utf8[..length], TextRules.Default, out converted)
            && TryFormat(converted, back, out var written)
            && back[..written].SequenceEqual(utf8[..length]);
    }
}
