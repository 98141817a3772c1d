using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace DataTools.Data.Normalizing;

/// <summary>Finds the converter for a field.</summary>
internal static class ArrowConverters
{
    private const string OutOfPrecision = "is not a whole number of microseconds, or outside the years 1 to 9999";
    private const long MillisecondsPerDay = 86_400_000;

    private static readonly string[] Utc = ["UTC", "Etc/UTC", "Z", "+00:00", "GMT"];

    private static readonly int LeastDay = DateOnly.MinValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly int MostDay = DateOnly.MaxValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly long LeastTime = LeastDay * TemporalText.MicrosecondsPerDay;
    private static readonly long MostTime = ((MostDay + 1) * TemporalText.MicrosecondsPerDay) - 1;

    /// <summary>The converter for a field, or null where its type cannot be converted.</summary>
    public static ArrowConverter? TryFor(Field field)
    {
        var type = field.DataType;
        if (type is ExtensionType extension)
        {
            var inner = new Field(field.Name, extension.StorageType, true, new Dictionary<string, string> { [FieldMarks.ExtensionName] = extension.Name });
            return TryFor(inner) is { } storage ? new StorageConverter(storage) : null;
        }

        return TryInteger(type) ?? TryNumber(type) ?? TryDecimal(type) ?? TryTemporal(type) ?? TryTimestamp(type) ?? TryBytes(field) ?? TryNested(type);
    }

    /// <summary>The time zone that a timestamp names, where it is not UTC.</summary>
    public static string? ZoneOf(IArrowType type) =>
        type is Apache.Arrow.Types.TimestampType { Timezone: { } zone } && !Utc.Contains(zone, StringComparer.OrdinalIgnoreCase) ? zone : null;

    private static ArrowConverter? TryInteger(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Int8 => new CopyConverter<sbyte>(DataTypes.Int8),
        ArrowTypeId.Int16 => new CopyConverter<short>(DataTypes.Int16),
        ArrowTypeId.Int32 => new CopyConverter<int>(DataTypes.Int32),
        ArrowTypeId.Int64 => new CopyConverter<long>(DataTypes.Int64),
        ArrowTypeId.UInt64 => new CopyConverter<ulong>(DataTypes.UInt64),
        ArrowTypeId.UInt8 => Widen<byte, short>(DataTypes.Int16, v => v),
        ArrowTypeId.UInt16 => Widen<ushort, int>(DataTypes.Int32, v => v),
        ArrowTypeId.UInt32 => Widen<uint, long>(DataTypes.Int64, v => v),
        _ => null,
    };

    private static ArrowConverter? TryNumber(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.HalfFloat => Widen<Half, float>(DataTypes.Float, v => (float)v),
        ArrowTypeId.Float => new CopyConverter<float>(DataTypes.Float),
        ArrowTypeId.Double => new CopyConverter<double>(DataTypes.Double),
        ArrowTypeId.Boolean => new BoolConverter(),
        ArrowTypeId.Null => new ValueConverter(DataTypes.Text, (_, _, _) => false),
        _ => null,
    };

    private static ArrowConverter? TryDecimal(IArrowType type) => type switch
    {
        Decimal32Type d when IsPlain(d.Precision, d.Scale) => Widen<int, Int128>(new DecimalType(d.Precision, d.Scale), v => v),
        Decimal64Type d when IsPlain(d.Precision, d.Scale) => Widen<long, Int128>(new DecimalType(d.Precision, d.Scale), v => v),
        Decimal128Type d when IsPlain(d.Precision, d.Scale) => new CopyConverter<Int128>(new DecimalType(d.Precision, d.Scale)),
        Decimal256Type d when IsPlain(d.Precision, d.Scale) => DecimalText(new DecimalType(d.Precision, d.Scale), d.Scale),
        Decimal32Type d => DecimalText(DataTypes.DecimalText, d.Scale),
        Decimal64Type d => DecimalText(DataTypes.DecimalText, d.Scale),
        Decimal128Type d => DecimalText(DataTypes.DecimalText, d.Scale),
        Decimal256Type d => DecimalText(DataTypes.DecimalText, d.Scale),
        _ => null,
    };

    private static ArrowConverter? TryTemporal(IArrowType type) => type switch
    {
        Date32Type => new RangeConverter<int>(DataTypes.Date, LeastDay, MostDay),
        Date64Type => new FixedConverter<long, int>(DataTypes.Date, TryDays, "is not a whole day of the years 1 to 9999"),
        Time32Type time => new FixedConverter<int, long>(
            DataTypes.Time,
            (int v, out long micros) => TryMicros(v, time.Unit, out micros) && micros is >= 0 and < TemporalText.MicrosecondsPerDay,
            "is no time of day"),
        Time64Type { Unit: TimeUnit.Microsecond } => new RangeConverter<long>(DataTypes.Time, 0, TemporalText.MicrosecondsPerDay - 1),
        Time64Type time => new FixedConverter<long, long>(
            DataTypes.Time,
            (long v, out long micros) => TryMicros(v, time.Unit, out micros) && micros is >= 0 and < TemporalText.MicrosecondsPerDay,
            "is no time of day in whole microseconds"),
        Apache.Arrow.Types.DurationType duration => new FixedConverter<long, long>(
            DataTypes.Duration,
            (long v, out long micros) => TryMicros(v, duration.Unit, out micros) && micros is >= long.MinValue / 10 and <= long.MaxValue / 10,
            "is not a whole number of microseconds, or longer than 29,000 years"),
        _ => null,
    };

