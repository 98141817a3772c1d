using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Says to which bucket a row belongs; equal keys belong to one bucket on both sides.</summary>
internal abstract class BucketRule
{
    /// <summary>The number of buckets: enough that few rows share one, few enough that their sums stay small.</summary>
    public const int Count = 1 << 16;

    /// <summary>The bucket that a database gave.</summary>
    public virtual int Bucket(decimal? given) => (int)(given ?? 0);

    /// <summary>Fills in the buckets of a batch's rows.</summary>
    public abstract void Fill(RecordBatch batch, RowHasher hasher, Span<int> buckets);
}

/// <summary>Buckets by the hash of the key: they need no order, and so no agreement of two databases about one.</summary>
internal sealed class HashBuckets : BucketRule
{
    /// <summary>The bucket of a key by the lower half of its hash.</summary>
    public static int Of(ulong key) => (int)(key & (Count - 1));

    public override void Fill(RecordBatch batch, RowHasher hasher, Span<int> buckets)
    {
        var keys = hasher.Keys.Low;
        for (var row = 0; row < buckets.Length; row++)
        {
            buckets[row] = Of(keys[row]);
        }
    }
}

/// <summary>Buckets by the first three hexadecimal digits of the hash of the key's text, which databases make themselves.</summary>
internal sealed class TextBuckets : BucketRule
{
    public override void Fill(RecordBatch batch, RowHasher hasher, Span<int> buckets)
    {
        var keys = hasher.Keys.Low;
        for (var row = 0; row < buckets.Length; row++)
        {
            buckets[row] = (int)(keys[row] >> 52);
        }
    }
}

/// <summary>Buckets by ranges of the key's first column, an integer: rows of a bucket can be asked of a database by its index.</summary>
internal sealed class RangeBuckets : BucketRule
{
    private readonly long _least;
    private readonly int _shift;
    private readonly int _last;
    private readonly int _used;

    /// <summary>Cuts the numbers from <paramref name="least"/> to <paramref name="most"/> into <paramref name="count"/> ranges, a power of two; what lies outside belongs to the first or the last.</summary>
    public RangeBuckets(long least, long most, int count = Count)
    {
        _least = least;
        _last = count - 1;
        var width = (ulong)(most - least);
        _shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(width) - BitOperations.Log2((uint)count));
        _used = (int)(width >> _shift) + 1;
    }

    /// <summary>The least number, and the bits by which the distance to it is shifted to give the bucket.</summary>
    public (long Least, int Shift) Parts => (_least, _shift);

    /// <summary>Cuts the buckets into at most so many runs of neighbours, together all of them.</summary>
    public IEnumerable<(int First, int Last)> Cut(int parts)
    {
        parts = Math.Min(parts, _used);
        return Enumerable.Range(0, parts).Select(i => ((int)((long)_used * i / parts), i == parts - 1 ? _last : (int)((long)_used * (i + 1) / parts) - 1));
    }

    /// <summary>Each bucket of a run by itself, but all that lie behind the greatest number together.</summary>
    public IEnumerable<(int First, int Last)> Each(int first, int last)
    {
        var single = Enumerable.Range(first, Math.Min(last, _used - 1) - first + 1).Select(b => (b, b));
        return last >= _used && Bound(_used) is not null ? single.Append((_used, last)) : single;
    }

    /// <summary>What lies below belongs to the first, as null does, and what lies above to the last.</summary>
    public override int Bucket(decimal? given) => (int)Math.Clamp(given ?? 0, 0, _last);

    /// <summary>The condition in SQL that leaves the rows of some neighbouring buckets by a column of a quoted name; the first and the last have a bound on one side only.</summary>
    public string Condition(string column, int first, int last)
    {
        var bounds = new List<string>();
        if (first > 0)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"{column} >= {Bound(first)}"));
        }

        if (last < _last && Bound(last + 1) is { } behind)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"{column} < {behind}"));
        }

        var range = bounds.Count == 0 ? "1 = 1" : string.Join(" AND ", bounds);
        return first == 0 ? $"({range} OR {column} IS NULL)" : $"({range})";
    }

    public override void Fill(RecordBatch batch, RowHasher hasher, Span<int> buckets)
    {
        var array = batch.Column(hasher.Columns[0]);
        switch (DataTypes.Of(batch.Schema.GetFieldByIndex(hasher.Columns[0])))
        {
            case IntegerType<long>:
                Fill(array.Values<long>(), buckets);
                break;
            case IntegerType<int>:
                Fill(array.Values<int>(), buckets);
                break;
            default:
                Fill(array.Values<short>(), buckets);
                break;
        }

        for (var row = 0; array.NullCount > 0 && row < buckets.Length; row++)
        {
            buckets[row] = array.IsNull(row) ? 0 : buckets[row];
        }
    }

    /// <summary>Whether a type is an integer that ranges are made of.</summary>
    public static bool IsKey(DataType type) => type is IntegerType<long> or IntegerType<int> or IntegerType<short>;

    private long? Bound(int bucket)
    {
        var bound = _least + ((Int128)bucket << _shift);
        return bound > long.MaxValue ? null : (long)bound;
    }

    private void Fill<T>(ReadOnlySpan<T> values, Span<int> buckets)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var row = 0; row < buckets.Length; row++)
        {
            var value = long.CreateTruncating(values[row]);
            buckets[row] = value <= _least ? 0 : (int)Math.Min(((ulong)value - (ulong)_least) >> _shift, (ulong)_last);
        }
    }
}

/// <summary>The rows of each bucket of one side: how many, and the sum of their hashes, which does not depend on their order.</summary>
internal sealed class BucketSums
{
    private readonly long[] _counts = new long[BucketRule.Count];
    private readonly UInt128[] _sums = new UInt128[BucketRule.Count];

    /// <summary>All rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum over all rows.</summary>
    public UInt128 Total { get; private set; }

    /// <summary>The rows of a bucket.</summary>
    public long CountOf(int bucket) => _counts[bucket];

    /// <summary>Whether a bucket holds the same rows as that of the other side.</summary>
    public bool IsSame(BucketSums other, int bucket) => _counts[bucket] == other._counts[bucket] && _sums[bucket] == other._sums[bucket];

    /// <summary>Adds the rows of other sums.</summary>
    public void Add(BucketSums other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            Add(i, other._counts[i], other._sums[i]);
        }
    }

    /// <summary>Adds rows to their buckets.</summary>
    public void Add(ReadOnlySpan<int> buckets, ulong[] low, ulong[] high)
    {
        UInt128 total = 0;
        for (var row = 0; row < buckets.Length; row++)
        {
            var hash = new UInt128(high[row], low[row]);
            var bucket = buckets[row];
            _counts[bucket]++;
            _sums[bucket] += hash;
            total += hash;
        }

        Rows += buckets.Length;
        Total += total;
    }

    /// <summary>Adds rows whose sum somebody else has made.</summary>
    public void Add(int bucket, long count, UInt128 sum)
    {
        _counts[bucket] += count;
        _sums[bucket] += sum;
        Rows += count;
        Total += sum;
    }
}
