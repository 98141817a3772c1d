using System.Collections;
using System.Data.SqlTypes;
using System.Globalization;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>
/// The column type that takes all of the values it has seen: integers with doubles make double, with decimals decimal; a decimal has the most
/// digits behind the point that occurred; values of kinds that have nothing in common make text.
/// </summary>
internal sealed class WidestType
{
    /// <summary>The least numbers of one digit, of two, and so on.</summary>
    private static readonly decimal[] Limits = [.. Enumerable.Range(0, 29).Select(n => decimal.Parse("1" + new string('0', n), CultureInfo.InvariantCulture))];

    private DataType? _type;
    private int _whole;
    private int _scale;

    /// <summary>The type so far: text where there was no value.</summary>
    public DataType Result => _type is DecimalType ? Decimal() : _type ?? DataTypes.Text;

    /// <summary>Takes a value in; those that no column holds are left for the column to refuse.</summary>
    public void Add(object? value)
    {
        switch (value)
        {
            case null:
                break;
            case decimal number:
                Add(number);
                break;
            case SqlDecimal number:
                _scale = Math.Max(_scale, number.Scale);
                _whole = Math.Max(_whole, number.Precision - number.Scale);
                Add(new DecimalType(28, 0));
                break;
            case IDictionary:
                Add(DataTypes.Json);
                break;
            case IEnumerable items and not (string or byte[]):
                Add(new ListDataType(Of(items.Cast<object?>())));
                break;
            default:
                Add(DataTypes.OfValue(value));
                break;
        }
    }

    /// <summary>Takes a decimal in.</summary>
    public void Add(decimal number)
    {
        _scale = Math.Max(_scale, number.Scale);
        while (_whole < Limits.Length && Math.Abs(decimal.Truncate(number)) >= Limits[_whole])
        {
            _whole++;
        }

        if (_type is not DecimalType)
        {
            Add(new DecimalType(28, 0));
        }
    }

    /// <summary>The type that takes all of these values.</summary>
    public static DataType Of(IEnumerable<object?> values)
    {
        var type = new WidestType();
        foreach (var value in values)
        {
            type.Add(value);
        }

        return type.Result;
    }

    private void Add(DataType? type)
    {
        if (type is null || type.Equals(_type))
        {
            return;
        }

        _type = _type is null ? type : Join(_type, type);
    }

    private static DataType Join(DataType a, DataType b)
    {
        if (!DataTypes.IsNumber(a) || !DataTypes.IsNumber(b))
        {
            return DataTypes.Text;
        }

        if (a is FloatType<double> or FloatType<float> || b is FloatType<double> or FloatType<float>)
        {
            return DataTypes.Double;
        }

        return a is DecimalType ? a : b is DecimalType ? b : new DecimalType(28, 0);
    }

    /// <summary>28 digits are a Decimal to scripts; more are taken only where these are too few.</summary>
    private DecimalType Decimal() => _whole + _scale <= 28 ? new DecimalType(28, _scale) : new DecimalType(DecimalType.MaxPrecision, _scale);
}
