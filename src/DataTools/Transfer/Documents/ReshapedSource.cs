using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Query;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>A source whose tables are told otherwise than they are: rows of one table within those of another, or the other way round. SQL on DuckDB does it.</summary>
internal abstract class ReshapedSource(ICopySource inner) : ICopySource
{
    /// <summary>The name of the rows in the SQL.</summary>
    protected const string Input = "input";

    public string Name => inner.Name;

    public IDatabase Kind => inner.Kind;

    public bool IsParallel => inner.IsParallel;

    /// <summary>The source as it is.</summary>
    protected ICopySource Inner => inner;

    public abstract DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation);

    public virtual long? Count(TableSchema table, string? where, CancellationToken cancellation) => inner.Count(table, where, cancellation);

    public string? Greatest(TableSchema table, ColumnSchema column, string? after, CancellationToken cancellation) => inner.Greatest(table, column, after, cancellation);

    /// <summary>A table that is told otherwise is read as a whole.</summary>
    public IReadOnlyList<KeyRange> Cut(TableSchema table, int count, CancellationToken cancellation) => IsReshaped(table.Name) ? [] : inner.Cut(table, count, cancellation);

    public abstract IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context);

    public abstract ICopySource Fork(CancellationToken cancellation);

    public void Dispose() => inner.Dispose();

    /// <summary>Whether the rows of a table are not those of the source.</summary>
    protected abstract bool IsReshaped(TableName table);

    /// <summary>A name as DuckDB writes it.</summary>
    protected static string Quote(string name) => DuckSession.Quote(name, '"');

    /// <summary>Names as DuckDB writes them, each behind the name of a table.</summary>
    protected static string List(IEnumerable<string> names, string prefix = "") => string.Join(", ", names.Select(n => prefix + Quote(n)));
}

/// <summary>The rows of a query over other rows, both of which it closes.</summary>
internal sealed class QueriedRows : IBatchReader
{
    private readonly IBatchReader _input;
    private readonly DataQuery _query;
    private readonly IBatchReader? _rows;

    /// <summary>Runs the statements; the last of them may give rows.</summary>
    /// <param name="sql">The statements.</param>
    /// <param name="name">What they call the rows.</param>
    /// <param name="input">The rows.</param>
    /// <param name="database">The file that keeps tables; null where none is kept.</param>
    /// <param name="context">The copy's.</param>
    public QueriedRows(string sql, string name, IBatchReader input, string? database, DatabaseContext context)
    {
        _input = input;
        try
        {
            var options = new QueryOptions { Inputs = new Dictionary<string, QueryInput> { [name] = QueryInput.Once(input) }, Database = database, Warn = context.Warn };
            _query = new DataQuery(sql, options, context.Cancellation);
            _rows = _query.NextResult(context.Cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Apache.Arrow.Schema Schema => _rows!.Schema;

    public Apache.Arrow.RecordBatch? ReadBatch(CancellationToken cancellation) => _rows!.ReadBatch(cancellation);

    public void Dispose()
    {
        _rows?.Dispose();
        _query?.Dispose();
        _input.Dispose();
    }
}
