using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Query;

/// <summary>
/// Runs a query on a thread of its own beside a pipeline that pushes batches into it and takes its results, neither waiting for the other
/// longer than it must.
/// </summary>
public sealed class QueryPump : IDisposable
{
    private const int Ahead = 2;

    private readonly BlockingCollection<RecordBatch> _input = new(Ahead);
    private readonly BlockingCollection<RecordBatch> _results = new(Ahead);
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;

    /// <summary>
    /// Starts the query. <paramref name="inputName"/> is the table that the pushed batches of <paramref name="inputSchema"/> are, or null
    /// where none will be pushed.
    /// </summary>
    public QueryPump(string sql, QueryOptions options, string? inputName, Schema? inputSchema, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (inputName is not null)
        {
            options = options with { Inputs = new Dictionary<string, QueryInput>(options.Inputs) { [inputName] = QueryInput.Once(new PushedReader(inputSchema!, _input)) } };
        }
        else
        {
            _input.CompleteAdding();
        }

        _thread = new Thread(() => Run(sql, options)) { IsBackground = true, Name = "DataTools query" };
        _thread.Start();
    }

    /// <summary>Pushes a batch; results that come meanwhile go to <paramref name="take"/>. After the query's end it does nothing.</summary>
    public void Push(RecordBatch batch, Action<RecordBatch> take)
    {
        const int Milliseconds = 5;
        ArgumentNullException.ThrowIfNull(take);
        while (!_results.IsAddingCompleted && !_input.TryAdd(batch, Milliseconds, _stop.Token))
        {
            while (_results.TryTake(out var result))
            {
                take(result);
            }
        }

        _error?.Throw();
    }

    /// <summary>Ends the input and takes the rest of the results.</summary>
    public void Finish(Action<RecordBatch> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        _input.CompleteAdding();
        foreach (var result in _results.GetConsumingEnumerable(cancellation))
        {
            take(result);
        }

        _error?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _input.Dispose();
        _results.Dispose();
        _stop.Dispose();
    }

    private void Run(string sql, QueryOptions options)
    {
        try
        {
            using var query = new DataQuery(sql, options, _stop.Token);
            while (query.NextResult(_stop.Token) is { } reader)
            {
                using (reader)
                {
                    Emit(reader);
                }
            }
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _results.CompleteAdding();
        }
    }

    private void Emit(IBatchReader reader)
    {
        var rows = 0L;
        while (reader.ReadBatch(_stop.Token) is { } batch)
        {
            rows += batch.Length;
            _results.Add(batch, _stop.Token);
        }

        if (rows == 0)
        {
            // The columns of an empty table still travel.
            _results.Add(new BatchBuilder(reader.Schema).Finish(), _stop.Token);
        }
    }

    private sealed class PushedReader(Schema schema, BlockingCollection<RecordBatch> batches) : IBatchReader
    {
        public Schema Schema => schema;

        public RecordBatch? ReadBatch(CancellationToken cancellation) =>
            batches.TryTake(out var batch, Timeout.Infinite, cancellation) ? batch : null;

        public void Dispose()
        {
        }
    }
}
