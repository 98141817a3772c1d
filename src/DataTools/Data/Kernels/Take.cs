using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data.Kernels;

/// <summary>
/// Picks rows out of arrays and batches. Works in runs of neighbouring rows, so that a selection of long stretches is copied in blocks;
/// one single run is a view of the same buffers.
/// </summary>
internal static class Take
{
    /// <summary>Below this many rows a loop is quicker than a block copy.</summary>
    private const int ShortRun = 8;

    /// <summary>Neighbouring rows.</summary>
    internal readonly record struct Run(int Start, int Length);

    /// <summary>The rows whose element of <paramref name="selection"/> is true; the batch itself when all are.</summary>
    public static RecordBatch Filter(RecordBatch batch, ReadOnlySpan<bool> selection)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(selection.Length, batch.Length);
        return selection.Contains(false) ? Rows(batch, Runs(selection)) : batch;
    }

    /// <summary>The rows at <paramref name="indices"/>, in that order; an index may occur more than once.</summary>
    public static RecordBatch Rows(RecordBatch batch, ReadOnlySpan<int> indices) => Rows(batch, Runs(indices));

    /// <summary>The same in buffers of their own, for few rows that outlive the many of their batch.</summary>
    public static RecordBatch Copies(RecordBatch batch, ReadOnlySpan<int> indices)
    {
        var runs = Runs(indices);
        return new RecordBatch(batch.Schema, batch.Arrays.Select(a => Copy(a, runs)), Length(runs));
    }

    /// <summary>The values at <paramref name="indices"/>, in that order.</summary>
    public static IArrowArray Values(IArrowArray array, ReadOnlySpan<int> indices) => Values(array, Runs(indices));

    /// <summary>The values whose element of <paramref name="selection"/> is true.</summary>
    public static IArrowArray Values(IArrowArray array, ReadOnlySpan<bool> selection) => Values(array, Runs(selection));

    private static RecordBatch Rows(RecordBatch batch, List<Run> runs)
    {
        var columns = new IArrowArray[batch.ColumnCount];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Values(batch.Column(i), runs);
        }

        return new RecordBatch(batch.Schema, columns, Length(runs));
    }

    private static IArrowArray Values(IArrowArray array, List<Run> runs) => runs.Count switch
    {
        0 => ArrowArrayFactory.Slice(array, 0, 0),
        1 => ArrowArrayFactory.Slice(array, runs[0].Start, runs[0].Length),
        _ => Copy(array, runs),
    };

    private static IArrowArray Copy(IArrowArray array, List<Run> runs)
    {
        var length = Length(runs);
        var validity = Validity(array, runs, length, out var nulls);
        ArrowBuffer[] buffers;
        ArrayData[] children = [];
        switch (array.Data.DataType)
        {
            case StructType:
                buffers = [validity];
                children = [.. ((StructArray)array).Fields.Select(f => Values(f, runs).Data)];
                break;
            case ListType:
                buffers = [validity, Offsets(array, runs, length, out var items)];
                children = [Values(((ListArray)array).Values, items).Data];
                break;
            case StringType or BinaryType:
                buffers = [validity, Offsets(array, runs, length, out var bytes), Bytes(array, bytes)];
                break;
            default:
                buffers = [validity, Fixed(array, runs, length)];
                break;
        }

        return ArrowArrayFactory.BuildArray(new ArrayData(array.Data.DataType, length, nulls, 0, buffers, children));
    }

    private static ArrowBuffer Fixed(IArrowArray array, List<Run> runs, int length)
    {
        var width = ((FixedWidthType)array.Data.DataType).BitWidth;
        return width switch
        {
            1 => Bits(array.Data.Buffers[1].Span, array.Data.Offset, runs, length, out _),
            8 => Fixed<byte>(array, runs, length),
            16 => Fixed<short>(array, runs, length),
            32 => Fixed<int>(array, runs, length),
            64 => Fixed<long>(array, runs, length),
            128 => Fixed<Int128>(array, runs, length),
            _ => throw new NotSupportedException($"Values of {width} bits."),
        };
    }

    private static ArrowBuffer Fixed<T>(IArrowArray array, List<Run> runs, int length)
        where T : unmanaged
    {
        var from = array.Values<T>();
        var to = GC.AllocateUninitializedArray<T>(length);
        var at = 0;
        foreach (var run in CollectionsMarshal.AsSpan(runs))
        {
            if (run.Length >= ShortRun)
            {
                from.Slice(run.Start, run.Length).CopyTo(to.AsSpan(at));
                at += run.Length;
                continue;
            }

            for (var row = run.Start; row < run.Start + run.Length; row++)
            {
                to[at++] = from[row];
            }
        }

        return ArrowAccess.Wrap(to, length);
    }

    private static ArrowBuffer Validity(IArrowArray array, List<Run> runs, int length, out int nulls)
    {
        nulls = 0;
        var from = array.Validity(out var offset);
        if (from.IsEmpty)
        {
            return ArrowBuffer.Empty;
        }

        var bits = Bits(from, offset, runs, length, out var set);
        nulls = length - set;
        return nulls == 0 ? ArrowBuffer.Empty : bits;
    }

    private static ArrowBuffer Bits(ReadOnlySpan<byte> from, int offset, List<Run> runs, int length, out int set)
    {
        var to = new byte[BitUtility.ByteCount(length)];
        var at = 0;
        set = 0;
        foreach (var run in CollectionsMarshal.AsSpan(runs))
        {
            for (var bit = offset + run.Start; bit < offset + run.Start + run.Length; bit++, at++)
            {
                var value = (from[bit >> 3] >> (bit & 7)) & 1;
                to[at >> 3] |= (byte)(value << (at & 7));
                set += value;
            }
        }

        return ArrowAccess.Wrap(to, to.Length);
    }

    /// <summary>The new offsets, and the runs of bytes or elements that they cover.</summary>
    private static ArrowBuffer Offsets(IArrowArray array, List<Run> runs, int length, out List<Run> covered)
    {
        var from = array.Offsets();
        var to = new int[length + 1];
        covered = new List<Run>(runs.Count);
        var at = 0;
        foreach (var run in CollectionsMarshal.AsSpan(runs))
        {
            var first = from[run.Start];
            var shift = checked(to[at] - first);
            for (var row = run.Start + 1; row <= run.Start + run.Length; row++)
            {
                to[++at] = checked(from[row] + shift);
            }

            covered.Add(new Run(first, from[run.Start + run.Length] - first));
        }

        return ArrowAccess.Wrap(to, length + 1);
    }

    private static ArrowBuffer Bytes(IArrowArray array, List<Run> runs)
    {
        var from = array.Data.Buffers[2].Span;
        var to = GC.AllocateUninitializedArray<byte>(Length(runs));
        var at = 0;
        foreach (var run in CollectionsMarshal.AsSpan(runs))
        {
            from.Slice(run.Start, run.Length).CopyTo(to.AsSpan(at));
            at += run.Length;
        }

        return ArrowAccess.Wrap(to, at);
    }

    private static List<Run> Runs(ReadOnlySpan<bool> selection)
    {
        var runs = new List<Run>();
        var start = selection.IndexOf(true);
        while (start >= 0)
        {
            var length = selection[start..].IndexOf(false);
            length = length < 0 ? selection.Length - start : length;
            runs.Add(new Run(start, length));
            var next = selection[(start + length)..].IndexOf(true);
            start = next < 0 ? -1 : start + length + next;
        }

        return runs;
    }

    private static List<Run> Runs(ReadOnlySpan<int> indices)
    {
        var runs = new List<Run>();
        for (var i = 0; i < indices.Length;)
        {
            var end = i + 1;
            while (end < indices.Length && indices[end] == indices[end - 1] + 1)
            {
                end++;
            }

            runs.Add(new Run(indices[i], end - i));
            i = end;
        }

        return runs;
    }

    private static int Length(List<Run> runs)
    {
        var length = 0;
        foreach (var run in CollectionsMarshal.AsSpan(runs))
        {
            length = checked(length + run.Length);
        }

        return length;
    }
}
