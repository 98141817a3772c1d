using System.Globalization;
using System.Text;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>A calendar date: days since 1970-01-01.</summary>
public sealed class DateType : FixedType<int>
{
    /// <inheritdoc/>
    public override string Name => "date";

    /// <inheritdoc/>
    public override IArrowType Arrow => Date32Type.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(DateOnly);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out int value)
    {
        if (TimestampType.TryFormats(text, rules, out var given))
        {
            value = DateOnly.FromDateTime(given).DayNumber - Epoch.DayNumber;
            return given.TimeOfDay == TimeSpan.Zero;
        }

        return TemporalText.TryDate(text, out value);
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out int converted)
    {
        switch (value)
        {
            case DateOnly date:
                converted = date.DayNumber - Epoch.DayNumber;
                return true;
            case DateTime time when time.TimeOfDay == TimeSpan.Zero:
                converted = DateOnly.FromDateTime(time).DayNumber - Epoch.DayNumber;
                return true;
            default:
                return TryConvertText(value, out converted);
        }
    }

    /// <inheritdoc/>
    public override object ToObject(int value) => Epoch.AddDays(value);

    /// <inheritdoc/>
    public override bool TryFormat(int value, Span<byte> destination, out int written) =>
        TemporalText.TryFormatDate(value, destination, out written);

    private static DateOnly Epoch => new(1970, 1, 1);
}

/// <summary>A time of day: microseconds since midnight.</summary>
public sealed class TimeType : FixedType<long>
{
    /// <inheritdoc/>
    public override string Name => "time";

    /// <inheritdoc/>
    public override IArrowType Arrow { get; } = new Time64Type(TimeUnit.Microsecond);

    /// <inheritdoc/>
    public override Type ValueType => typeof(TimeOnly);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out long value) =>
        TemporalText.TryTime(text, secondsOptional: false, out value);

    /// <inheritdoc/>
    public override bool TryConvert(object value, out long converted)
    {
        if (value is TimeOnly time)
        {
            converted = time.Ticks / TimeSpan.TicksPerMicrosecond;
            return time.Ticks % TimeSpan.TicksPerMicrosecond == 0;
        }

        return TryConvertText(value, out converted);
    }

    /// <inheritdoc/>
    public override object ToObject(long value) => new TimeOnly(value * TimeSpan.TicksPerMicrosecond);

    /// <inheritdoc/>
    public override bool TryFormat(long value, Span<byte> destination, out int written) =>
        TemporalText.TryFormatTime(value, destination, out written);
}

/// <summary>A point in time, microseconds since 1970: in UTC, or on a calendar whose zone nobody told.</summary>
public sealed class TimestampType(bool utc) : FixedType<long>
{
    /// <summary>Whether the values are instants in UTC.</summary>
    public bool IsUtc => utc;

    /// <inheritdoc/>
    public override string Name => utc ? "timestamptz" : "timestamp";

    /// <inheritdoc/>
    public override IArrowType Arrow { get; } = new Apache.Arrow.Types.TimestampType(TimeUnit.Microsecond, utc ? "UTC" : null);

    /// <inheritdoc/>
    public override Type ValueType => typeof(DateTime);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out long value)
    {
        if (TryFormats(text, rules, out var given))
        {
            return TryTicks(given.Ticks, out value);
        }

        if (text.Length == 10 && !utc && TemporalText.TryDate(text, out var days))
        {
            value = days * TemporalText.MicrosecondsPerDay;
            return true;
        }

        return TemporalText.TryTimestamp(text, out value, out var zoned) && zoned == utc;
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out long converted)
    {
        switch (value)
        {
            case DateTime { Kind: DateTimeKind.Unspecified } time when !utc:
                return TryTicks(time.Ticks, out converted);
            case DateTime { Kind: not DateTimeKind.Unspecified } time when utc:
                return TryTicks(time.ToUniversalTime().Ticks, out converted);
            case DateTimeOffset time when utc:
                return TryTicks(time.UtcTicks, out converted);
            case DateOnly date when !utc:
                return TryTicks(date.ToDateTime(TimeOnly.MinValue).Ticks, out converted);
            default:
                return TryConvertText(value, out converted);
        }
    }

    /// <inheritdoc/>
    public override object ToObject(long value) =>
        new DateTime(
            (value * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, utc ? DateTimeKind.Utc : DateTimeKind.Unspecified);

    /// <inheritdoc/>
    public override bool TryFormat(long value, Span<byte> destination, out int written) =>
        TemporalText.TryFormatTimestamp(value, utc, destination, out written);

    /// <summary>Reads the text by the formats, or else by the culture, that the user gave.</summary>
    internal static bool TryFormats(ReadOnlySpan<byte> text, TextRules rules, out DateTime value)
    {
        value = default;
        if (rules.DateTimeFormats.Count == 0 && rules.Culture is null)
        {
            return false;
        }

        var source = Encoding.UTF8.GetString(text);
        const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
        return DateTime.TryParseExact(source, [.. rules.DateTimeFormats], rules.FormatCulture, Styles, out value)
            || (rules.Culture is { } culture && DateTime.TryParse(source, culture, Styles | DateTimeStyles.NoCurrentDateDefault, out value) && value.Year > 1);
    }

    private static bool TryTicks(long ticks, out long micros)
    {
        micros = (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return ticks % TimeSpan.TicksPerMicrosecond == 0;
    }
}

/// <summary>A length of time in microseconds.</summary>
public sealed class DurationType : FixedType<long>
{
    /// <inheritdoc/>
    public override string Name => "duration";

    /// <inheritdoc/>
    public override IArrowType Arrow => Apache.Arrow.Types.DurationType.Microsecond;

    /// <inheritdoc/>
    public override Type ValueType => typeof(TimeSpan);

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out long value)
    {
        value = 0;
        return text.Length <= 32
            && TimeSpan.TryParseExact(Encoding.UTF8.GetString(text), ["c", @"d\.hh\:mm\:ss"], CultureInfo.InvariantCulture, out var span)
            && TryConvert(span, out value);
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out long converted)
    {
        if (value is TimeSpan span)
        {
            converted = span.Ticks / TimeSpan.TicksPerMicrosecond;
            return span.Ticks % TimeSpan.TicksPerMicrosecond == 0;
        }

        return TryConvertText(value, out converted);
    }

    /// <inheritdoc/>
    public override object ToObject(long value) => new TimeSpan(value * TimeSpan.TicksPerMicrosecond);

    /// <inheritdoc/>
    public override bool TryFormat(long value, Span<byte> destination, out int written) =>
        new TimeSpan(value * TimeSpan.TicksPerMicrosecond).TryFormat(destination, out written, "c", CultureInfo.InvariantCulture);
}
