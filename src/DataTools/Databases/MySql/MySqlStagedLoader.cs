using Apache.Arrow;
using DataTools.Databases.Writing;
using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>
/// Loads a table whose engine undoes nothing (MyISAM, Aria, MEMORY): the rows go into a table of the session with the same columns, keys and checks, where they can
/// still be refused and undone, and are copied when all of them are good and no key is taken.
/// </summary>
internal sealed class MySqlStagedLoader : IBulkLoader
{
    private readonly MySqlSession _session;
    private readonly LoadTarget _target;
    private readonly TableSchema _table;
    private readonly TableName _staging;
    private readonly IBulkLoader _inner;

    private MySqlStagedLoader(MySqlSession session, LoadTarget target, TableSchema table)
    {
        _session = session;
        _target = target;
        _table = table;
        _staging = new TableName(null, $"datatools_{Guid.NewGuid():N}");
        session.Run($"CREATE TEMPORARY TABLE {session.Dialect.Quote(_staging)} LIKE {session.Dialect.Quote(target.Table)}", CancellationToken.None);
        session.Run($"ALTER TABLE {session.Dialect.Quote(_staging)} ENGINE = InnoDB", CancellationToken.None);
        _inner = MySqlLoader.Open(session, target with { Table = _staging });
    }

    /// <summary>Opens the table.</summary>
    public static IBulkLoader Open(MySqlSession session, LoadTarget target) =>
        new MySqlStagedLoader(session, target, session.FindTable(target.Table, CancellationToken.None)!);

    public void Load(RecordBatch batch, CancellationToken cancellation) => _inner.Load(batch, cancellation);

    public long Flush(CancellationToken cancellation)
    {
        var loaded = _inner.Flush(cancellation);
        if (loaded == 0)
        {
            return 0;
        }

        foreach (var key in Keys())
        {
            RefuseTaken(key, cancellation);
        }

        _session.EmptyPending(cancellation);
        _session.Run(_session.Dialect.InsertFrom(_target.Table, [.. _target.Columns.Select(c => c.Name)], _staging), cancellation);
        _session.Run(_session.Dialect.Empty(_staging), cancellation);
        return loaded;
    }

    public void Dispose()
    {
        _inner.Dispose();
        if (_session.IsOpen)
        {
            _session.Run(_session.Dialect.Drop(_staging, temporary: true), CancellationToken.None);
        }
    }

    private IEnumerable<IReadOnlyList<string>> Keys() =>
        _table.Indexes.Where(i => i.IsUnique).Select(i => i.Columns).Concat(_table.PrimaryKey is { } primary ? [primary.Columns] : [])
            .Where(k => k.All(c => _table.Find(c) is not null));

    /// <summary>A row of the table whose key is one of the new ones is put beside these: the server then says which key it is, before the table has changed.</summary>
    private void RefuseTaken(IReadOnlyList<string> key, CancellationToken cancellation)
    {
        if (_session.HasPendingEmpty)
        {
            return;
        }

        var dialect = _session.Dialect;
        var taken = _staging with { Name = $"{_staging.Name}_taken" };
        var names = dialect.List(_table.Columns.Where(c => c.Generated is null).Select(c => c.Name));
        var match = string.Join(" AND ", key.Select(k => $"t.{dialect.Quote(k)} = s.{dialect.Quote(k)}"));
        var found = _session.Query($"SELECT 1 FROM {dialect.Quote(_staging)} AS s JOIN {dialect.Quote(_target.Table)} AS t ON {match} LIMIT 1", r => 1, cancellation);
        if (found.Count == 0)
        {
            return;
        }

        _session.Run($"CREATE TEMPORARY TABLE {dialect.Quote(taken)} ENGINE = InnoDB SELECT t.* FROM {dialect.Quote(_target.Table)} AS t JOIN {dialect.Quote(_staging)} AS s ON {match} LIMIT 1", cancellation);
        try
        {
            _session.Run($"INSERT INTO {dialect.Quote(_staging)} ({names}) SELECT {names} FROM {dialect.Quote(taken)}", cancellation);
        }
        finally
        {
            _session.Run(dialect.Drop(taken, temporary: true), CancellationToken.None);
        }
    }
}
