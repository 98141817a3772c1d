using System.Runtime.CompilerServices;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>
/// Takes the values of one column. The usual types go straight to their builder: a virtual call a value would cost more than the value.
/// </summary>
internal readonly struct ColumnSink
{
    private readonly ColumnBuilder _column;
    private readonly TextRules _rules;
    private readonly Kind _kind;
    private readonly byte _scale;

    public ColumnSink(ColumnBuilder column, TextRules rules)
    {
        _column = column;
        _rules = rules;
        _kind = rules.Culture is null && rules.DateTimeFormats.Count == 0 ? KindOf(column.Type) : column.Type is TextType ? Kind.Text : Kind.Other;
        _scale = (byte)(column.Type is DecimalType number ? number.Scale : 0);
    }

    private enum Kind : byte
    {
        Other,
        Text,
        Int64,
        Decimal,
        Timestamp,
        Date,
    }

    /// <summary>Whether the column holds text.</summary>
    public bool IsText => _kind == Kind.Text;

    /// <summary>Appends a null.</summary>
    public void AppendNull() => _column.AppendNull();

    /// <summary>Appends a value; false where the text is none of the column's type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(ReadOnlySpan<byte> text)
    {
        switch (_kind)
        {
            case Kind.Text:
                Unsafe.As<BytesColumnBuilder>(_column).Append(text);
                return true;
            case Kind.Int64 when FastText.TryInt64(text, out var number):
                Unsafe.As<FixedColumnBuilder<long>>(_column).Append(number);
                return true;
            case Kind.Decimal when FastText.TryDecimal(text, _scale, out var unscaled):
                Unsafe.As<FixedColumnBuilder<Int128>>(_column).Append(unscaled);
                return true;
            case Kind.Timestamp when FastText.TryTimestamp(text, out var micros):
                Unsafe.As<FixedColumnBuilder<long>>(_column).Append(micros);
                return true;
            case Kind.Date when FastText.TryDate(text, out var days):
                Unsafe.As<FixedColumnBuilder<int>>(_column).Append(days);
                return true;
            default:
                return _column.TryAppendText(text, _rules);
        }
    }

    private static Kind KindOf(DataType type) => type switch
    {
        TextType => Kind.Text,
        IntegerType<long> => Kind.Int64,
        // The shortcut reads up to 17 digits.
        DecimalType { Precision: >= 17, Scale: > 0 } => Kind.Decimal,
        TimestampType { IsUtc: false } => Kind.Timestamp,
        DateType => Kind.Date,
        _ => Kind.Other,
    };
}
