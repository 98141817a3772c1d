using System.Collections.Specialized;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;

namespace DataTools.Validation;

/// <summary>A row that differs, with what a repair needs.</summary>
/// <param name="Kind">How.</param>
/// <param name="Key">The key's values by the destination's names; empty for a table without key.</param>
/// <param name="KeyHash">The hash of the key.</param>
/// <param name="Source">The source's values by the destination's names; null for an extra row.</param>
/// <param name="Destination">The destination's values; null for a missing row.</param>
/// <param name="Columns">The columns that differ, of a row that both have.</param>
internal sealed record DifferentRow(
    DifferenceKind Kind, OrderedDictionary Key, UInt128 KeyHash, OrderedDictionary? Source, OrderedDictionary? Destination, IReadOnlyList<string> Columns)
{
    /// <summary>The hash of the whole row, of the destination's where it has one.</summary>
    public UInt128 RowHash { get; init; }

    /// <summary>The rows of the source that equal the destination's, which has more of them.</summary>
    public int SourceCopies { get; init; }
}

/// <summary>How a row differs.</summary>
internal enum DifferenceKind
{
    /// <summary>Only the source has it.</summary>
    Missing,

    /// <summary>Only the destination has it.</summary>
    Extra,

    /// <summary>Both have it, with other values.</summary>
    Different,
}

/// <summary>Finds the rows of two stores that have no equal on the other side.</summary>
internal sealed class RowMatcher(ComparePlan plan, int most, CancellationToken cancellation)
{
    private readonly List<DifferentRow> _found = [];

    /// <summary>The rows that differ, at most as many as are asked for.</summary>
    public IReadOnlyList<DifferentRow> Found => _found;

    /// <summary>Whether there are as many as are asked for, so that there may be more.</summary>
    public bool IsFull => _found.Count >= most;

    /// <summary>Compares the rows of two stores.</summary>
    public void Match(RowStore source, RowStore destination)
    {
        if (!source.IsSpilled && !destination.IsSpilled)
        {
            Match(source, destination, null);
            return;
        }

        source.SpillAll();
        destination.SpillAll();
        for (var part = 0; part < RowStore.Parts && !IsFull; part++)
        {
            Match(source, destination, part);
        }
    }

