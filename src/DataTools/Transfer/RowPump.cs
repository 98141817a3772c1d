using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Writing;

namespace DataTools.Transfer;

/// <summary>Moves the batches of a reader to a writer: each on a thread of its own, this one in between.</summary>
internal sealed class RowPump(CopyOptions options, Throttle throttle, DatabaseContext context, Action<TablePlan, long> moved)
{
    /// <summary>Moves all rows and completes the writer, which the caller disposes of.</summary>
    public WriteCounts Move(TablePlan table, IBatchReader source, Func<Apache.Arrow.Schema, ITableWriter> open)
    {
        using var reader = Transformed(new ReadAhead(source));
        // Opened when the columns are known, which a transformation may change.
        var target = open(reader.Schema);
        using var writer = new WriteBehind(target);
        while (reader.ReadBatch(context.Cancellation) is { } batch)
        {
            throttle.Wait(batch.Length, context.Cancellation);
            context.Rejects.CountRows(batch.Length);
            writer.WriteBatch(batch, context.Cancellation);
            moved(table, batch.Length);
        }

        writer.Complete(context.Cancellation);
        return target.Counts;
    }

    private IBatchReader Transformed(ReadAhead reader)
    {
        try
        {
            return options.Transform?.Invoke(reader) ?? reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
