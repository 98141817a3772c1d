using Apache.Arrow;
using DataTools.Data;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>A column of both sides.</summary>
/// <param name="Source">Its name at the source.</param>
/// <param name="Destination">Its name at the destination.</param>
/// <param name="Form">As what its values are compared.</param>
internal sealed record ComparedColumn(string Source, string Destination, CompareForm Form)
{
    /// <summary>Its name on one side.</summary>
    public string NameOn(bool source) => source ? Source : Destination;
}

/// <summary>What is compared: the columns that both sides have, those of the key first.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="KeyCount">How many of them, from the first, tell rows apart; 0 where whole rows are counted.</param>
/// <param name="Rules">What hashes depend on.</param>
/// <param name="Tolerance">How far floats may be apart.</param>
internal sealed record ComparePlan(IReadOnlyList<ComparedColumn> Columns, int KeyCount, HashRules Rules, double Tolerance)
{
    /// <summary>Whether rows are told apart by a key.</summary>
    public bool HasKey => KeyCount > 0;

    /// <summary>The columns of the key.</summary>
    public IEnumerable<ComparedColumn> Key => Columns.Take(KeyCount);

    /// <summary>The names of the columns on one side.</summary>
    public string[] Names(bool source) => [.. Columns.Select(c => c.NameOn(source))];
}

/// <summary>Hashes the rows of one reader by a plan: the key and the whole row, 128 bits each.</summary>
internal sealed class RowHasher
{
    private const ulong Seed = 0x510E527FADE682D1;

    private readonly int[] _columns;
    private readonly ColumnHasher[] _hashers;
    private readonly int _keys;
    private ulong[] _keyLow = [];
    private ulong[] _keyHigh = [];
    private ulong[] _low = [];
    private ulong[] _high = [];

    public RowHasher(ComparePlan plan, Schema schema, bool source)
    {
        _keys = plan.KeyCount;
        _columns = [.. plan.Columns.Select(c => schema.IndexOf(c.NameOn(source)))];
        _hashers = [.. plan.Columns.Select((c, i) => ColumnHashers.For(c.Form, DataTypes.Of(schema.GetFieldByIndex(_columns[i])), plan.Rules))];
    }

    /// <summary>The positions of the plan's columns in the batches.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>The halves of the hashes of the last batch's keys; of its whole rows where there is no key.</summary>
    public (ulong[] Low, ulong[] High) Keys => _keys == 0 ? (_low, _high) : (_keyLow, _keyHigh);

    /// <summary>The halves of the hashes of the last batch's rows.</summary>
    public (ulong[] Low, ulong[] High) Rows => (_low, _high);

    /// <summary>Hashes a batch.</summary>
    public void Hash(RecordBatch batch)
    {
        var length = batch.Length;
        if (_low.Length < length)
        {
            (_low, _high, _keyLow, _keyHigh) = (new ulong[length], new ulong[length], new ulong[length], new ulong[length]);
        }

        System.Array.Fill(_low, Seed, 0, length);
        System.Array.Clear(_high, 0, length);
        for (var i = 0; i < _hashers.Length; i++)
        {
            _hashers[i].Mix(batch.Column(_columns[i]), _low.AsSpan(0, length), _high.AsSpan(0, length));
            if (i == _keys - 1)
            {
                _low.AsSpan(0, length).CopyTo(_keyLow);
                _high.AsSpan(0, length).CopyTo(_keyHigh);
            }
        }
    }

    /// <summary>The hash of one value of a column of the plan, by which it is compared with the other side's.</summary>
    public UInt128 HashValue(RecordBatch batch, int row, int column)
    {
        var value = ArrowArrayFactory.Slice(batch.Column(_columns[column]), row, 1);
        ulong low = Seed, high = 0;
        _hashers[column].Mix(value, new Span<ulong>(ref low), new Span<ulong>(ref high));
        return new UInt128(high, low);
    }
}