    private void Match(RowStore source, RowStore destination, int? part)
    {
        var left = new Side(source, part);
        var right = new Side(destination, part);
        left.Index();
        var unmatched = new List<int>();
        for (var row = 0; row < right.Count; row++)
        {
            if ((row & 0xFFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (left.Take(right.Key(row), right.Row(row)) < 0)
            {
                unmatched.Add(row);
            }
        }

        // Rows with one key are pairs only when all that have an equal have found it.
        foreach (var row in unmatched)
        {
            Add(left, plan.HasKey ? left.TakeAny(right.Key(row)) : -1, right, row);
        }

        foreach (var row in left.Rest())
        {
            Add(left, row, right, -1);
        }
    }

    private void Add(Side left, int leftRow, Side right, int rightRow)
    {
        var isPair = leftRow >= 0 && rightRow >= 0;
        string[] columns = isPair ? [.. Differing(left, leftRow, right, rightRow)] : [];
        if (IsFull || (isPair && columns.Length == 0))
        {
            return;
        }

        var (source, destination) = (left.Values(leftRow, plan), right.Values(rightRow, plan));
        var (side, row) = rightRow < 0 ? (left, leftRow) : (right, rightRow);
        _found.Add(new DifferentRow(KindOf(leftRow, rightRow), Key((source ?? destination)!), side.Key(row), source, destination, columns)
        {
            RowHash = side.Row(row),
            SourceCopies = rightRow < 0 ? 0 : left.Copies(side.Key(row), side.Row(row)),
        });
    }

    private static DifferenceKind KindOf(int left, int right) => left < 0 ? DifferenceKind.Extra : right < 0 ? DifferenceKind.Missing : DifferenceKind.Different;

    private OrderedDictionary Key(OrderedDictionary values)
    {
        var key = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var column in plan.Key)
        {
            key[column.Destination] = values[column.Destination];
        }

        return key;
    }

    private IEnumerable<string> Differing(Side left, int leftRow, Side right, int rightRow)
    {
        for (var i = plan.KeyCount; i < plan.Columns.Count; i++)
        {
            if (left.HashValue(leftRow, i) != right.HashValue(rightRow, i) && !IsNear(i, left, leftRow, right, rightRow))
            {
                yield return plan.Columns[i].Destination;
            }
        }
    }

    private bool IsNear(int column, Side left, int leftRow, Side right, int rightRow) =>
        plan.Tolerance > 0
        && plan.Columns[column].Form is CompareForm.Single or CompareForm.Double
        && left.Number(leftRow, column) is { } a && right.Number(rightRow, column) is { } b
        && Math.Abs(a - b) <= plan.Tolerance;

    /// <summary>The rows of one side, found by the hash of their key.</summary>
    private sealed class Side
    {
        private readonly RowStore _store;
        private readonly List<RecordBatch> _batches;
        private readonly List<(UInt128 Key, UInt128 Row, int Batch, int At)> _rows = [];
        private readonly Dictionary<UInt128, int> _heads = [];
        private int[] _next = [];
        private bool[] _taken = [];

        public Side(RowStore store, int? part)
        {
            _store = store;
            _batches = store.Rows(part);
            for (var batch = 0; batch < _batches.Count; batch++)
            {
                store.Hasher.Hash(_batches[batch]);
                var (keys, rows) = (store.Hasher.Keys, store.Hasher.Rows);
                for (var row = 0; row < _batches[batch].Length; row++)
                {
                    _rows.Add((new UInt128(keys.High[row], keys.Low[row]), new UInt128(rows.High[row], rows.Low[row]), batch, row));
                }
            }
        }

        public int Count => _rows.Count;

        public UInt128 Key(int row) => _rows[row].Key;

        public UInt128 Row(int row) => _rows[row].Row;

        /// <summary>Chains the rows of each key, the first of them first.</summary>
        public void Index()
        {
            _next = new int[Count];
            _taken = new bool[Count];
            for (var row = Count - 1; row >= 0; row--)
            {
                _next[row] = _heads.TryGetValue(Key(row), out var head) ? head : -1;
                _heads[Key(row)] = row;
            }
        }

        /// <summary>Takes the first row that is left of a key and a whole; -1 where there is none.</summary>
        public int Take(UInt128 key, UInt128 whole) => Take(key, row => Row(row) == whole);

        /// <summary>Takes the first row that is left of a key.</summary>
        public int TakeAny(UInt128 key) => Take(key, _ => true);

        public IEnumerable<int> Rest() => Enumerable.Range(0, Count).Where(r => !_taken[r]);

        public UInt128 HashValue(int row, int column) => _store.Hasher.HashValue(_batches[_rows[row].Batch], _rows[row].At, column);

        /// <summary>A value as a double; null for null and for what is no number.</summary>
        public double? Number(int row, int column)
        {
            var text = DataTypes.TextOf(Value(row, column) ?? "");
            return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        public OrderedDictionary? Values(int row, ComparePlan plan)
        {
            if (row < 0)
            {
                return null;
            }

            var values = new OrderedDictionary(StringComparer.Ordinal);
            for (var i = 0; i < plan.Columns.Count; i++)
            {
                values[plan.Columns[i].Destination] = Value(row, i);
            }

            return values;
        }

        private object? Value(int row, int column)
        {
            var (_, _, batch, at) = _rows[row];
            var index = _store.Hasher.Columns[column];
            var type = DataTypes.Of(_store.Schema.GetFieldByIndex(index));
            var array = _batches[batch].Column(index);
            return type is NestedDataType && !array.IsNull(at) ? Cast.TextAt(array, type, at) : type.GetValueOrNull(array, at);
        }

        /// <summary>The rows of a key and a whole, taken or not.</summary>
        public int Copies(UInt128 key, UInt128 whole) => Chain(key).Count(r => Row(r) == whole);

        private int Take(UInt128 key, Func<int, bool> fits)
        {
            foreach (var row in Chain(key))
            {
                if (!_taken[row] && fits(row))
                {
                    _taken[row] = true;
                    return row;
                }
            }

            return -1;
        }

        private IEnumerable<int> Chain(UInt128 key)
        {
            for (var row = _heads.TryGetValue(key, out var head) ? head : -1; row >= 0; row = _next[row])
            {
                yield return row;
            }
        }
    }
}
