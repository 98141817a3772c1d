using DataTools.Databases.MongoDb.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>The documents of a cursor, one after the other. Those that a sample was made of come again.</summary>
internal sealed class DocumentStream(MongoSession session, IAsyncCursor<RawDocument> cursor, long? first = null) : IDisposable
{
    /// <summary>A sample does not take more memory than this.</summary>
    private const long MostSampled = 256 << 20;

    private readonly Queue<RawDocument> _sampled = new();
    private IEnumerator<RawDocument>? _batch;
    private long _left = first ?? long.MaxValue;

    /// <summary>The document after <see cref="Next"/>.</summary>
    public RawDocument Current { get; private set; } = null!;

    /// <summary>What the first documents look like; with a full scan all of them, and then they are used up.</summary>
    public FieldShape Sample(SampleSize size, CancellationToken cancellation)
    {
        var shape = new FieldShape();
        var bytes = 0L;
        for (var n = 1L; (size.FullScan || (n <= size.Rows && bytes < MostSampled)) && Fetch(cancellation); n++)
        {
            shape.ObserveMembers(Current.Bytes, n);
            if (!size.FullScan)
            {
                bytes += Current.Bytes.Length;
                _sampled.Enqueue(Current);
            }
        }

        return shape;
    }

    /// <summary>Goes to the next document.</summary>
    public bool Next(CancellationToken cancellation)
    {
        if (!_sampled.TryDequeue(out var again))
        {
            return Fetch(cancellation);
        }

        Current = again;
        return true;
    }

    public void Dispose()
    {
        _batch?.Dispose();
        cursor.Dispose();
    }

    private bool Fetch(CancellationToken cancellation)
    {
        if (_left <= 0)
        {
            return false;
        }

        while (_batch is null || !_batch.MoveNext())
        {
            _batch?.Dispose();
            _batch = null;
            if (!session.Guarded(() => cursor.MoveNext(cancellation), cancellation))
            {
                _left = 0;
                return false;
            }

            _batch = cursor.Current.GetEnumerator();
        }

        _left--;
        Current = _batch.Current;
        return true;
    }
}
