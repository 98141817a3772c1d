using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>A boolean column. Text is true or false in any case; 0 and 1 are numbers.</summary>
public sealed class BoolType : DataType
{
    /// <inheritdoc/>
    public override string Name => "bool";

    /// <inheritdoc/>
    public override IArrowType Arrow => BooleanType.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(bool);

    /// <inheritdoc/>
    public override ColumnBuilder NewBuilder() => new BoolColumnBuilder(this);

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row) => array.Bit(row);

    /// <inheritdoc/>
    public override bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written)
    {
        var text = array.Bit(row) ? "true"u8 : "false"u8;
        written = text.Length;
        return text.TryCopyTo(destination);
    }

    /// <inheritdoc/>
    public override int MaxTextLength(IArrowArray array, int row) => 5;

    /// <summary>Parses true or false in any case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.Length == 4;
        return Ascii.EqualsIgnoreCase(text, value ? "true"u8 : "false"u8);
    }

    private sealed class BoolColumnBuilder(BoolType type) : ColumnBuilder
    {
        private byte[] _bits = [];
        private int _length;

        public override DataType Type => type;

        protected override bool TryAddText(ReadOnlySpan<byte> text, TextRules rules)
        {
            if (!TryParse(text, out var value))
            {
                return false;
            }

            Add(value);
            return true;
        }

        protected override bool TryAdd(object value)
        {
            if (value is bool flag)
            {
                Add(flag);
                return true;
            }

            return value is string text && TryAddText(Encoding.UTF8.GetBytes(text), TextRules.Default);
        }

        protected override void AppendDefault() => Add(false);

        protected override void TruncateValues(int count) => _length = count;

        protected override IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity)
        {
            var values = ArrowAccess.Wrap(_bits, BitUtility.ByteCount(count));
            _bits = [];
            _length = 0;
            return ArrowArrayFactory.BuildArray(new ArrayData(type.Arrow, count, nullCount, 0, [validity, values]));
        }

        private void Add(bool value)
        {
            if (_length == _bits.Length * 8)
            {
                System.Array.Resize(ref _bits, Math.Max(128, _bits.Length * 2));
            }

            BitUtility.SetBit(_bits, _length++, value);
        }
    }
}