    private static ArrowConverter? TryTimestamp(IArrowType type)
    {
        if (type is not Apache.Arrow.Types.TimestampType time)
        {
            return null;
        }

        var target = time.Timezone is null ? DataTypes.Timestamp : DataTypes.TimestampUtc;
        return time.Unit == TimeUnit.Microsecond
            ? new RangeConverter<long>(target, LeastTime, MostTime)
            : new FixedConverter<long, long>(
                target,
                (long v, out long micros) => TryMicros(v, time.Unit, out micros) && micros >= LeastTime && micros <= MostTime,
                OutOfPrecision);
    }

    private static ArrowConverter? TryBytes(Field field) => field.DataType switch
    {
        StringType => new BytesConverter<int>(Text(field)),
        LargeStringType => new BytesConverter<long>(Text(field)),
        StringViewType => new ValueConverter(Text(field), (a, row, b) => b.TryAppendText(((BinaryViewArray)a).GetBytes(row), TextRules.Default)),
        BinaryType => new BytesConverter<int>(DataTypes.Binary),
        LargeBinaryType => new BytesConverter<long>(DataTypes.Binary),
        BinaryViewType => new ValueConverter(DataTypes.Binary, (a, row, b) => Append(b, ((BinaryViewArray)a).GetBytes(row))),
        FixedSizeBinaryType { ByteWidth: 16 } when DataTypes.TryOf(field) == DataTypes.Uuid => new CopyConverter<UuidBytes>(DataTypes.Uuid),
        FixedSizeBinaryType => new ValueConverter(DataTypes.Binary, (a, row, b) => Append(b, ((FixedSizeBinaryArray)a).GetBytes(row))),
        _ => null,
    };

    private static ArrowConverter? TryNested(IArrowType type) => type switch
    {
        MapType map => TryStruct(["key", "value"], [map.KeyField, map.ValueField]) is { } entries ? new ListConverter(entries) : null,
        ListType list => TryList(list.ValueField),
        LargeListType list => TryList(list.ValueField),
        FixedSizeListType list => TryList(list.ValueField),
        StructType structure => TryStruct([.. structure.Fields.Select(f => f.Name)], structure.Fields),
        DictionaryType dictionary => TryFor(new Field("", dictionary.ValueType, true)) is { } values ? new DictionaryConverter(values) : null,
        _ => null,
    };

    private static ListConverter? TryList(Field item) => TryFor(item) is { } converter ? new ListConverter(converter) : null;

    private static StructConverter? TryStruct(IReadOnlyList<string> names, IReadOnlyList<Field> fields)
    {
        var members = fields.Select(TryFor).ToList();
        return members.Contains(null) ? null : new StructConverter(names, members!);
    }

    private static FixedConverter<TIn, TOut> Widen<TIn, TOut>(DataType target, Func<TIn, TOut> widen)
        where TIn : unmanaged, IFormattable
        where TOut : unmanaged =>
        new(
            target,
            (TIn value, out TOut result) =>
            {
                result = widen(value);
                return true;
            },
            "");

    private static ValueConverter DecimalText(DataType target, int scale) =>
        new(target, (array, row, builder) => builder.TryAppendText(LongDecimal.Text(((FixedSizeBinaryArray)array).GetBytes(row), scale), TextRules.Default));

    private static BytesType Text(Field field) => DataTypes.TryOf(new Field(field.Name, StringType.Default, true, field.HasMetadata ? field.Metadata : null)) switch
    {
        JsonType json => json,
        DecimalTextType number => number,
        _ => DataTypes.Text,
    };

    private static bool Append(ColumnBuilder builder, ReadOnlySpan<byte> value)
    {
        ((BytesColumnBuilder)builder).Append(value);
        return true;
    }

    private static bool IsPlain(int precision, int scale) => precision <= DecimalType.MaxPrecision && scale >= 0 && scale <= precision;

    private static bool TryDays(long milliseconds, out int days)
    {
        var (whole, rest) = Math.DivRem(milliseconds, MillisecondsPerDay);
        days = (int)whole;
        return rest == 0 && whole >= LeastDay && whole <= MostDay;
    }

    private static bool TryMicros(long value, TimeUnit unit, out long micros)
    {
        var factor = unit switch
        {
            TimeUnit.Second => 1_000_000,
            TimeUnit.Millisecond => 1000,
            _ => 1,
        };
        if (unit == TimeUnit.Nanosecond)
        {
            (micros, var rest) = Math.DivRem(value, 1000);
            return rest == 0;
        }

        micros = unchecked(value * factor);
        return value >= long.MinValue / factor && value <= long.MaxValue / factor;
    }
}
