using System.Buffers.Binary;
using System.Text.Unicode;
using DataTools.Data;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// Reads the binary form of values of a PostgreSQL type (what the type's send function makes) into a column. A value that the column's type cannot hold,
/// such as an infinite date, is refused.
/// </summary>
internal abstract class PostgresDecoder
{
    private const long MinMicros = -62_135_596_800_000_000;
    private const long MaxMicros = 253_402_300_799_999_999;
    private const int MinDays = -719_162;
    private const int MaxDays = 2_932_896;

    /// <summary>Takes one value that is not null; false where the column cannot hold it.</summary>
    public abstract bool Read(ReadOnlySpan<byte> value);

    /// <summary>A decoder of a native type; null where the type has none, and the server's text of it is to be read.</summary>
    public static PostgresDecoder? For(string native, ColumnBuilder into)
    {
        if (into is ListColumnBuilder list && native.EndsWith("[]", StringComparison.Ordinal))
        {
            return For(native[..^2], list.Items) is { } item ? new ArrayDecoder(list, item) : null;
        }

        return (NativeType.Parse(native).Name, into.Type) switch
        {
            ("boolean", BoolType) => new BoolDecoder(into),
            ("smallint", IntegerType<short>) => new ShortDecoder((FixedColumnBuilder<short>)into),
            ("integer", IntegerType<int>) => new IntDecoder((FixedColumnBuilder<int>)into),
            ("bigint", IntegerType<long>) => new LongDecoder((FixedColumnBuilder<long>)into),
            ("real", FloatType<float>) => new FloatDecoder((FixedColumnBuilder<float>)into),
            ("double precision", FloatType<double>) => new DoubleDecoder((FixedColumnBuilder<double>)into),
            ("numeric", DecimalType type) => new NumericDecoder((FixedColumnBuilder<Int128>)into, type),
            ("numeric" or "money", DecimalTextType) => new NumericTextDecoder((BytesColumnBuilder)into),
            ("date", DateType) => new DateDecoder((FixedColumnBuilder<int>)into),
            ("time without time zone", TimeType) => new LongDecoder((FixedColumnBuilder<long>)into, 0, TemporalText.MicrosecondsPerDay - 1),
            ("timestamp without time zone", TimestampType { IsUtc: false }) or ("timestamp with time zone", TimestampType { IsUtc: true }) =>
                new LongDecoder((FixedColumnBuilder<long>)into, MinMicros - PostgresEncoder.EpochMicros, MaxMicros - PostgresEncoder.EpochMicros, PostgresEncoder.EpochMicros),
            (_, DurationType) when native.StartsWith("interval", StringComparison.Ordinal) => new IntervalDecoder((FixedColumnBuilder<long>)into),
            ("uuid", UuidType) => new UuidDecoder((FixedColumnBuilder<UuidBytes>)into),
            ("bytea", BinaryDataType) => new BytesDecoder((BytesColumnBuilder)into),
            ("jsonb", JsonType) => new BytesDecoder((BytesColumnBuilder)into, skip: 1),
            ("json", JsonType) or ("text" or "character varying" or "character", TextType) => new BytesDecoder((BytesColumnBuilder)into),
            _ => null,
        };
    }

    /// <summary>A decoder of the server's text of a value; of an array, of the texts of its elements.</summary>
    public static PostgresDecoder ForText(ColumnBuilder into) => into is ListColumnBuilder list ? new ArrayDecoder(list, ForText(list.Items)) : new TextDecoder(into);

    private sealed class TextDecoder(ColumnBuilder into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value) => into.TryAppendText(value, TextRules.Default);
    }

    private sealed class BoolDecoder(ColumnBuilder into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value) => into.TryAppendText(value[0] != 0 ? "true"u8 : "false"u8, TextRules.Default);
    }

    private sealed class ShortDecoder(FixedColumnBuilder<short> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            into.Append(BinaryPrimitives.ReadInt16BigEndian(value));
            return true;
        }
    }

    private sealed class IntDecoder(FixedColumnBuilder<int> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            into.Append(BinaryPrimitives.ReadInt32BigEndian(value));
            return true;
        }
    }

    private sealed class LongDecoder(FixedColumnBuilder<long> into, long min = long.MinValue, long max = long.MaxValue, long epoch = 0) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            var number = BinaryPrimitives.ReadInt64BigEndian(value);
            if (number < min || number > max)
            {
                return false;
            }

            into.Append(number + epoch);
            return true;
        }
    }

    private sealed class FloatDecoder(FixedColumnBuilder<float> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            into.Append(BinaryPrimitives.ReadSingleBigEndian(value));
            return true;
        }
    }

    private sealed class DoubleDecoder(FixedColumnBuilder<double> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            into.Append(BinaryPrimitives.ReadDoubleBigEndian(value));
            return true;
        }
    }

    private sealed class DateDecoder(FixedColumnBuilder<int> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            var days = (long)BinaryPrimitives.ReadInt32BigEndian(value) + PostgresEncoder.EpochDays;
            if (days is < MinDays or > MaxDays)
            {
                return false;
            }

            into.Append((int)days);
            return true;
        }
    }

    /// <summary>Microseconds, days and months; days are 24 hours by PostgreSQL's own equality, months are no length of time.</summary>
    private sealed class IntervalDecoder(FixedColumnBuilder<long> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            var total = BinaryPrimitives.ReadInt64BigEndian(value) + ((Int128)BinaryPrimitives.ReadInt32BigEndian(value[8..]) * TemporalText.MicrosecondsPerDay);
            if (BinaryPrimitives.ReadInt32BigEndian(value[12..]) != 0 || Int128.Abs(total) > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond)
            {
                return false;
            }

            into.Append((long)total);
            return true;
        }
    }

    private sealed class UuidDecoder(FixedColumnBuilder<UuidBytes> into) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            into.Append(System.Runtime.InteropServices.MemoryMarshal.Read<UuidBytes>(value));
            return true;
        }
    }

    /// <summary>Text as well: the session's encoding is UTF-8, and the server vouches for it, unless the database has no encoding at all.</summary>
    private sealed class BytesDecoder(BytesColumnBuilder into, int skip = 0) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            if (into.Type is not BinaryDataType && !Utf8.IsValid(value[skip..]))
            {
                return false;
            }

            into.Append(value[skip..]);
            return true;
        }
    }

    private sealed class ArrayDecoder(ListColumnBuilder into, PostgresDecoder item) : PostgresDecoder
    {
        public override bool Read(ReadOnlySpan<byte> value)
        {
            var dimensions = BinaryPrimitives.ReadInt32BigEndian(value);
            // A bound other than 1 is the array's own and has no place in a list; neither has a second dimension.
            if (dimensions > 1 || (dimensions == 1 && BinaryPrimitives.ReadInt32BigEndian(value[16..]) != 1))
            {
                return false;
            }

            var count = dimensions == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(value[12..]);
            var rest = dimensions == 0 ? default : value[20..];
            for (var i = 0; i < count; i++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(rest);
                rest = rest[4..];
                if (length < 0)
                {
                    into.Items.AppendNull();
                    continue;
                }

                if (!item.Read(rest[..length]))
                {
                    into.AbandonList();
                    return false;
                }

                rest = rest[length..];
            }

            into.EndList();
            return true;
        }
    }
}
