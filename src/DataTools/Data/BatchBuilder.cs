using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Builds batches of one schema row by row or column by column.</summary>
public sealed class BatchBuilder
{
    /// <summary>The rows of a batch: few enough to stay small, many enough that its cost does not show.</summary>
    public const int DefaultRows = 65_536;

    /// <summary>The bytes after which a batch ends early, so that long values do not pass the 2 GiB of an Arrow column.</summary>
    public const int DefaultBytes = 64 << 20;

    private readonly BytesColumnBuilder[] _sized;

    /// <summary>A builder for the columns of a schema.</summary>
    public BatchBuilder(Schema schema)
    {
        Schema = schema;
        Columns = [.. schema.FieldsList.Select(f => DataTypes.Of(f).NewBuilder())];
        _sized = [.. Columns.OfType<BytesColumnBuilder>()];
    }

    /// <summary>The schema of the batches.</summary>
    public Schema Schema { get; }

    /// <summary>One builder per column. A row is complete when each has taken one value.</summary>
    public ColumnBuilder[] Columns { get; }

    /// <summary>The complete rows.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the batch is large enough to be handed on.</summary>
    public bool IsFull => Count >= DefaultRows || (Count % 256 == 0 && _sized.Sum(c => (long)c.ByteLength) >= DefaultBytes);

    /// <summary>Counts the row that all columns have taken.</summary>
    public void EndRow() => Count++;

    /// <summary>Counts the rows that all columns have taken.</summary>
    public void EndRows(int rows) => Count += rows;

    /// <summary>Takes back what an unfinished row has appended.</summary>
    public void AbandonRow()
    {
        foreach (var column in Columns)
        {
            column.Truncate(Count);
        }
    }

    /// <summary>The batch of the complete rows; the builder starts anew.</summary>
    public RecordBatch Finish()
    {
        var batch = new RecordBatch(Schema, Columns.Select(c => c.Finish()), Count);
        Count = 0;
        return batch;
    }
}
