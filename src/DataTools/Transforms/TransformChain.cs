using Apache.Arrow;

namespace DataTools.Transforms;

/// <summary>Operations one after the other. Each is made when the columns before it are known: with the first batch.</summary>
public sealed class TransformChain(IReadOnlyList<Func<Schema, ITransform>> steps) : IDisposable
{
    private readonly List<ITransform> _transforms = [];

    /// <summary>True once no further row can come out.</summary>
    public bool IsDone => _transforms.Exists(t => t.IsDone);

    /// <summary>The result of one batch.</summary>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation) => ApplyFrom(0, batch, cancellation);

    /// <summary>What the operations have kept back; each goes through those behind it.</summary>
    public IEnumerable<RecordBatch> Finish(CancellationToken cancellation)
    {
        for (var i = 0; i < _transforms.Count; i++)
        {
            foreach (var batch in _transforms[i].Finish(cancellation))
            {
                yield return ApplyFrom(i + 1, batch, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transforms.ForEach(t => t.Dispose());

    private RecordBatch ApplyFrom(int first, RecordBatch batch, CancellationToken cancellation)
    {
        for (var i = first; i < steps.Count; i++)
        {
            if (i == _transforms.Count)
            {
                _transforms.Add(steps[i](batch.Schema));
            }

            batch = _transforms[i].Apply(batch, cancellation);
        }

        return batch;
    }
}
