using System.Globalization;
using System.IO.Hashing;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Transforms;

/// <summary>Counts what Measure-Data shows, column by column, in memory that does not grow with the rows.</summary>
public sealed class Profile
{
    private readonly Column[] _columns;

    /// <summary>A profile of columns without rows.</summary>
    public Profile(Schema schema) => _columns = [.. schema.FieldsList.Select(f => new Column(f.Name, DataTypes.Of(f)))];

    /// <summary>Counts the rows of a batch.</summary>
    public void Add(RecordBatch batch, CancellationToken cancellation) =>
        Parallel.For(0, _columns.Length, new ParallelOptions { CancellationToken = cancellation }, i => _columns[i].Add(batch.Column(i)));

    /// <summary>The profiles so far.</summary>
    public IEnumerable<ColumnProfile> Result() => _columns.Select(c => c.Result());

    private sealed class Column(string name, DataType type)
    {
        /// <summary>Values beyond this many are no longer told apart.</summary>
        private const int MaxDistinct = 1_000_000;

        private readonly HashSet<UInt128> _distinct = [];
        private readonly bool _isNumber = DataTypes.IsNumber(type);
        private readonly bool _isOrdered = type is not NestedDataType and not BinaryDataType and not JsonType;
        private byte[] _text = new byte[64];
        private long _rows;
        private long _nulls;
        private bool _isExact = true;
        private double _sum;
        private double _lost;
        private IArrowArray? _min;
        private IArrowArray? _max;

        public void Add(IArrowArray array)
        {
            _rows += array.Length;
            _nulls += array.NullCount;
            var (min, max) = (-1, -1);
            for (var row = 0; row < array.Length; row++)
            {
                if (array.IsNull(row))
                {
                    continue;
                }

                Count(array, row);
                if (_isOrdered && !IsNaN(array, row))
                {
                    min = min < 0 || Order.Compare(type, array, row, array, min) < 0 ? row : min;
                    max = max < 0 || Order.Compare(type, array, row, array, max) > 0 ? row : max;
                }
            }

            _min = Better(_min, array, min, -1);
            _max = Better(_max, array, max, 1);
        }

        public ColumnProfile Result()
        {
            var values = _rows - _nulls;
            return new ColumnProfile(name, type.Name, _rows, _nulls, _distinct.Count, _isExact, ValueOf(_min), ValueOf(_max), _isNumber && values > 0 ? (_sum + _lost) / values : null);
        }

        private object? ValueOf(IArrowArray? array) => array is null ? null : type.GetValue(array, 0);

        private bool IsNaN(IArrowArray array, int row) => type.Arrow is Apache.Arrow.Types.FloatingPointType && type.GetValue(array, row) is double.NaN or float.NaN;

        private void Count(IArrowArray array, int row)
        {
            var most = type.MaxTextLength(array, row);
            if (_text.Length < most)
            {
                _text = new byte[most * 2];
            }

            type.TryFormat(array, row, _text, out var length);
            if (_isNumber)
            {
                Sum(double.Parse(_text.AsSpan(0, length), CultureInfo.InvariantCulture));
            }

            var hash = XxHash128.HashToUInt128(_text.AsSpan(0, length));
            if (_distinct.Count < MaxDistinct)
            {
                _distinct.Add(hash);
            }
            else
            {
                _isExact = _isExact && _distinct.Contains(hash);
            }
        }

        /// <summary>Adds without losing small values beside a large sum (A. Neumaier, 1974).</summary>
        private void Sum(double value)
        {
            var sum = _sum + value;
            _lost += Math.Abs(_sum) >= Math.Abs(value) ? (_sum - sum) + value : (value - sum) + _sum;
            _sum = sum;
        }

        private IArrowArray? Better(IArrowArray? known, IArrowArray array, int row, int sign)
        {
            if (row < 0 || (known is not null && Math.Sign(Order.Compare(type, array, row, known, 0)) != sign))
            {
                return known;
            }

            var builder = type.NewBuilder();
            builder.TryAppend(type.GetValue(array, row));
            return builder.Finish();
        }
    }
}
