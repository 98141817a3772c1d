using System.Globalization;

namespace DataTools.Data;

/// <summary>
/// Finds the type of a column of text from a sample, cautiously: a type is taken only when every value reads as it and would be written
/// back as the same value. Leading zeros, signs, padded numbers and ambiguous dates stay text.
/// </summary>
public sealed class TypeInference(TextRules rules)
{
    /// <summary>Decimals of the sample may grow by this many digits before a later row no longer fits.</summary>
    private const int SpareDigits = 3;

    private const int DoubleDigits = 15;

    private static readonly DataType[] Candidates =
        [DataTypes.Bool, DataTypes.Date, DataTypes.Timestamp, DataTypes.TimestampUtc, DataTypes.Time, DataTypes.Uuid];

    private readonly ColumnBuilder?[] _alive = [.. Candidates.Select(t => t.NewBuilder())];
    private NumberColumn _numbers = new();
    private bool _maybeNumber = true;

    /// <summary>The values seen; nulls are not shown to it.</summary>
    public long Count { get; private set; }

    /// <summary>Looks at a value of the column.</summary>
    public void Observe(ReadOnlySpan<byte> text)
    {
        Count++;
        if (_maybeNumber && !(rules.Culture is { } culture ? _numbers.TryObserveLocal(text, culture) : _numbers.TryObserve(text)))
        {
            _maybeNumber = false;
        }

        for (var i = 0; i < _alive.Length; i++)
        {
            if (_alive[i] is { } builder && !builder.TryAppendText(text, rules))
            {
                _alive[i] = null;
            }
            else
            {
                _alive[i]?.Truncate(0);
            }
        }
    }

    /// <summary>The type of all values so far; text where there was none.</summary>
    public DataType Result()
    {
        if (Count == 0)
        {
            return DataTypes.Text;
        }

        return _maybeNumber ? _numbers.Result() : Array.Find(_alive, b => b is not null)?.Type ?? DataTypes.Text;
    }

    /// <summary>The shape of a column's numbers: digits before and behind the point.</summary>
    private struct NumberColumn
    {
        private int _whole;
        private int _leastScale = int.MaxValue;
        private int _mostScale;
        private int _significant;
        private bool _exponents;
        private bool _special;
        private bool _beyondLong;
        private bool _negativeZero;
        private bool _inexact;

        public NumberColumn()
        {
        }

        public bool TryObserve(ReadOnlySpan<byte> text)
        {
            if (NumberText.TrySpecial(text, out _))
            {
                _special = true;
                return true;
            }

            if (!NumberText.TryShape(text, out var whole, out var scale, out var exponent))
            {
                return false;
            }

            _exponents |= exponent;
            _whole = Math.Max(_whole, whole);
            _leastScale = Math.Min(_leastScale, scale);
            _mostScale = Math.Max(_mostScale, scale);
            var significant = NumberText.SignificantDigits(text);
            _inexact |= significant > DoubleDigits && !DataTypes.Double.TryParse(text, TextRules.Default, out _);
            _significant = Math.Max(_significant, significant);
            _negativeZero |= text[0] == (byte)'-' && significant == 0;
            _beyondLong |= whole >= 19 && scale == 0 && !DataTypes.Int64.TryParse(text, TextRules.Default, out _);
            return true;
        }

        /// <summary>With a culture, the invariant text gives the shape.</summary>
        public bool TryObserveLocal(ReadOnlySpan<byte> text, CultureInfo culture)
        {
            Span<byte> plain = stackalloc byte[LocalNumbers.MaxLength];
            return LocalNumbers.Of(culture).TryInvariant(text, plain, out var length) && TryObserve(plain[..length]);
        }

        public readonly DataType Result()
        {
            if (_exponents || _special || _negativeZero)
            {
                // Only words such as NaN, and no number at all, are text; so are digits that a double would lose.
                return _leastScale == int.MaxValue || _inexact ? DataTypes.Text : DataTypes.Double;
            }

            if (_mostScale == 0 && !_beyondLong)
            {
                return DataTypes.Int64;
            }

            return _leastScale != _mostScale && _significant <= DoubleDigits ? DataTypes.Double : Exact();
        }

        private readonly DataType Exact()
        {
            var digits = _whole + _mostScale;
            return digits > DecimalType.MaxPrecision ? DataTypes.Text
                : new DecimalType(digits + SpareDigits <= 18 ? 18 : DecimalType.MaxPrecision, _mostScale);
        }
    }
}
