using System.Globalization;
using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>
/// Values of one type as those of another, by the names that $convert has for types, and only where nothing is lost: 1.5 is no int, and more than 17 digits no double. The text
/// "false" is false, which it is not for $convert.
/// </summary>
internal static partial class BsonConversion
{
    private const int DecimalDigits = 34;

    /// <summary>Beyond it a double is no long.</summary>
    private const double TwoTo63 = 9223372036854775808.0;

    private static readonly string[] TimeForms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    /// <summary>The types that values can be brought to.</summary>
    public static IReadOnlyList<string> Types { get; } = ["bool", "date", "decimal", "double", "int", "long", "objectId", "string"];

    /// <summary>The value as one of the type; null where it is none, or not without loss.</summary>
    public static BsonValue? Convert(BsonValue value, string type) => type switch
    {
        "bool" => ToBool(value),
        "date" => ToDate(value),
        "decimal" => ToDecimal(value) is { } number ? new BsonDecimal128(number) : null,
        "double" => ToDouble(value) is { } number ? new BsonDouble(number) : null,
        "int" => ToWhole(value) is >= int.MinValue and <= int.MaxValue and var whole ? new BsonInt32((int)whole) : null,
        "long" => (value is BsonDateTime time ? time.MillisecondsSinceEpoch : ToWhole(value)) is { } whole ? new BsonInt64(whole) : null,
        "objectId" => value is BsonObjectId ? value : value is BsonString text && ObjectId.TryParse(text.Value, out var id) ? new BsonObjectId(id) : null,
        _ => ToText(value) is { } text ? new BsonString(text) : null,
    };

    private static long? ToWhole(BsonValue value) => value switch
    {
        BsonInt32 number => number.Value,
        BsonInt64 number => number.Value,
        BsonBoolean flag => flag.Value ? 1 : 0,
        BsonDouble number => ToWhole(number.Value),
        BsonString text => long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        BsonDecimal128 number => ToWhole(number.Value),
        _ => null,
    };

    private static long? ToWhole(double number) => number is >= -TwoTo63 and < TwoTo63 && Math.Truncate(number) == number ? (long)number : null;

    private static long? ToWhole(Decimal128 number) =>
        decimal.TryParse(TextOf(number), NumberStyles.Float, CultureInfo.InvariantCulture, out var near) && near is >= long.MinValue and <= long.MaxValue && new Decimal128((long)near).CompareTo(number) == 0
            ? (long)near : null;

    private static double? ToDouble(BsonValue value)
    {
        if (value is BsonDouble same)
        {
            return same.Value;
        }

        return ToDecimal(value) is { } exact && double.TryParse(TextOf(exact), NumberStyles.Float, CultureInfo.InvariantCulture, out var near) && double.IsFinite(near)
            && Decimal128.Parse(TextOf(near)).CompareTo(exact) == 0 ? near : null;
    }

    private static Decimal128? ToDecimal(BsonValue value) => value switch
    {
        BsonDecimal128 number => number.Value,
        BsonInt32 or BsonInt64 or BsonBoolean => new Decimal128(ToWhole(value)!.Value),
        BsonDouble number => double.IsFinite(number.Value) ? Decimal128.Parse(TextOf(number.Value)) : null,
        BsonString text => Number().Match(text.Value) is { Success: true } digits && digits.Groups[1].Value.Count(char.IsAsciiDigit) <= DecimalDigits
            && Decimal128.TryParse(text.Value, out var number) && !Decimal128.IsInfinity(number) ? number : null,
        _ => null,
    };

    private static BsonBoolean? ToBool(BsonValue value) => value switch
    {
        BsonBoolean flag => flag,
        BsonString text => bool.TryParse(text.Value, out var flag) ? (BsonBoolean)flag : null,
        _ => ToWhole(value) is { } whole and (0 or 1) ? (BsonBoolean)(whole == 1) : null,
    };

    /// <summary>A time without zone is one in UTC. Digits behind the milliseconds have no place.</summary>
    private static BsonDateTime? ToDate(BsonValue value) => value switch
    {
        BsonDateTime time => time,
        BsonInt64 milliseconds => new BsonDateTime(milliseconds.Value),
        BsonString text => DateTimeOffset.TryParseExact(text.Value, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcTicks % TimeSpan.TicksPerMillisecond == 0
            ? new BsonDateTime(time.ToUnixTimeMilliseconds()) : null,
        _ => null,
    };

    private static string? ToText(BsonValue value) => value switch
    {
        BsonString text => text.Value,
        BsonInt32 or BsonInt64 => value.ToInt64().ToString(CultureInfo.InvariantCulture),
        BsonDouble number => TextOf(number.Value),
        BsonDecimal128 number => TextOf(number.Value),
        BsonBoolean flag => System.Xml.XmlConvert.ToString(flag.Value),
        BsonObjectId id => id.Value.ToString(),
        BsonDateTime { IsValidDateTime: true } time => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string TextOf(Decimal128 number) => number.ToString();

    private static string TextOf(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([+-]?\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?$")]
    private static partial Regex Number();
}
