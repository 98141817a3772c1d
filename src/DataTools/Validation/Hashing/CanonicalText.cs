using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Validation.Hashing;

/// <summary>
/// Values as the texts that databases hash on their own side too: numbers without needless zeros, 0 and 1, bytes in hexadecimal digits, days, and points in time to the
/// microsecond, also without needless zeros. What a database gives for a value must be this text, or -Method Hash finds differences that are none.
/// </summary>
internal static class CanonicalText
{
    /// <summary>Whether the values of a type have a text in a form that every database can make: floats and JSON have none.</summary>
    public static bool IsPossible(CompareForm form, DataType type) => form switch
    {
        CompareForm.Single or CompareForm.Double or CompareForm.Json => false,
        CompareForm.Number => CompareForms.Of(type) is CompareForm.Number or CompareForm.Boolean,
        CompareForm.Timestamp => type is TimestampType or DateType,
        CompareForm.Span => type is TimeType,
        _ => CompareForms.Of(type) == form,
    };

    /// <summary>Writes the value at a row, which is not null.</summary>
    public static void Write(ByteBuffer into, ComparedColumn column, DataType type, IArrowArray array, int row)
    {
        if (type is BoolType)
        {
            into.Byte(array.Bit(row) ? (byte)'1' : (byte)'0');
            return;
        }

        switch (column.Form)
        {
            case CompareForm.Text:
                into.Bytes(array.Bytes(row));
                break;
            case CompareForm.Bytes:
                into.Bytes(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(array.Bytes(row))));
                break;
            case CompareForm.Timestamp:
                WriteTimestamp(into, Microseconds(type, array, row));
                break;
            case CompareForm.Span:
                Write(into, array.Values<long>()[row]);
                break;
            default:
                WritePlain(into, type, array, row, !column.IsPlain && (type is DecimalType { Scale: > 0 } || type == DataTypes.DecimalText));
                break;
        }
    }

    /// <summary>Writes a number.</summary>
    public static void Write(ByteBuffer into, long number)
    {
        number.TryFormat(into.Room(20), out var written, default, CultureInfo.InvariantCulture);
        into.Advance(written);
    }

    /// <summary>Numbers, days and UUIDs: their own text.</summary>
    private static void WritePlain(ByteBuffer into, DataType type, IArrowArray array, int row, bool isTrimmed)
    {
        var room = into.Room(type.MaxTextLength(array, row));
        type.TryFormat(array, row, room, out var written);
        into.Advance(isTrimmed && room[..written].Contains((byte)'.') ? Trimmed(room[..written]) : written);
    }

    /// <summary>The length of a text without the zeros at the end of its fraction.</summary>
    private static int Trimmed(ReadOnlySpan<byte> text) => text.TrimEnd((byte)'0').TrimEnd((byte)'.').Length;

    private static long Microseconds(DataType type, IArrowArray array, int row) =>
        type is DateType ? array.Values<int>()[row] * TemporalText.MicrosecondsPerDay : array.Values<long>()[row];

    private static void WriteTimestamp(ByteBuffer into, long micros)
    {
        var day = Math.DivRem(micros, TemporalText.MicrosecondsPerDay, out var ofDay);
        (day, ofDay) = ofDay < 0 ? (day - 1, ofDay + TemporalText.MicrosecondsPerDay) : (day, ofDay);
        TemporalText.TryFormatDate((int)day, into.Room(10), out var written);
        into.Advance(written);
        var time = new TimeOnly(ofDay * TimeSpan.TicksPerMicrosecond);
        var room = into.Room(16);
        time.TryFormat(room, out written, "' 'HH':'mm':'ss'.'ffffff", CultureInfo.InvariantCulture);
        into.Advance(Trimmed(room[..written]));
    }
}

/// <summary>
/// Hashes rows as databases hash them: the SHA-256 of their texts, of which the first 64 bits count as a signed number. The text of a row is that of the fields that are not null,
/// with <c>|</c> between them, those of text behind their length in UTF-8, but for the last of them where it is not of the key: what is behind it can be read from the end. Behind
/// every <see cref="ServerSums.FieldsOfGroup"/> fields, and at the end, stands a number whose bits say which of them are null.
/// </summary>
internal sealed class TextRowHasher(ComparePlan plan, Schema schema, bool source) : RowHasher(plan, schema, source)
{
    private readonly ByteBuffer _text = new(256);
    private readonly bool[] _hasLength = [.. Enumerable.Range(0, plan.Columns.Count).Select(plan.HasLength)];
    private bool _isBegun;
    private long _nulls;

    protected override void HashRows(RecordBatch batch)
    {
        for (var row = 0; row < batch.Length; row++)
        {
            _text.Truncate(0);
            (_isBegun, _nulls) = (false, 0);
            for (var i = 0; i < Plan.Columns.Count; i++)
            {
                if (i > 0 && i % ServerSums.FieldsOfGroup == 0)
                {
                    WriteNulls();
                    _nulls = 0;
                }

                Write(batch.Column(Columns[i]), i, row);
                if (i == Plan.KeyCount - 1)
                {
                    var (first, rest) = ToHash();
                    SetKey(row, new UInt128(rest, first));
                }
            }

            SetRow(row, unchecked((UInt128)(Int128)(long)ToHash().First));
        }
    }

    private void Write(IArrowArray array, int column, int row)
    {
        if (array.IsNull(row))
        {
            _nulls |= 1L << (column % ServerSums.FieldsOfGroup);
            return;
        }

        if (_hasLength[column])
        {
            Separate();
            CanonicalText.Write(_text, array.Bytes(row).Length);
        }

        Separate();
        CanonicalText.Write(_text, Plan.Columns[column], Types[column], array, row);
    }

    private void Separate()
    {
        if (_isBegun)
        {
            _text.Byte((byte)'|');
        }

        _isBegun = true;
    }

    private void WriteNulls()
    {
        Separate();
        CanonicalText.Write(_text, _nulls);
    }

    /// <summary>The first two numbers of 64 bits of the SHA-256 of the text so far, with its nulls.</summary>
    private (ulong First, ulong Second) ToHash()
    {
        var (length, isBegun) = (_text.Length, _isBegun);
        WriteNulls();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_text.Written, hash);
        _text.Truncate(length);
        _isBegun = isBegun;
        return (BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }
}
