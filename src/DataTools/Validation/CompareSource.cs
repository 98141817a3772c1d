using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Validation;

/// <summary>One side of a comparison: it can be read several times, whole or, where it is a database, by conditions.</summary>
public abstract class CompareSource : IDisposable
{
    /// <summary>What results and messages call it.</summary>
    public abstract string Name { get; }

    /// <summary>What its database tells of it; null for a file, a query and where the database tells nothing.</summary>
    public virtual TableSchema? Table => null;

    /// <summary>The session of a table whose rows can be asked for by a condition; null for others.</summary>
    public virtual SqlSession? Sql => null;

    /// <summary>At most so many sessions, that of <see cref="Sql"/> first, which see one state of the table where the database offers that.</summary>
    public virtual IReadOnlyList<SqlSession> Sessions(int most) => Sql is { } sql ? [sql] : [];

    /// <summary>How the database hashes the rows of the table by itself; null where it does not.</summary>
    public IServerHashes? Hashes => Table is { Kind: TableKind.Table } ? Sql?.Hashes : null;

    /// <summary>The finest difference between two points in time that it can hold, in microseconds.</summary>
    public virtual long TimestampUnit => 1;

    /// <summary>The user's own condition on its rows; null for none.</summary>
    public virtual string? Where => null;

    /// <summary>The key that the database gives to every row by itself, whether the rows have one or not; null for none.</summary>
    public virtual string? OwnKey => null;

    /// <summary>Whether it is on this machine, so that its rows cross no network.</summary>
    public virtual bool IsLocal => true;

    /// <summary>The names of its columns, where they are known without reading; null where a reader tells them.</summary>
    public IReadOnlyList<string>? Columns => Table is null ? null : [.. Table.Columns.Select(c => c.Name)];

    /// <summary>
    /// Reads its rows anew: some columns (null for all; more may come), and only those that meet a condition in the language of <see cref="Sql"/>.
    /// </summary>
    public abstract IBatchReader Read(IReadOnlyList<string>? columns, string? condition);

    /// <summary>Lets go of the state that is held for readers, so that nobody who writes waits for it; <see cref="Refresh"/> follows.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Later readers see the state of now, where the earlier ones saw one that was held for them.</summary>
    public virtual void Refresh()
    {
    }

    /// <summary>Lets go of what is held.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what is held.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A table or a query of a database. The session belongs to someone else; a transaction that only reads holds one state of it, where the database offers that.</summary>
public sealed class DatabaseSource : CompareSource
{
    private readonly IDatabaseSession _session;
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly bool _ownsSnapshot;
    private readonly List<SqlSession> _others = [];

    /// <summary>The rows of a query on a session.</summary>
    public DatabaseSource(IDatabaseSession session, TableQuery query, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(context);
        _session = session;
        _query = query;
        _context = context;
        Table = query.Table is null ? null : session.FindTable(query.Table, context.Cancellation);
        if (query.Table is not null && Table is null && session is SqlSession)
        {
            throw DataErrors.TableNotFound(query.Table.ToString(), session.Address.ToString());
        }

        // A transaction that is open already sees what it sees.
        _ownsSnapshot = session is SqlSession && !session.InTransaction;
        Begin();
    }

    /// <inheritdoc/>
    public override string Name => $"{_session.Address} {_query.Table?.ToString() ?? "query"}";

    /// <inheritdoc/>
    public override TableSchema? Table { get; }

    /// <inheritdoc/>
    public override SqlSession? Sql => _query.Table is null ? null : _session as SqlSession;

    /// <inheritdoc/>
    public override IReadOnlyList<SqlSession> Sessions(int most)
    {
        var snapshot = most > 1 && _ownsSnapshot && _others.Count == 0 ? (_session as ISnapshots)?.ExportSnapshot() : null;
        while (_ownsSnapshot && _others.Count < most - 1)
        {
            _others.Add((SqlSession)Connector.Open(_session.Address, _context.Cancellation));
            if (snapshot is null)
            {
                _others[^1].BeginReading();
            }
            else
            {
                ((ISnapshots)_others[^1]).UseSnapshot(snapshot);
            }
        }

        return [Sql!, .. _others.Take(most - 1)];
    }

    /// <inheritdoc/>
    public override long TimestampUnit => _session.Database.TimestampUnit;

    /// <inheritdoc/>
    public override bool IsLocal => _session.Address is { Kind.IsFile: true } or { Host: null or "localhost" or "127.0.0.1" or "::1" or ['/', ..] };

    /// <inheritdoc/>
    public override string? OwnKey => _session.Database.OwnKey;

    /// <inheritdoc/>
    public override string? Where => _query.Where;

    /// <inheritdoc/>
    public override IBatchReader Read(IReadOnlyList<string>? columns, string? condition) => _session.Read(
        _query with
        {
            Columns = _query.Table is null ? [] : columns ?? [],
            Where = condition is null ? _query.Where : _query.Where is null ? condition : $"({_query.Where}\n) AND {condition}",
        },
        _context);

    /// <inheritdoc/>
    public override void Release() => End();

    /// <inheritdoc/>
    public override void Refresh()
    {
        End();
        Begin();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }

    private void Begin()
    {
        if (_ownsSnapshot)
        {
            ((SqlSession)_session).BeginReading();
        }
    }

    private void End()
    {
        _others.ForEach(s => s.Dispose());
        _others.Clear();
        if (_ownsSnapshot && _session.InTransaction)
        {
            _session.Rollback();
        }
    }
}

/// <summary>Files that are read as one table.</summary>
public sealed class FileSource : CompareSource
{
    private readonly IReadOnlyList<DataPart> _parts;
    private readonly ReadContext _context;
    private readonly List<IDisposable> _kept;

    /// <summary>A source over files; what a pipe gives is kept, for the rows that differ are read once more.</summary>
    public FileSource(string name, IReadOnlyList<DataPart> parts, ReadContext context)
    {
        (Name, _context, _kept) = (name, context, []);
        _parts = [.. parts.Select(p => p.Source.Path is { } path ? p with { Source = DataSource.FromPipe(path, _kept.Add, context.Cancellation) } : p)];
    }

    private FileSource(FileSource source, ReadContext context) => (Name, _parts, _context, _kept) = (source.Name, source._parts, context, source._kept);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Whether the files hold nothing but text, whose types are guessed.</summary>
    public bool IsUntyped => _parts.All(p => p.Format.IsUntyped);

    /// <summary>The same files with every value as the text that stands there, for a comparison with something that has types.</summary>
    public FileSource AsText() => new(this, _context with { Options = _context.Options with { Types = new Dictionary<string, DataType> { ["*"] = DataTypes.Text } } });

    /// <inheritdoc/>
    public override IBatchReader Read(IReadOnlyList<string>? columns, string? condition) =>
        MultiFileReader.Open(_parts, _context with { Options = _context.Options with { Columns = columns ?? [] } });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _kept.ForEach(k => k.Dispose());
        base.Dispose(disposing);
    }
}
