using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>
/// The checksum of rows: the sum of the 128-bit hashes of their values in canonical form. Neither their order nor the parts in which they come count: sums of parts add up
/// (modulo 2^128) to that of the whole.
/// </summary>
internal sealed class RowChecksum
{
    private RowHasher? _hasher;
    private UInt128 _sum;

    /// <summary>Adds the rows of a batch, all of one schema.</summary>
    public void Add(RecordBatch batch)
    {
        _hasher ??= RowHasher.For(new ComparePlan([.. batch.Schema.FieldsList.Select(f => new ComparedColumn(f.Name, f.Name, CompareForms.Of(DataTypes.Of(f))))], 0, new HashRules(false, 1), 0), batch.Schema, true);
        _hasher.Hash(batch);
        var (low, high) = _hasher.Rows;
        for (var row = 0; row < batch.Length; row++)
        {
            _sum += new UInt128(high[row], low[row]);
        }
    }

    /// <summary>The sum as 32 hexadecimal digits.</summary>
    public override string ToString() => _sum.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
