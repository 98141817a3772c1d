using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>The types in use: by name, by Arrow field and by .NET value.</summary>
public static class DataTypes
{
    /// <summary>true or false.</summary>
    public static readonly DataType Bool = new BoolType();

    /// <summary>A signed integer of 8 bits; Int32 in PowerShell.</summary>
    public static readonly IntegerType<sbyte> Int8 = new("int8", Int8Type.Default, typeof(int));

    /// <summary>A signed integer of 16 bits; Int32 in PowerShell.</summary>
    public static readonly IntegerType<short> Int16 = new("int16", Int16Type.Default, typeof(int));

    /// <summary>A signed integer of 32 bits.</summary>
    public static readonly IntegerType<int> Int32 = new("int32", Int32Type.Default, typeof(int));

    /// <summary>A signed integer of 64 bits.</summary>
    public static readonly IntegerType<long> Int64 = new("int64", Int64Type.Default, typeof(long));

    /// <summary>An unsigned integer of 64 bits.</summary>
    public static readonly IntegerType<ulong> UInt64 = new("uint64", UInt64Type.Default, typeof(ulong));

    /// <summary>A binary float of 32 bits.</summary>
    public static readonly FloatType<float> Float = new("float", Apache.Arrow.Types.FloatType.Default, 6);

    /// <summary>A binary float of 64 bits.</summary>
    public static readonly FloatType<double> Double = new("double", DoubleType.Default, 15);

    /// <summary>Text.</summary>
    public static readonly TextType Text = new();

    /// <summary>JSON text.</summary>
    public static readonly JsonType Json = new();

    /// <summary>A decimal of free scale or length, kept as text.</summary>
    public static readonly DecimalTextType DecimalText = new();

    /// <summary>Bytes.</summary>
    public static readonly BinaryDataType Binary = new();

    /// <summary>A calendar date.</summary>
    public static readonly DateType Date = new();

    /// <summary>A time of day.</summary>
    public static readonly TimeType Time = new();

    /// <summary>A date and time without zone.</summary>
    public static readonly TimestampType Timestamp = new(utc: false);

    /// <summary>An instant in UTC.</summary>
    public static readonly TimestampType TimestampUtc = new(utc: true);

    /// <summary>A length of time.</summary>
    public static readonly DurationType Duration = new();

    /// <summary>A UUID.</summary>
    public static readonly UuidType Uuid = new();

    private static readonly DataType[] Simple =
        [Bool, Int8, Int16, Int32, Int64, UInt64, Float, Double, Text, Json, DecimalText, Binary, Date, Time, Timestamp, TimestampUtc, Duration, Uuid];

    private static readonly Dictionary<string, DataType> ByName = Names();

    private static readonly Dictionary<Type, DataType> ByClrType = new()
    {
        [typeof(bool)] = Bool, [typeof(sbyte)] = Int64, [typeof(byte)] = Int64, [typeof(short)] = Int64, [typeof(ushort)] = Int64,
        [typeof(int)] = Int64, [typeof(uint)] = Int64, [typeof(long)] = Int64, [typeof(ulong)] = UInt64, [typeof(float)] = Float,
        [typeof(double)] = Double, [typeof(string)] = Text, [typeof(char)] = Text, [typeof(Guid)] = Uuid, [typeof(byte[])] = Binary,
        [typeof(DateOnly)] = Date, [typeof(TimeOnly)] = Time, [typeof(TimeSpan)] = Duration, [typeof(DateTimeOffset)] = TimestampUtc,
        [typeof(BigInteger)] = DecimalText,
    };

    /// <summary>The names that -Type takes, without the parametrised ones.</summary>
    public static IEnumerable<string> KnownNames => ByName.Keys;

    /// <summary>The type of a field, or null where Arrow's type is none of those in use.</summary>
    public static DataType? TryOf(Field field)
    {
        if (field.HasMetadata && System.Array.Find(Simple, t => t.Marker is { } mark && IsMarked(field, t, mark)) is { } marked)
        {
            return marked;
        }

        return field.DataType switch
        {
            Decimal128Type number => new DecimalType(number.Precision, number.Scale),
            ListType list => TryOf(list.ValueField) is { } item ? new ListDataType(item) : null,
            StructType structure => TryStruct(structure),
            TimeBasedType { Unit: not TimeUnit.Microsecond } => null,
            Apache.Arrow.Types.TimestampType time => TryZone(time.Timezone),
            var arrow => System.Array.Find(Simple, t => t.Arrow.TypeId == arrow.TypeId && t.Marker is null),
        };
    }

    private static TimestampType? TryZone(string? zone) => zone switch
    {
        null => Timestamp,
        "UTC" => TimestampUtc,
        _ => null,
    };

    /// <summary>The type of a field of our own batches, which hold none but the types in use.</summary>
    public static DataType Of(Field field) =>
        TryOf(field) ?? throw new InvalidOperationException($"The column '{field.Name}' has the Arrow type {field.DataType.Name}, which a reader should have converted.");

