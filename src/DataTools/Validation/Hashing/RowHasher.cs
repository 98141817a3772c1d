using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>Hashes the rows of one reader by a plan: the key and the whole row, 128 bits each.</summary>
internal class RowHasher
{
    private const ulong Seed = 0x510E527FADE682D1;

    private readonly ComparePlan _plan;
    private readonly int[] _columns;
    private readonly ColumnHasher[] _hashers;
    private ulong[] _keyLow = [];
    private ulong[] _keyHigh = [];
    private ulong[] _low = [];
    private ulong[] _high = [];

    protected RowHasher(ComparePlan plan, Schema schema, bool source)
    {
        _plan = plan;
        _columns = [.. plan.Columns.Select(c => schema.IndexOf(c.NameOn(source)))];
        Types = [.. _columns.Select(c => DataTypes.Of(schema.GetFieldByIndex(c)))];
        _hashers = [.. plan.Columns.Select((c, i) => ColumnHashers.For(c.Form, Types[i], plan.Rules))];
    }

    /// <summary>The positions of the plan's columns in the batches.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>The halves of the hashes of the last batch's keys; of its whole rows where there is no key.</summary>
    public (ulong[] Low, ulong[] High) Keys => _plan.HasKey ? (_keyLow, _keyHigh) : (_low, _high);

    /// <summary>The halves of the hashes of the last batch's rows.</summary>
    public (ulong[] Low, ulong[] High) Rows => (_low, _high);

    /// <summary>What is hashed.</summary>
    protected ComparePlan Plan => _plan;

    /// <summary>The types of the plan's columns.</summary>
    protected IReadOnlyList<DataType> Types { get; }

    /// <summary>A hasher for the batches of a schema.</summary>
    public static RowHasher For(ComparePlan plan, Schema schema, bool source) => plan.HashesText ? new TextRowHasher(plan, schema, source) : new RowHasher(plan, schema, source);

    /// <summary>Hashes a batch.</summary>
    public void Hash(RecordBatch batch)
    {
        var length = batch.Length;
        if (_low.Length < length)
        {
            (_low, _high, _keyLow, _keyHigh) = (new ulong[length], new ulong[length], new ulong[length], new ulong[length]);
        }

        HashRows(batch);
    }

    /// <summary>The hash of one value of a column of the plan, by which it is compared with the other side's.</summary>
    public UInt128 HashValue(RecordBatch batch, int row, int column)
    {
        var value = ArrowArrayFactory.Slice(batch.Column(_columns[column]), row, 1);
        ulong low = Seed, high = 0;
        _hashers[column].Mix(value, new Span<ulong>(ref low), new Span<ulong>(ref high));
        return new UInt128(high, low);
    }

    /// <summary>Hashes the rows of a batch, column by column.</summary>
    protected virtual void HashRows(RecordBatch batch)
    {
        var length = batch.Length;
        System.Array.Fill(_low, Seed, 0, length);
        System.Array.Clear(_high, 0, length);
        for (var i = 0; i < _hashers.Length; i++)
        {
            _hashers[i].Mix(batch.Column(_columns[i]), _low.AsSpan(0, length), _high.AsSpan(0, length));
            if (i == _plan.KeyCount - 1)
            {
                _low.AsSpan(0, length).CopyTo(_keyLow);
                _high.AsSpan(0, length).CopyTo(_keyHigh);
            }
        }
    }

    /// <summary>Sets the hash of a row's key.</summary>
    protected void SetKey(int row, UInt128 hash) => (_keyLow[row], _keyHigh[row]) = ((ulong)hash, (ulong)(hash >> 64));

    /// <summary>Sets the hash of a row.</summary>
    protected void SetRow(int row, UInt128 hash) => (_low[row], _high[row]) = ((ulong)hash, (ulong)(hash >> 64));
}
