using System.Runtime.CompilerServices;
using System.Text;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Builds a utf8 or binary column: offsets and bytes.</summary>
public sealed class BytesColumnBuilder(BytesType type) : ColumnBuilder
{
    private const int FirstCapacity = 1024;

    private int[] _offsets = new int[FirstCapacity];
    private byte[] _bytes = [];
    private int _length;
    private int _rows;
    private int _capacity = FirstCapacity * 8;

    /// <inheritdoc/>
    public override DataType Type => type;

    /// <summary>The bytes appended so far; a batch must end before they pass 2 GiB.</summary>
    public int ByteLength => _length;

    /// <summary>Appends bytes as they are; for text they must be valid UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> value)
    {
        Add(value);
        Appended();
    }

    /// <summary>Appends a string as UTF-8.</summary>
    public void Append(string value)
    {
        AddString(value);
        Appended();
    }

    /// <inheritdoc/>
    protected override bool TryAddText(ReadOnlySpan<byte> text, TextRules rules)
    {
        if (type.IsVerbatim)
        {
            Add(text);
            return true;
        }

        return type.TryParse(text, this);
    }

    /// <inheritdoc/>
    protected override bool TryAdd(object value) => type.TryConvert(value, this);

    /// <inheritdoc/>
    protected override void AppendDefault() => Add([]);

    /// <inheritdoc/>
    protected override void TruncateValues(int count)
    {
        _rows = count;
        _length = _offsets[count];
    }

    /// <inheritdoc/>
    protected override IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity)
    {
        var data = new ArrayData(
            type.Arrow, count, nullCount, 0, [validity, ArrowAccess.Wrap(_offsets, count + 1), ArrowAccess.Wrap(_bytes, _length)]);
        _capacity = Math.Max(FirstCapacity * 8, _length + (_length / 8));
        _offsets = new int[Math.Max(FirstCapacity, count + 1)];
        _bytes = [];
        _length = 0;
        _rows = 0;
        return ArrowArrayFactory.BuildArray(data);
    }

    /// <summary>Adds bytes without counting the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Close(value.Length);
    }

    /// <summary>Adds a string without counting the row.</summary>
    internal void AddString(string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Close(Encoding.UTF8.GetBytes(value, Reserve(most)));
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var size = Math.Max(Math.Max(_capacity, (long)_length + count), _bytes.Length * 2L);
        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, System.Array.MaxLength));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        _bytes = larger;
    }

    private void Close(int added)
    {
        _length += added;
        _rows++;
        if (_rows == _offsets.Length)
        {
            System.Array.Resize(ref _offsets, _rows * 2);
        }

        _offsets[_rows] = _length;
    }
}
