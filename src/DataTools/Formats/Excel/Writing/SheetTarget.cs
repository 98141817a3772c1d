using System.Collections.Concurrent;
using Apache.Arrow;
using DocumentFormat.OpenXml.Packaging;

namespace DataTools.Formats.Excel.Writing;

/// <summary>One sheet that gets rows.</summary>
internal sealed class SheetTarget : IDisposable
{
    private const int RangeRows = 4096;

    private static readonly int Degree = Math.Min(Environment.ProcessorCount, 4) + 1;

    private readonly Book _book;
    private readonly SheetPlan _plan;
    private readonly WorksheetPart _part;
    private readonly FileStream? _spool;
    private readonly Stream _stream;
    private readonly SheetRows _rows;
    private readonly ConcurrentBag<RowBlock> _free = [];
    private int _next;

    /// <summary>Starts a sheet. Where several are open at a time, <paramref name="spools"/> holds its rows in a file of its own until its turn comes.</summary>
    public SheetTarget(Book book, SheetPlan plan, bool spools)
    {
        (_book, _plan, _part) = (book, plan, plan.Part);
        _next = plan.FirstRow;
        if (spools)
        {
            _spool = new FileStream(
                Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        }

        _stream = _spool ?? book.OpenNew(_part);
        var old = plan.KeepsRows ? new SheetXml(book.OpenOld(_part)) : null;
        _rows = new SheetRows(_stream, plan.Frame, plan.Name, old, plan.Region, plan.Appends);
        if (plan.HeadRows is { Length: > 0 } head)
        {
            _rows.Write(head);
        }
    }

    /// <summary>The sheet's name.</summary>
    public string Name => _plan.Name;

    /// <summary>How many more rows fit.</summary>
    public int Room => CellRange.MaxRows - (_plan.Region is { HasTotals: true } ? 1 : 0) - _next + 1;

    /// <summary>Writes rows, of which <see cref="Room"/> has to have enough; <paramref name="record"/> is the number of the first in the data.</summary>
    public void Write(RecordBatch batch, int start, int count, long record, CancellationToken cancellation)
    {
        var running = new Queue<(Task<RowBlock> Formatting, int Place)>();
        try
        {
            for (var at = 0; at < count; at += RangeRows)
            {
                cancellation.ThrowIfCancellationRequested();
                var (from, rows, place) = (at, Math.Min(RangeRows, count - at), _next + at);
                running.Enqueue((Task.Run(() => Format(batch, start + from, rows, place, record + from), cancellation), place));
                if (running.Count > Degree)
                {
                    WriteFirst(running);
                }
            }

            while (running.Count > 0)
            {
                WriteFirst(running);
            }
        }
        finally
        {
            // They read the batch.
            Task.WhenAny(Task.WhenAll(running.Select(r => r.Formatting))).Wait(CancellationToken.None);
        }

        _next += count;
    }

    /// <summary>Ends the sheet.</summary>
    public void Complete()
    {
        var last = Math.Max(_next - 1, _plan.FirstRow);
        _plan.Finish(_book, _next - 1);
        _rows.Complete(last);
        _rows.Dispose();
        if (_spool is null)
        {
            _stream.Dispose();
            return;
        }

        using (var entry = _book.OpenNew(_part))
        {
            _spool.Position = 0;
            _spool.CopyTo(entry, 1 << 20);
        }

        _spool.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _stream.Dispose();
    }

    private RowBlock Format(RecordBatch batch, int start, int count, int place, long record)
    {
        var block = _free.TryTake(out var used) ? used : new RowBlock();
        block.Format(_plan.Cells, batch, start, count, place, record, _plan.RowHeight);
        return block;
    }

    private void WriteFirst(Queue<(Task<RowBlock> Formatting, int Place)> running)
    {
        var (formatting, place) = running.Dequeue();
        var block = formatting.GetAwaiter().GetResult();
        _rows.Write(block, place);
        _free.Add(block);
    }
}
