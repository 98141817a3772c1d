using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Rows of one side, in memory up to a bound, then in temporary files by the hash of their key.</summary>
internal sealed class RowStore(Schema schema, RowHasher hasher, long memoryBytes) : IDisposable
{
    /// <summary>The parts into which rows are divided when they do not fit into memory.</summary>
    public const int Parts = 64;

    private readonly List<RecordBatch> _batches = [];
    private readonly BatchSpill?[] _spills = new BatchSpill?[Parts];
    private long _bytes;

    /// <summary>The hasher of the rows.</summary>
    public RowHasher Hasher => hasher;

    /// <summary>The columns.</summary>
    public Schema Schema => schema;

    /// <summary>How many rows there are.</summary>
    public long Count { get; private set; }

    /// <summary>Whether rows went to files.</summary>
    public bool IsSpilled { get; private set; }

    /// <summary>Adds rows.</summary>
    public void Add(RecordBatch batch)
    {
        if (batch.Length == 0)
        {
            return;
        }

        Count += batch.Length;
        if (IsSpilled)
        {
            Spill(batch);
            return;
        }

        _batches.Add(batch);
        _bytes += batch.Arrays.Sum(BatchBytes.Of);
        if (_bytes > memoryBytes)
        {
            SpillAll();
        }
    }

    /// <summary>Divides the rows, so that each part can be compared with that of the other side.</summary>
    public void SpillAll()
    {
        IsSpilled = true;
        _batches.ForEach(Spill);
        _batches.Clear();
    }

    /// <summary>The rows: all of them, or those of one part.</summary>
    public List<RecordBatch> Rows(int? part) => part is not { } at ? _batches : _spills[at] is { } spill ? [.. spill.Read()] : [];

    public void Dispose()
    {
        foreach (var spill in _spills)
        {
            spill?.Dispose();
        }
    }

    private void Spill(RecordBatch batch)
    {
        hasher.Hash(batch);
        var rows = new List<int>?[Parts];
        for (var row = 0; row < batch.Length; row++)
        {
            // Not the bits that choose the bucket: rows of few buckets would all be of one part.
            (rows[(int)(hasher.Keys.High[row] % Parts)] ??= []).Add(row);
        }

        for (var part = 0; part < Parts; part++)
        {
            if (rows[part] is { } mine)
            {
                (_spills[part] ??= new BatchSpill(schema)).Write(Take.Rows(batch, CollectionsMarshal.AsSpan(mine)));
            }
        }
    }
}
