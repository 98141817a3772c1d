using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>What the numbers of one property have in common, and the type that keeps all their digits.</summary>
internal struct JsonNumberShape
{
    private const int SpareDigits = 3;

    private int _whole;
    private int _leastScale = int.MaxValue;
    private int _mostScale;
    private bool _beyondLong;
    private bool _padded;
    private bool _exponent;
    private bool _negativeZero;
    private bool _inexact;

    public JsonNumberShape()
    {
    }

    /// <summary>Looks at a number as JSON writes it.</summary>
    public void Observe(ReadOnlySpan<byte> text)
    {
        var exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf((byte)'.');
        var scale = point < 0 ? 0 : mantissa.Length - point - 1;
        _whole = Math.Max(_whole, (point < 0 ? mantissa.Length : point) - (text[0] == (byte)'-' ? 1 : 0));
        _leastScale = Math.Min(_leastScale, scale);
        _mostScale = Math.Max(_mostScale, scale);
        _padded |= scale > 1 && mantissa[^1] == (byte)'0';
        _exponent |= exponentAt >= 0;
        _negativeZero |= text[0] == (byte)'-' && NumberText.SignificantDigits(text) == 0;
        _beyondLong |= scale == 0 && !DataTypes.Int64.TryParse(text, TextRules.Default, out _);
        _inexact |= !DataTypes.Double.TryParse(text, TextRules.Default, out _);
    }

    /// <summary>
    /// int64 for integers; a double where it holds every digit. Numbers that all have one scale, zeros at the end included, were written as
    /// decimals and stay so: whoever writes floats drops such zeros. Text where nothing else keeps the digits.
    /// </summary>
    public readonly DataType Result()
    {
        if (_exponent || _negativeZero)
        {
            return _inexact ? DataTypes.Text : DataTypes.Double;
        }

        if (_mostScale == 0)
        {
            return _beyondLong ? Exact(DecimalType.MaxPrecision) : DataTypes.Int64;
        }

        var isFixed = _padded && _leastScale == _mostScale;
        return isFixed ? Exact(_whole + _mostScale + SpareDigits)
            : _inexact ? Exact(DecimalType.MaxPrecision)
            : DataTypes.Double;
    }

    private readonly DataType Exact(int digits) =>
        _whole + _mostScale > DecimalType.MaxPrecision ? DataTypes.DecimalText
            : new DecimalType(digits <= 18 ? 18 : DecimalType.MaxPrecision, _mostScale);
}
