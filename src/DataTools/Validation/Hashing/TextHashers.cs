using System.Buffers;
using System.Buffers.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>The 128 bits of a value given as text.</summary>
internal delegate void TextCell(ReadOnlySpan<byte> text, out ulong a, out ulong b);

/// <summary>Hashes values by their text, read as what the other side has.</summary>
internal sealed class TextHasher(DataType type, TextCell cell) : ValueHasher
{
    private const int StackText = 256;
    private readonly bool _isText = type is BytesType and not BinaryDataType;

    protected override void Read(IArrowArray array, int row, out ulong a, out ulong b)
    {
        if (_isText)
        {
            cell(array.Bytes(row), out a, out b);
            return;
        }

        var most = type.MaxTextLength(array, row);
        var buffer = most <= StackText ? stackalloc byte[StackText] : new byte[most];
        type.TryFormat(array, row, buffer, out var written);
        cell(buffer[..written], out a, out b);
    }
}

/// <summary>Hashes bytes.</summary>
internal sealed class BytesHasher : ValueHasher
{
    protected override void Read(IArrowArray array, int row, out ulong a, out ulong b) => BytesCell.Read(array.Bytes(row), out a, out b);
}

/// <summary>Hashes booleans, whose values are bits, as 0 and 1.</summary>
internal sealed class BoolHasher : ValueHasher
{
    protected override void Read(IArrowArray array, int row, out ulong a, out ulong b)
    {
        a = array.Bit(row) ? 1UL : 0;
        b = 0;
    }
}

/// <summary>How text is read as the values of a form.</summary>
internal static class TextCells
{
    private static readonly TextRules Rounding = new() { RoundFloats = true };

    /// <summary>Text read as a value of a type of one size.</summary>
    public static TextCell Parsed<T, TCell>(FixedType<T> type, TCell cell)
        where T : unmanaged
        where TCell : struct, ICell<T> => (text, out a, out b) =>
        {
            if (type.TryParse(text, Rounding, out var value))
            {
                cell.Read(value, out a, out b);
            }
            else
            {
                BytesCell.ReadMisfit(text, out a, out b);
            }
        };

    /// <summary>Text read as true or false.</summary>
    public static void Boolean(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        if (BoolType.TryParse(text, out var value))
        {
            (a, b) = (value ? 1UL : 0, 0);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }
    }

    /// <summary>Text read as a timestamp, with a zone, without one, or as a date.</summary>
    public static TextCell Timestamp(long unit) => (text, out a, out b) =>
    {
        if (TemporalText.TryTimestamp(text, out var micros, out _) || DataTypes.Timestamp.TryParse(text, Rounding, out micros))
        {
            new MicrosecondCell(unit).Read(micros, out a, out b);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }
    };

    /// <summary>Text read as a length of time, or as a time of day.</summary>
    public static void Span(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        if (DataTypes.Time.TryParse(text, Rounding, out var micros) || DataTypes.Duration.TryParse(text, Rounding, out micros))
        {
            new MicrosecondCell(1).Read(micros, out a, out b);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }
    }

    /// <summary>Text read as a number rounded to a double, or as NaN or an infinity.</summary>
    public static void Double(ReadOnlySpan<byte> text, out ulong a, out ulong b) => Float(text, DecimalRounding.TryDouble(text, out var value), value, out a, out b);

    /// <summary>Text read as a number rounded to a float, or as NaN or an infinity.</summary>
    public static void Single(ReadOnlySpan<byte> text, out ulong a, out ulong b) => Float(text, DecimalRounding.TrySingle(text, out var value), value, out a, out b);

    /// <summary>Base64 read as the bytes that it stands for.</summary>
    public static void Bytes(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, rented, out _, out var written) == OperationStatus.Done)
        {
            BytesCell.Read(rented.AsSpan(0, written), out a, out b);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Float(ReadOnlySpan<byte> text, bool isNumber, double value, out ulong a, out ulong b)
    {
        if (isNumber || NumberText.TrySpecial(text, out value))
        {
            default(DoubleCell).Read(value, out a, out b);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }
    }
}
