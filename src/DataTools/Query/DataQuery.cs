using System.Runtime.ExceptionServices;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>
/// SQL on DuckDB over files, inputs and the tables of a database. A file has the schema, nulls and rejects that its own reader gives it; of
/// it, only the columns that a statement needs are read. Used by one thread at a time.
/// </summary>
public sealed class DataQuery : IResultOwner, IDisposable
{
    private readonly QueryOptions _options;
    private readonly ScanHost _files;
    private readonly ScanHost _inputs;
    private readonly DuckSession _session;
    private readonly DuckDBExtractedStatements _statements;
    private readonly Dictionary<string, ScanSource> _known = new(StringComparer.Ordinal);
    private readonly int _count;
    private int _next;

    /// <summary>Opens the database and parses the statements. Inputs that must be in memory are read here.</summary>
    public DataQuery(string sql, QueryOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var threads = options.Threads ?? Environment.ProcessorCount;
        _files = new ScanHost(FindFile, threads);
        _inputs = new ScanHost(FindInput, threads);
        _session = new DuckSession(options, _files, _inputs);
        try
        {
            _count = NativeMethods.ExtractStatements.DuckDBExtractStatements(_session.Connection, sql, out _statements!);
            if (_count == 0)
            {
                throw DataErrors.QueryFailed(NativeMethods.ExtractStatements.DuckDBExtractStatementsError(_statements) ?? "The query has no statement.");
            }

            foreach (var (name, input) in options.Inputs)
            {
                Guarded(() => AddInput(name, input, sql), cancellation);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs the statements up to the next one that gives a table, and gives its reader, which streams; null after the last statement. The
    /// reader must be disposed before the next call.
    /// </summary>
    public IBatchReader? NextResult(CancellationToken cancellation)
    {
        while (_next < _count)
        {
            if (Guarded(RunNext, cancellation) is { } reader)
            {
                return reader;
            }
        }

        return null;
    }

    string IResultOwner.Source => "The query";

    Action<string> IResultOwner.Warn => _options.Warn;

    T IResultOwner.Guarded<T>(Func<T> work, CancellationToken cancellation) => Guarded(work, cancellation);

    Exception IResultOwner.Failed(string reason) => DataErrors.QueryFailed(reason);

    Exception? IResultOwner.Unfit(DataException error, Apache.Arrow.Field field, long row) => error;

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements?.Dispose();
        _session.Dispose();
    }

    /// <summary>Runs a piece of work of DuckDB's; an error of a scan and a cancellation come out as they went in.</summary>
    private T Guarded<T>(Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var stop = new Interruption(() => NativeMethods.Startup.DuckDBInterrupt(_session.Connection), cancellation);
        _files.Cancellation = _inputs.Cancellation = cancellation;
        try
        {
            return work();
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.QueryFailed))
        {
            cancellation.ThrowIfCancellationRequested();
            if ((_files.TakeError() ?? _inputs.TakeError()) is { } cause)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw;
        }
    }

    private QueryResult? RunNext()
    {
        var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(_session.Connection, _statements, _next++, out var prepared);
        using (prepared)
        {
            if (state != DuckDBState.Success)
            {
                throw DataErrors.QueryFailed(NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
            }

            QueryParameters.Bind(prepared, _options.Parameters);
            state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(prepared, out var result);
            if (state != DuckDBState.Success)
            {
                var reason = NativeMethods.Query.DuckDBResultError(ref result);
                result.Close();
                throw DataErrors.QueryFailed(reason);
            }

            if (NativeMethods.Query.DuckDBResultReturnType(result) == DuckDBResultType.QueryResult)
            {
                return new QueryResult(this, result);
            }

            result.Close();
            return null;
        }
    }

    /// <summary>Makes the input a view, or a temporary table where it can be read only once and the statements may read it more often.</summary>
    private bool AddInput(string name, QueryInput input, string sql)
    {
        var kind = !input.IsOnce || ReadsOnce(sql, name) ? "VIEW" : "TABLE";
        _session.Execute(
            $"CREATE TEMP {kind} {DuckSession.Quote(name, '"')} AS SELECT * FROM {DuckSession.InputFunction}({DuckSession.Quote(name, '\'')})");
        return true;
    }

    /// <summary>
    /// Whether a query certainly reads a table at most once: one statement that says its name once, and has no word that may repeat a part.
    /// </summary>
    private bool ReadsOnce(string sql, string name) =>
        _count == 1 && SqlWords.Count(sql, name) <= 1 && !SqlWords.Repeating.Any(word => SqlWords.Count(sql, word) > 0);

    private ScanSource FindFile(string name)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(name, out var source))
            {
                using var reader = _options.Files.Open(name, []);
                _known[name] = source = new ScanSource(reader.Schema, columns => _options.Files.Open(name, columns), SizeHint(name));
            }

            return source;
        }
    }

    private ScanSource FindInput(string name)
    {
        var input = _options.Inputs[name];
        return input.IsOnce
            ? new ScanSource(input.Schema, _ => input.TakeReader(name), UnknownRows)
            : new ScanSource(input.Schema, _ => new BatchListReader(input.Schema, input.Batches), input.Batches.Sum(b => (long)b.Length));
    }

    private const long UnknownRows = 1_000_000;
    private const long RowBytes = 100;

    private static long SizeHint(string name) => File.Exists(name) ? new FileInfo(name).Length / RowBytes : UnknownRows;
}
