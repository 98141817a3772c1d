using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using DataTools.Data;
using DataTools.Data.Kernels;

namespace DataTools.Transforms;

/// <summary>
/// Keeps the first of the rows that are equal in some columns. Remembers a 128-bit hash (XXH128) of each row that it keeps; once there are too many
/// for memory, rows not seen before go to files by hash and are told apart at the end, behind the others.
/// </summary>
public sealed class DistinctTransform : ITransform
{
    private const int Partitions = 64;

    private readonly int[] _keys;
    private readonly DataType[] _types;
    private readonly int _memoryRows;
    private readonly HashSet<UInt128> _seen = [];
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly BatchSpill?[] _spills = new BatchSpill?[Partitions];

    /// <summary>Rows are equal when they are in the columns that <paramref name="patterns"/> name.</summary>
    public DistinctTransform(Schema schema, IReadOnlyList<string> patterns, int memoryRows = 8_000_000)
    {
        Schema = schema;
        _keys = ColumnNames.Find(schema.Names(), patterns, "The data");
        _types = [.. _keys.Select(k => DataTypes.Of(schema.GetFieldByIndex(k)))];
        _memoryRows = memoryRows;
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation)
    {
        var keep = new bool[batch.Length];
        var spilled = new List<int>?[Partitions];
        for (var row = 0; row < batch.Length; row++)
        {
            var hash = Hash(batch, row);
            if (_seen.Count < _memoryRows)
            {
                keep[row] = _seen.Add(hash);
            }
            else if (!_seen.Contains(hash))
            {
                (spilled[(int)(hash % Partitions)] ??= []).Add(row);
            }
        }

        for (var i = 0; i < Partitions; i++)
        {
            if (spilled[i] is { } rows)
            {
                (_spills[i] ??= new BatchSpill(Schema)).Write(Take.Rows(batch, CollectionsMarshal.AsSpan(rows)));
            }
        }

        return Take.Filter(batch, keep);
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Finish(CancellationToken cancellation)
    {
        foreach (var spill in _spills.OfType<BatchSpill>())
        {
            _seen.Clear();
            foreach (var batch in spill.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                var keep = new bool[batch.Length];
                for (var row = 0; row < batch.Length; row++)
                {
                    keep[row] = _seen.Add(Hash(batch, row));
                }

                yield return Take.Filter(batch, keep);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var spill in _spills)
        {
            spill?.Dispose();
        }
    }

    private UInt128 Hash(RecordBatch batch, int row)
    {
        _row.ResetWrittenCount();
        for (var i = 0; i < _keys.Length; i++)
        {
            Add(batch.Column(_keys[i]), _types[i], row);
        }

        return XxHash128.HashToUInt128(_row.WrittenSpan);
    }

    /// <summary>A mark for null or not, the length, and the bytes, so that no two rows run into the same bytes.</summary>
    private void Add(IArrowArray array, DataType type, int row)
    {
        if (array.IsNull(row))
        {
            _row.GetSpan(1)[0] = 0;
            _row.Advance(1);
            return;
        }

        var length = type.Arrow is StringType or BinaryType ? array.Bytes(row).Length : type.MaxTextLength(array, row);
        var span = _row.GetSpan(length + 5);
        span[0] = 1;
        if (type.Arrow is StringType or BinaryType)
        {
            array.Bytes(row).CopyTo(span[5..]);
        }
        else
        {
            type.TryFormat(array, row, span[5..], out length);
        }

        MemoryMarshal.Write(span[1..], length);
        _row.Advance(length + 5);
    }
}
