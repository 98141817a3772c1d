using Apache.Arrow;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.DuckDb;

/// <summary>
/// Loads a table whose rows point to others of it. DuckDB wants the row that is pointed to before the one that points, each in a statement of its own; so the rows are put
/// aside, and then go into the table level by level.
/// </summary>
internal sealed class DuckDbLevelLoader(DuckDbSession session, LoadTarget target) : IBulkLoader, IFaultFinder
{
    private const string Level = "datatools_level";

    private readonly TableName _staging = new(null, $"datatools_{Guid.NewGuid():N}");
    private readonly List<ForeignKeySchema> _keys = OwnKeys(target);
    private DuckDbLoader? _inner;
    private long _loaded;

    /// <summary>Whether rows may have to wait for others.</summary>
    public static bool IsNeeded(LoadTarget target) => target.Merge is null && OwnKeys(target).Count > 0;

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        _inner ??= Stage(cancellation);
        _inner.Load(batch, cancellation);
    }

    public long Flush(CancellationToken cancellation)
    {
        if (_inner is not null)
        {
            _inner.Flush(cancellation);
            _inner.Dispose();
            _inner = null;
            Insert(cancellation);
            session.Run(session.Dialect.Drop(_staging), cancellation);
        }

        var loaded = _loaded;
        _loaded = 0;
        return loaded;
    }

    public IReadOnlyList<LoadFault> FindFaults(RecordBatch rows, CancellationToken cancellation) => new DuckDbRowCheck(session, target).Find(rows, cancellation);

    public void Dispose()
    {
        _inner?.Dispose();
        _inner = null;
    }

    private static List<ForeignKeySchema> OwnKeys(LoadTarget target) =>
        [.. target.Rules.ForeignKeys.Where(k => k.References.Name == target.Rules.Name.Name && k.Columns.All(c => target.Columns.Any(t => t.Name == c)))];

    private DuckDbLoader Stage(CancellationToken cancellation)
    {
        var columns = target.Columns.Select(c => new NewColumn(c.Name, c.NativeType)).Append(new NewColumn(Level, "INTEGER"));
        session.Run(session.Dialect.CreateTable(_staging, columns, [], temporary: true), cancellation);
        return new DuckDbLoader(session, target with { Table = _staging, Rules = new TableSchema(_staging, TableKind.Table, target.Columns) });
    }

    private void Insert(CancellationToken cancellation)
    {
        var (staging, table, list) = (session.Dialect.Quote(_staging), session.Dialect.Quote(target.Table), session.Dialect.List(target.Columns.Select(c => c.Name)));
        var isReady = string.Join(" AND ", _keys.Select(k => IsThere(k, staging, table)));
        for (var level = 1; ; level++)
        {
            var ready = session.Run($"UPDATE {staging} SET {Level} = {level} WHERE {Level} IS NULL AND {isReady}", cancellation);
            if (ready == 0)
            {
                CheckCircle(staging, table, cancellation);
            }

            // Those that are left point to nothing, and DuckDB says so.
            var rows = session.Run($"INSERT INTO {table} ({list}) SELECT {list} FROM {staging} WHERE {Level} {(ready > 0 ? $"= {level}" : "IS NULL")}", cancellation);
            _loaded += rows;
            if (ready == 0)
            {
                return;
            }
        }
    }

    /// <summary>What DuckDB would say of rows in a circle is that the other row does not exist.</summary>
    private void CheckCircle(string staging, string table, CancellationToken cancellation)
    {
        var waiting = $"(SELECT * FROM {staging} WHERE {Level} IS NULL)";
        var isAnywhere = string.Join(" AND ", _keys.Select(k => $"({IsThere(k, staging, table)} OR {IsThere(k, staging, waiting)})"));
        var (left, lost) = session.Query($"SELECT count(*), count(*) FILTER (NOT ({isAnywhere})) FROM {staging} WHERE {Level} IS NULL", r => (r.GetInt64(0), r.GetInt64(1)), cancellation)[0];
        if (left > 0 && lost == 0)
        {
            throw DataErrors.RowsInCircle(target.Rules.Name.ToString(), session.Database.Name, _keys.SelectMany(k => k.Columns).Distinct());
        }
    }

    /// <summary>Whether the row to which a key of a row points is in a table; one with a null in its key points to none.</summary>
    private string IsThere(ForeignKeySchema key, string staging, string table)
    {
        var referenced = key.ReferencedColumns.Count > 0 ? key.ReferencedColumns : target.Rules.PrimaryKey!.Columns;
        var nulls = key.Columns.Select(c => $"{staging}.{session.Dialect.Quote(c)} IS NULL");
        var equals = key.Columns.Zip(referenced, (c, r) => $"there.{session.Dialect.Quote(r)} = {staging}.{session.Dialect.Quote(c)}");
        return $"({string.Join(" OR ", nulls)} OR EXISTS (SELECT 1 FROM {table} there WHERE {string.Join(" AND ", equals)}))";
    }
}
