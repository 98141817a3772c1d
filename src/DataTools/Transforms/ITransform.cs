using Apache.Arrow;

namespace DataTools.Transforms;

/// <summary>One operation on a stream of batches. Made for the columns that it gets; tells those that it gives.</summary>
public interface ITransform : IDisposable
{
    /// <summary>The columns of the result.</summary>
    Schema Schema { get; }

    /// <summary>True once no further row can come out: who feeds it may stop.</summary>
    bool IsDone => false;

    /// <summary>The result of one batch; it may be empty.</summary>
    RecordBatch Apply(RecordBatch batch, CancellationToken cancellation);

    /// <summary>What had to be kept back until the end.</summary>
    IEnumerable<RecordBatch> Finish(CancellationToken cancellation) => [];

    /// <inheritdoc/>
    void IDisposable.Dispose()
    {
    }
}
