using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>
/// Values as the texts that databases hash on their own side too: <c>~</c> for null, numbers without needless zeros, 0 and 1, <c>bytes:text</c> with the length in UTF-8, bytes
/// in hexadecimal digits, days, and points in time to the microsecond. What a database gives for a value must be this text, or -Method Hash finds differences that are none.
/// </summary>
internal static class CanonicalText
{
    /// <summary>What stands between the fields of a row.</summary>
    public const byte Separator = (byte)'|';

    /// <summary>Whether the values of a type have a text in a form that every database can make: floats and JSON have none.</summary>
    public static bool IsPossible(CompareForm form, DataType type) => form switch
    {
        CompareForm.Single or CompareForm.Double or CompareForm.Json => false,
        CompareForm.Number => CompareForms.Of(type) is CompareForm.Number or CompareForm.Boolean,
        CompareForm.Timestamp => type is TimestampType or DateType,
        CompareForm.Span => type is TimeType,
        _ => CompareForms.Of(type) == form,
    };

    /// <summary>Writes the value at a row, which may be null.</summary>
    public static void Write(ArrayBufferWriter<byte> into, CompareForm form, DataType type, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            into.Write("~"u8);
            return;
        }

        if (type is BoolType)
        {
            into.Write(array.Bit(row) ? "1"u8 : "0"u8);
            return;
        }

        switch (form)
        {
            case CompareForm.Text:
                WriteText(into, array.Bytes(row));
                break;
            case CompareForm.Bytes:
                into.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(array.Bytes(row))));
                break;
            case CompareForm.Timestamp:
                WriteTimestamp(into, Microseconds(type, array, row));
                break;
            case CompareForm.Span:
                Format(into, array.Values<long>()[row]);
                break;
            default:
                WritePlain(into, type, array, row);
                break;
        }
    }

    /// <summary>Numbers, days and UUIDs: their own text, of decimals without the zeros at the end.</summary>
    private static void WritePlain(ArrayBufferWriter<byte> into, DataType type, IArrowArray array, int row)
    {
        var span = into.GetSpan(type.MaxTextLength(array, row));
        type.TryFormat(array, row, span, out var written);
        if (type is DecimalType { Scale: > 0 } || type == DataTypes.DecimalText)
        {
            ReadOnlySpan<byte> text = span[..written];
            var point = text.IndexOf((byte)'.');
            var scale = point < 0 ? 0 : written - point - 1;
            written = NumberForm.Trim(text, ref scale).Length;
        }

        into.Advance(written);
    }

    private static long Microseconds(DataType type, IArrowArray array, int row) =>
        type is DateType ? array.Values<int>()[row] * TemporalText.MicrosecondsPerDay : array.Values<long>()[row];

    private static void WriteText(ArrayBufferWriter<byte> into, ReadOnlySpan<byte> text)
    {
        Format(into, text.Length);
        into.Write(":"u8);
        into.Write(text);
    }

    private static void WriteTimestamp(ArrayBufferWriter<byte> into, long micros)
    {
        var day = Math.DivRem(micros, TemporalText.MicrosecondsPerDay, out var ofDay);
        (day, ofDay) = ofDay < 0 ? (day - 1, ofDay + TemporalText.MicrosecondsPerDay) : (day, ofDay);
        TemporalText.TryFormatDate((int)day, into.GetSpan(10), out var written);
        into.Advance(written);
        var time = new TimeOnly(ofDay * TimeSpan.TicksPerMicrosecond);
        time.TryFormat(into.GetSpan(16), out written, "' 'HH':'mm':'ss'.'ffffff", CultureInfo.InvariantCulture);
        into.Advance(written);
    }

    private static void Format(ArrayBufferWriter<byte> into, long number)
    {
        number.TryFormat(into.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        into.Advance(written);
    }
}

/// <summary>Hashes rows as databases hash them: the MD5 of their fields' texts, of which the first 64 bits count as a signed number.</summary>
internal sealed class TextRowHasher(ComparePlan plan, Schema schema, bool source) : RowHasher(plan, schema, source)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    protected override void HashRows(RecordBatch batch)
    {
        Span<byte> hash = stackalloc byte[16];
        for (var row = 0; row < batch.Length; row++)
        {
            _text.ResetWrittenCount();
            for (var i = 0; i < Plan.Columns.Count; i++)
            {
                if (i > 0)
                {
                    _text.Write([CanonicalText.Separator]);
                }

                if (i == Plan.KeyCount && i > 0)
                {
                    // The key's fields without the separator behind them.
                    var (first, rest) = ToHash(_text.WrittenSpan[..^1], hash);
                    SetKey(row, new UInt128(rest, first));
                }

                CanonicalText.Write(_text, Plan.Columns[i].Form, Types[i], batch.Column(Columns[i]), row);
            }

            var (whole, more) = ToHash(_text.WrittenSpan, hash);
            SetRow(row, unchecked((UInt128)(Int128)(long)whole));
            if (Plan.KeyCount == Plan.Columns.Count)
            {
                SetKey(row, new UInt128(more, whole));
            }
        }
    }

    /// <summary>The halves of the MD5 of a text.</summary>
    private static (ulong First, ulong Second) ToHash(ReadOnlySpan<byte> text, Span<byte> hash)
    {
#pragma warning disable CA5351 // A checksum that databases can make, too; nothing here is secret.
        MD5.HashData(text, hash);
#pragma warning restore CA5351
        return (BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }
}
