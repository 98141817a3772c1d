using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.Reading;

/// <summary>
/// Reads ranges of a table's key over connections of their own, at one state of the database where it offers that. The rows of the ranges come mixed.
/// </summary>
public sealed class PartitionedReader : IBatchReader
{
    private readonly List<IDatabaseSession> _sessions = [];
    private readonly List<ReadAhead> _readers = [];
    private readonly Queue<ReadAhead> _left;

    private PartitionedReader(DatabaseAddress address, TableQuery query, int partitions, string? column, DatabaseContext context)
    {
        try
        {
            var first = Open(address, context.Cancellation);
            var snapshot = (first as ISnapshots)?.ExportSnapshot();
            foreach (var range in Ranges(first, query, partitions, column, context.Cancellation))
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

    /// <summary>Opens the connections; <paramref name="column"/> is the integer column to cut by, null for the primary key.</summary>
    public static PartitionedReader Open(IDatabaseSession session, TableQuery query, int partitions, string? column, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(context);
        return new PartitionedReader(session.Address, query, partitions, column, context);
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
        _readers.ForEach(r => r.Dispose());
        _sessions.ForEach(s => s.Dispose());
    }

    private IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        var session = Connector.Open(address, cancellation);
        _sessions.Add(session);
        return session;
    }

    private static IEnumerable<KeyRange> Ranges(IDatabaseSession session, TableQuery query, int partitions, string? column, CancellationToken cancellation)
    {
        var bounds = session as IKeyBounds ?? throw DataErrors.InvalidOption($"-Partitions is not offered for {session.Database.Name}.");
        var table = session.FindTable(query.Table!, cancellation) ?? throw DataErrors.TableNotFound(query.Table!.ToString(), session.Address.ToString());
        var key = KeyOf(table, column);
        var (least, most) = bounds.FindBounds(table.Name, key, cancellation);
        var width = ((Int128)most - least + 1) / partitions;
        return Enumerable.Range(0, partitions)
            .Select(i => new KeyRange(key, i == 0 ? null : (long)(least + (width * i)), i == partitions - 1 ? null : (long)(least + (width * (i + 1)))));
    }

    private static string KeyOf(TableSchema table, string? column)
    {
        var name = column ?? (table.PrimaryKey is { Columns: [var only] } ? only : null);
        return name is not null && table.Find(name) is { } key && (key.Type.ValueType == typeof(long) || key.Type.ValueType == typeof(int)) ? key.Name
            : throw DataErrors.InvalidOption($"-Partitions needs an integer column: the primary key of '{table.Name}' is none, so -PartitionColumn must name one.");
    }
}
