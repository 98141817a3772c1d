using System.Collections.Concurrent;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>Writes rows as lines of text: ranges of rows are formatted side by side and written in order.</summary>
internal sealed class RowWriter(Stream stream, WriteContext context, IRowLayout layout, ReadOnlyMemory<byte> header) : IBatchWriter
{
    private const int RangeRows = 8192;

    private static readonly int Degree = Math.Min(Environment.ProcessorCount, 4) + 1;

    private readonly TextOutput _output = new(stream, context);
    private readonly Queue<(RowBlock Block, Range Range, Task Formatting)> _running = [];
    private readonly ConcurrentBag<RowBlock> _free = [];
    private long _rows;
    private bool _begun;

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        Begin();
        for (var start = 0; start < batch.Length; start += RangeRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var range = new Range(batch, start, Math.Min(RangeRows, batch.Length - start), _rows + start + 1);
            var block = _free.TryTake(out var used) ? used : new RowBlock(layout);
            _running.Enqueue((block, range, Task.Run(() => block.Format(range.Batch, range.Start, range.Count, range.Row), cancellation)));
            if (_running.Count > Degree)
            {
                WriteFirst(cancellation);
            }
        }

        _rows += batch.Length;
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        Begin();
        while (_running.Count > 0)
        {
            WriteFirst(cancellation);
        }

        _output.Complete();
        if (layout.Lost > 0 && context.Options.OnLoss == LossPolicy.Warn)
        {
            context.Warn($"{context.Target}: {layout.Lost} texts will be read as null or without their outer spaces.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, formatting) in _running)
        {
            Task.WhenAny(formatting).Wait();
        }
    }

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        if (context.Continues == Continuation.InLine)
        {
            var lineEnd = System.Text.Encoding.ASCII.GetBytes(context.Options.NewLine);
            _output.Write(lineEnd, () => _output.Unencodable("line end", 0, lineEnd));
        }
        else if (context.Continues == Continuation.None)
        {
            _output.WriteMark();
            _output.Write(header.Span, () => _output.Unencodable("header", 0, header.Span));
        }
    }

    private void WriteFirst(CancellationToken cancellation)
    {
        var (block, range, formatting) = _running.Dequeue();
        // WhenAny waits without wrapping what the range may throw.
        Task.WhenAny(formatting).Wait(cancellation);
        formatting.GetAwaiter().GetResult();
        _output.Write(block.Text, () => block.Locate(range.Batch, range.Start, range.Count, range.Row, _output));
        _free.Add(block);
    }

    private sealed record Range(RecordBatch Batch, int Start, int Count, long Row);
}
