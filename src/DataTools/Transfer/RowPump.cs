using DataTools.Data;
using DataTools.Databases;

namespace DataTools.Transfer;

/// <summary>Moves rows. Batches of a reader go to a writer, each on a thread of its own, this one in between.</summary>
internal sealed class RowPump(CopyOptions options, Throttle throttle, DatabaseContext context, Action<TablePlan, long> moved)
{
    /// <summary>Moves all rows to a writer that <paramref name="open"/> gives, and completes and closes it; <paramref name="seen"/> sees each batch that is written.</summary>
    public (T Writer, long Rows) Move<T>(TablePlan table, IBatchReader source, Func<Apache.Arrow.Schema, T> open, Action<Apache.Arrow.RecordBatch>? seen = null)
        where T : IBatchWriter
    {
        using var reader = options.Transformed(new ReadAhead(source));
        // Opened when the columns are known, which a transformation may change.
        var target = open(reader.Schema);
        using var writer = new WriteBehind(target);
        var rows = 0L;
        while (reader.ReadBatch(context.Cancellation) is { } batch)
        {
            Pass(table, batch.Length);
            seen?.Invoke(batch);
            writer.WriteBatch(batch, context.Cancellation);
            rows += batch.Length;
        }

        writer.Complete(context.Cancellation);
        return (target, rows);
    }

    /// <summary>Counts rows on their way, and lets them wait as the throttle wants it.</summary>
    public void Pass(TablePlan table, int rows)
    {
        throttle.Wait(rows, context.Cancellation);
        context.Rejects.CountRows(rows);
        moved(table, rows);
    }
}