    /// <summary>The type that a user names: <c>int</c>, <c>decimal(10,2)</c>, <c>datetime</c>, <c>list&lt;text&gt;</c>.</summary>
    public static bool TryParse(string name, out DataType type)
    {
        var key = name.Trim();
        if (ByName.TryGetValue(key, out type!))
        {
            return true;
        }

        if (key.EndsWith('>') && key.StartsWith("list<", StringComparison.OrdinalIgnoreCase) && TryParse(key[5..^1], out var item))
        {
            type = new ListDataType(item);
            return true;
        }

        return TryParseDecimal(key, out type);
    }

    /// <summary>The type that holds a .NET value without loss, or null where none does.</summary>
    public static DataType? OfValue(object value) => value switch
    {
        decimal number => new DecimalType(28, number.Scale),
        SqlDecimal number => new DecimalType(DecimalType.MaxPrecision, number.Scale),
        // .NET counts in tenths of a microsecond; what the column types cannot hold stays text, digit by digit.
        DateTime or DateTimeOffset or TimeOnly or TimeSpan when TicksOf(value) % TimeSpan.TicksPerMicrosecond != 0 => Text,
        DateTime time => time.Kind == DateTimeKind.Unspecified ? Timestamp : TimestampUtc,
        Enum => Text,
        _ => ByClrType.GetValueOrDefault(value.GetType()),
    };

    /// <summary>The invariant text of a scalar .NET value; null where it has none.</summary>
    public static string? TextOf(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => Formatted(time.Kind == DateTimeKind.Unspecified ? Timestamp : TimestampUtc, value) ?? time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => Formatted(TimestampUtc, value) ?? time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => Formatted(Time, value) ?? time.ToString("O", CultureInfo.InvariantCulture),
        SqlDecimal number => number.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The value at <paramref name="row"/> as PowerShell sees it, or null.</summary>
    public static object? GetValueOrNull(this DataType type, IArrowArray array, int row) => array.IsNull(row) ? null : type.GetValue(array, row);

    /// <summary>Whether JSON writes the type without quotes.</summary>
    public static bool IsBareInJson(DataType type) => type.Arrow is NumberType or BooleanType or Decimal128Type || type == DecimalText;

    /// <summary>Whether the type is a number.</summary>
    public static bool IsNumber(DataType type) => type.Arrow is (NumberType and not BooleanType) or Decimal128Type || type == DecimalText;

    private static long TicksOf(object value) => value switch
    {
        DateTime time => time.Ticks,
        DateTimeOffset time => time.Ticks,
        TimeOnly time => time.Ticks,
        TimeSpan span => span.Ticks,
        _ => 0,
    };

    private static string? Formatted<T>(FixedType<T> type, object value)
        where T : unmanaged
    {
        Span<byte> text = stackalloc byte[64];
        return type.TryConvert(value, out var converted) && type.TryFormat(converted, text, out var written) ? Encoding.ASCII.GetString(text[..written]) : null;
    }

    private static bool IsMarked(Field field, DataType type, KeyValuePair<string, string> mark) =>
        field.Metadata.TryGetValue(mark.Key, out var value) && value == mark.Value && field.DataType.TypeId == type.Arrow.TypeId;

    private static StructDataType? TryStruct(StructType structure)
    {
        var members = structure.Fields.Select(f => KeyValuePair.Create(f.Name, TryOf(f))).ToList();
        return members.Exists(m => m.Value is null) ? null : new StructDataType([.. members.Select(m => KeyValuePair.Create(m.Key, m.Value!))]);
    }

    private static bool TryParseDecimal(string name, out DataType type)
    {
        type = DecimalText;
        var open = name.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !name.EndsWith(')') || !(name[..open].ToUpperInvariant() is "DECIMAL" or "NUMERIC"))
        {
            return false;
        }

        var parts = name[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        var scale = 0;
        var valid = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            && (parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out scale)))
            && precision is >= 1 and <= DecimalType.MaxPrecision
            && scale <= precision;
        type = valid ? new DecimalType(precision, scale) : type;
        return valid;
    }

    private static Dictionary<string, DataType> Names()
    {
        var names = Simple.ToDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, type) in new (string, DataType)[]
        {
            ("string", Text), ("utf8", Text), ("varchar", Text), ("int", Int64), ("long", Int64), ("bigint", Int64), ("integer", Int64),
            ("smallint", Int16), ("boolean", Bool), ("single", Float), ("real", Float), ("float64", Double), ("datetime", Timestamp),
            ("datetimeoffset", TimestampUtc), ("timespan", Duration), ("guid", Uuid), ("bytes", Binary), ("blob", Binary), ("numeric", DecimalText),
        })
        {
            names.Add(alias, type);
        }

        return names;
    }
}
