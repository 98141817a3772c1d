using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Values as the user's culture or date format writes them.</summary>
internal sealed class LocalText(WriteOptions options)
{
    private readonly CultureInfo _culture = options.Culture ?? CultureInfo.InvariantCulture;

    /// <summary>Whether the options change how a type is written.</summary>
    public static bool Applies(DataType type, WriteOptions options) =>
        type is DateType or TimestampType ? options.Culture is not null || options.DateTimeFormat is not null
            : options.Culture is not null && DataTypes.IsNumber(type);

    /// <summary>The text of a value that is not null.</summary>
    public string Format(DataType type, IArrowArray array, int row, string column, long number)
    {
        if (type is not (DateType or TimestampType))
        {
            return Number(type, array, row);
        }

        var value = (IFormattable)type.GetValue(array, row);
        if (options.DateTimeFormat is null && options.OnLoss == LossPolicy.Stop && value is DateTime { Ticks: var ticks } && ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw DataErrors.ValueLost(
                column, number, DataTypes.TextOf(value)!, "has fractions of a second, which the culture's format leaves out; name a -DateTimeFormat");
        }

        return value.ToString(options.DateTimeFormat, _culture);
    }

    /// <summary>The invariant digits, all of them, with the culture's signs.</summary>
    private string Number(DataType type, IArrowArray array, int row)
    {
        var room = new byte[type.MaxTextLength(array, row)];
        type.TryFormat(array, row, room, out var written);
        var text = new StringBuilder();
        foreach (var c in room.AsSpan(0, written))
        {
            text.Append(c switch
            {
                (byte)'.' => _culture.NumberFormat.NumberDecimalSeparator,
                (byte)'-' => _culture.NumberFormat.NegativeSign,
                _ => ((char)c).ToString(),
            });
        }

        return text.ToString();
    }
}
