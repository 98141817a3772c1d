using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Databases.Reading;

/// <summary>
/// Reads ranges of a table's key over connections of their own, at one state of the database where it offers that. The rows of the ranges come mixed.
/// </summary>
public sealed class PartitionedReader : IBatchReader
{
    private readonly List<IDatabaseSession> _sessions = [];
    private readonly List<ReadAhead> _readers = [];
    private readonly Queue<ReadAhead> _left;

    private PartitionedReader(DatabaseAddress address, TableQuery query, Func<PartitionedReader, (IReadOnlyList<KeyRange> Ranges, string? Snapshot)> plan, DatabaseContext context)
    {
        try
        {
            var (ranges, snapshot) = plan(this);
            foreach (var range in ranges)
            {
                var session = Open(address, context.Cancellation);
                if (snapshot is not null)
                {
                    ((ISnapshots)session).UseSnapshot(snapshot);
                }

                _readers.Add(new ReadAhead(session.Read(query with { Range = range }, context)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Schema = _readers[0].Schema;
        _left = new Queue<ReadAhead>(_readers);
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <summary>Opens the connections; <paramref name="columns"/> are those to cut by, none for what the table offers (<see cref="KeyRanges"/>).</summary>
    public static PartitionedReader Open(IDatabaseSession session, TableQuery query, int partitions, IReadOnlyList<string> columns, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(context);
        return new PartitionedReader(
            session.Address,
            query,
            reader =>
            {
                var first = reader.Open(session.Address, context.Cancellation);
                var snapshot = (first as ISnapshots)?.ExportSnapshot();
                return (Ranges(first, query, partitions, columns, context.Cancellation), snapshot);
            },
            context);
    }

    /// <summary>Opens the connections for ranges that are known, at a state of the database that another session holds; null for each its own.</summary>
    public static PartitionedReader Open(DatabaseAddress address, TableQuery query, IReadOnlyList<KeyRange> ranges, string? snapshot, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new PartitionedReader(address, query, _ => (ranges, snapshot), context);
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (_left.TryDequeue(out var reader))
        {
            if (reader.ReadBatch(cancellation) is { } batch)
            {
                _left.Enqueue(reader);
                return batch;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // All at once: each may take its time to end.
        _readers.ForEach(r => r.Stop());
        _readers.ForEach(r => r.Dispose());
        _sessions.ForEach(s => s.Dispose());
    }

    private IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        var session = Connector.Open(address, cancellation);
        _sessions.Add(session);
        return session;
    }

    private static IReadOnlyList<KeyRange> Ranges(IDatabaseSession session, TableQuery query, int partitions, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var keys = session as IKeyRanges ?? throw DataErrors.InvalidOption($"-Partitions is not offered for {session.Database.Name}.");
        var table = session.FindTable(query.Table!, cancellation) ?? throw DataErrors.TableNotFound(query.Table!.ToString(), session.Address.ToString());
        return keys.CutRanges(table, partitions, columns, cancellation) is { Count: > 0 } ranges ? ranges
            : throw DataErrors.InvalidOption($"-Partitions needs a key, which '{table.Name}' has not: -PartitionColumn must name a column to cut by.");
    }
}
