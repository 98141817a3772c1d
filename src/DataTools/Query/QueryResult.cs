using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>Who runs the statement whose rows are read.</summary>
internal interface IResultOwner
{
    /// <summary>What messages call the rows' source.</summary>
    string Source { get; }

    /// <summary>Takes warnings.</summary>
    Action<string> Warn { get; }

    /// <summary>Runs a piece of work of DuckDB's; a cancellation ends it.</summary>
    T Guarded<T>(Func<T> work, CancellationToken cancellation);

    /// <summary>The error for DuckDB's words.</summary>
    Exception Failed(string reason);

    /// <summary>What becomes of a value that no type of ours holds: an error, or null for a null in its place.</summary>
    Exception? Unfit(DataException error, Field field, long row);
}

/// <summary>The rows of a statement, fetched from DuckDB as they are asked for.</summary>
internal sealed class QueryResult : IBatchReader
{
    private readonly IResultOwner _owner;
    private readonly VectorReader[] _readers;
    private readonly BatchBuilder _builder;
    private DuckDBResult _result;
    private long _rows;
    private bool _ended;

    /// <summary>Takes the result; <paramref name="schema"/> is given where the values are more than DuckDB's types tell.</summary>
    public QueryResult(IResultOwner owner, DuckDBResult result, Schema? schema = null)
    {
        _owner = owner;
        _result = result;
        try
        {
            var fields = new Field[NativeMethods.Query.DuckDBColumnCount(ref _result)];
            _readers = new VectorReader[fields.Length];
            for (var i = 0; i < fields.Length; i++)
            {
                var column = i;
                var name = NativeMethods.Query.DuckDBColumnName(ref _result, i);
                using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, i);
                fields[i] = schema is null ? DuckTypes.FromDuck(type, name).ToField(name) : schema.GetFieldByIndex(i);
                _readers[i] = VectorReader.For(type, name, e => Unfit(e, column));
            }

            Schema = schema ?? ColumnNames.MakeUnique(new Schema(fields, null), owner.Source, owner.Warn);
            _builder = new BatchBuilder(Schema);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (!_ended && _builder.Count < BatchBuilder.DefaultRows && _builder.Columns.Sum(c => c is BytesColumnBuilder b ? (long)b.ByteLength : 0) < BatchBuilder.DefaultBytes)
        {
            _ended = !_owner.Guarded(ReadChunk, cancellation);
        }

        _rows += _builder.Count;
        return _builder.Count == 0 ? null : _builder.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _result.Close();

    private Exception? Unfit(DataException error, int column) => _owner.Unfit(error, Schema.GetFieldByIndex(column), _rows + _builder.Columns[column].Count + 1);

    private bool ReadChunk()
    {
        using var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (chunk.IsInvalid)
        {
            return NativeMethods.Query.DuckDBResultError(ref _result) is { Length: > 0 } error ? throw _owner.Failed(error) : false;
        }

        var handle = chunk.DangerousGetHandle();
        var rows = (int)DuckNative.ChunkSize(handle);
        for (var i = 0; i < _readers.Length; i++)
        {
            _readers[i].Read(DuckNative.ChunkVector(handle, (ulong)i), 0, rows, _builder.Columns[i]);
        }

        _builder.EndRows(rows);
        return true;
    }
}
