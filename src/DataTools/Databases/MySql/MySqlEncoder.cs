using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Databases.MySql;

/// <summary>
/// Writes the values of a column as the text that LOAD DATA reads, or gives them as parameters of an INSERT. What the server would bend without a word,
/// such as digits of a second that the column does not keep, is refused here.
/// </summary>
internal abstract class MySqlEncoder
{
    private ReadOnlyMemory<byte> _validity;
    private int _offset;
    private bool _hasNulls;

    /// <summary>The column and what becomes of values that it cannot hold.</summary>
    public required MySqlTargetColumn Column { get; init; }

    /// <summary>The array of the rows.</summary>
    protected IArrowArray Values { get; private set; } = null!;

    /// <summary>Takes the array of the next rows.</summary>
    public virtual void Open(IArrowArray array)
    {
        Values = array;
        _hasNulls = array.NullCount > 0;
        _validity = _hasNulls ? array.Data.Buffers[0].Memory : default;
        _offset = array.Data.Offset;
    }

    /// <summary>Writes a field as LOAD DATA reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ByteBuffer into, int row)
    {
        if (IsNull(row))
        {
            Column.CheckNull(row);
            into.Bytes("\\N"u8);
        }
        else
        {
            WriteField(into, row);
        }
    }

    /// <summary>The value as a parameter.</summary>
    public object Value(int row)
    {
        if (!IsNull(row))
        {
            return ToParameter(row);
        }

        Column.CheckNull(row);
        return DBNull.Value;
    }

    /// <summary>Writes a value that is not null; nothing in it needs to be escaped unless it is escaped.</summary>
    protected abstract void WriteField(ByteBuffer into, int row);

    /// <summary>A value that is not null as a parameter.</summary>
    protected virtual object ToParameter(int row)
    {
        var buffer = new ByteBuffer(64);
        WriteField(buffer, row);
        return buffer.Written.SequenceEqual("\\N"u8) ? DBNull.Value : Encoding.UTF8.GetString(buffer.Written);
    }

    private bool IsNull(int row) => _hasNulls && !BitUtility.GetBit(_validity.Span, _offset + row);
}

/// <summary>Values whose text the type gives.</summary>
internal sealed class PlainEncoder(DataType type) : MySqlEncoder
{
    protected override void WriteField(ByteBuffer into, int row)
    {
        if (!type.TryFormat(Values, row, into.Room(Math.Max(type.MaxTextLength(Values, row), FastFormat.MaxText)), out var written))
        {
            throw new InvalidOperationException($"A {type.Name} has no text.");
        }

        into.Advance(written);
    }
}

/// <summary>Booleans as 1 and 0.</summary>
internal sealed class FlagEncoder : MySqlEncoder
{
    protected override void WriteField(ByteBuffer into, int row) => into.Byte(Values.Bit(row) ? (byte)'1' : (byte)'0');
}

/// <summary>Values of one size.</summary>
internal abstract class FixedEncoder<T> : MySqlEncoder
    where T : unmanaged
{
    private ReadOnlyMemory<byte> _values;

    public override void Open(IArrowArray array)
    {
        base.Open(array);
        var size = Unsafe.SizeOf<T>();
        _values = array.Data.Buffers[1].Memory.Slice(array.Data.Offset * size, array.Length * size);
    }

    protected sealed override void WriteField(ByteBuffer into, int row) =>
        Write(into, MemoryMarshal.Read<T>(_values.Span[(row * Unsafe.SizeOf<T>())..]), row);

    protected abstract void Write(ByteBuffer into, T value, int row);
}

/// <summary>Integers.</summary>
internal sealed class IntegerEncoder<T> : FixedEncoder<T>
    where T : unmanaged, System.Numerics.IBinaryInteger<T>
{
    protected override void Write(ByteBuffer into, T value, int row)
    {
        value.TryFormat(into.Room(FastFormat.MaxText), out var written, default, CultureInfo.InvariantCulture);
        into.Advance(written);
    }
}

/// <summary>Years: the server takes numbers of two digits, with zeros before them too, for those of a century.</summary>
internal sealed class YearEncoder : FixedEncoder<short>
{
    protected override void Write(ByteBuffer into, short value, int row)
    {
        if (value is not (0 or (> 1900 and < 2156)))
        {
            throw new LoadFaultException(new LoadFault(row, Column.Name, value.ToString(CultureInfo.InvariantCulture), "is no year from 1901 to 2155, nor 0"));
        }

        value.TryFormat(into.Room(FastFormat.MaxText), out var written, "D4", CultureInfo.InvariantCulture);
        into.Advance(written);
    }
}

/// <summary>Floats as the double that they are: the text of the shorter type may lie beyond its greatest value. A column with a scale would round them.</summary>
internal sealed class FloatEncoder<T>(int? scale) : FixedEncoder<T>
    where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    protected override void Write(ByteBuffer into, T value, int row)
    {
        if (!T.IsFinite(value))
        {
            Column.Lose(row, value.ToString(null, CultureInfo.InvariantCulture), "has no place there; -OnLoss Warn or Allow writes null");
            Column.CheckNull(row);
            into.Bytes("\\N"u8);
            return;
        }

        if (scale is { } digits && T.Round(value, digits) != value)
        {
            Column.Lose(row, value.ToString(null, CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"has more than {digits} digits behind the point"));
        }

        DataTypes.Double.TryFormat(double.CreateChecked(value), into.Room(32), out var written);
        into.Advance(written);
    }
}

/// <summary>Decimals.</summary>
internal sealed class DecimalEncoder(DecimalType type) : FixedEncoder<Int128>
{
    protected override void Write(ByteBuffer into, Int128 value, int row)
    {
        type.TryFormat(value, into.Room(48), out var written);
        into.Advance(written);
    }
}

/// <summary>Dates.</summary>
internal sealed class DateEncoder : FixedEncoder<int>
{
    protected override void Write(ByteBuffer into, int value, int row)
    {
        TemporalText.TryFormatDate(value, into.Room(FastFormat.MaxText), out var written);
        into.Advance(written);
    }
}

/// <summary>Dates with times, and times: microseconds, of which the column keeps some digits and the server would round the others.</summary>
internal sealed class MomentEncoder(bool isTime, int digits) : FixedEncoder<long>
{
    private readonly long _unit = (long)Math.Pow(10, 6 - digits);

    protected override void Write(ByteBuffer into, long value, int row)
    {
        if (value % _unit != 0)
        {
            Column.Lose(row, null, string.Create(CultureInfo.InvariantCulture, $"has more digits behind the second than the {digits} that the column keeps"));
        }

        var room = into.Room(32);
        var written = 0;
        _ = isTime ? TemporalText.TryFormatTime(value, room, out written) : TemporalText.TryFormatTimestamp(value, utc: false, room, out written);
        into.Advance(written);
    }
}

/// <summary>Lengths of time in a column of the type time: hours may pass 24.</summary>
internal sealed class SpanEncoder(int digits) : FixedEncoder<long>
{
    private readonly long _unit = (long)Math.Pow(10, 6 - digits);

    protected override void Write(ByteBuffer into, long value, int row)
    {
        if (value % _unit != 0)
        {
            Column.Lose(row, null, string.Create(CultureInfo.InvariantCulture, $"has more digits behind the second than the {digits} that the column keeps"));
        }

        var rest = Math.Abs(value);
        var (seconds, micros) = Math.DivRem(rest, TemporalText.MicrosecondsPerSecond);
        into.Bytes(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{micros:000000}")));
    }
}
