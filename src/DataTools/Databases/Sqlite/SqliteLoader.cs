using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Databases.Writing;

namespace DataTools.Databases.Sqlite;

/// <summary>Loads rows by one prepared statement, whose values SQLite reads where they lie in the batch.</summary>
internal sealed class SqliteLoader : IBulkLoader
{
    private const int CheckEvery = 4096;

    private readonly SqliteSession _session;
    private readonly LoadTarget _target;
    private readonly SqliteBinder[] _binders;
    private nint _statement;
    private long _loaded;

    public SqliteLoader(SqliteSession session, LoadTarget target)
    {
        _session = session;
        _target = target;
        _binders = [.. target.Schema.FieldsList.Select((f, i) => SqliteBinder.For(f, i + 1, target.OnLoss))];
        var names = session.Dialect.List(target.Columns.Select(c => c.Name));
        // More of the file in memory: what a page's neighbours need is there when they are written. The default is 2 MB.
        session.Run("PRAGMA cache_size = -32768", CancellationToken.None);
        _statement = session.Guard(() => session.Prepare($"INSERT INTO {session.Dialect.Quote(target.Table)} ({names}) VALUES ({string.Join(", ", target.Columns.Select((_, i) => $"?{i + 1}"))})"));
    }

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        try
        {
            for (var i = 0; i < _binders.Length; i++)
            {
                _binders[i].Open(_statement, batch.Column(i));
            }

            for (var row = 0; row < batch.Length; row++)
            {
                if (row % CheckEvery == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                InsertRow(row);
            }

            // Rows before one that is refused are undone with it.
            _loaded += batch.Length;
        }
        finally
        {
            System.Array.ForEach(_binders, b => b.Close());
        }
    }

    public long Flush(CancellationToken cancellation)
    {
        var loaded = _loaded;
        _loaded = 0;
        return loaded;
    }

    public void Dispose()
    {
        _ = SqliteNative.Finalize(_statement);
        _statement = 0;
        System.Array.ForEach(_binders, b => b.Dispose());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InsertRow(int row)
    {
        foreach (var binder in _binders)
        {
            binder.Bind(row);
        }

        var code = SqliteNative.Step(_statement);
        if (code == SqliteNative.Done)
        {
            _ = SqliteNative.Reset(_statement);
            return;
        }

        var error = _session.Error(code);
        _ = SqliteNative.Reset(_statement);
        var fault = _session.Database.Classify(error)!;
        if (fault.Kind != FaultKind.Row)
        {
            throw error;
        }

        var column = ColumnOf(fault.Message);
        var at = column is null ? -1 : _target.Schema.GetFieldIndex(column);
        throw new LoadFaultException(new LoadFault(row, column, at < 0 ? null : _binders[at].Text(row), $"is refused: {fault.Message}"));
    }

    /// <summary>Messages end with the column as in "NOT NULL constraint failed: t.name".</summary>
    private string? ColumnOf(string message)
    {
        var name = message[(message.LastIndexOf('.') + 1)..].TrimEnd('\'');
        return _target.Columns.FirstOrDefault(c => c.Name == name || message.EndsWith($".{c.Name}'.", StringComparison.Ordinal))?.Name;
    }
}
