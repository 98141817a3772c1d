using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>The rows of a statement, fetched from DuckDB as they are asked for.</summary>
internal sealed class QueryResult : IBatchReader
{
    private readonly DataQuery _query;
    private readonly VectorReader[] _readers;
    private readonly BatchBuilder _builder;
    private DuckDBResult _result;
    private bool _ended;

    public QueryResult(DataQuery query, DuckDBResult result, Action<string> warn)
    {
        _query = query;
        _result = result;
        try
        {
            var fields = new Field[NativeMethods.Query.DuckDBColumnCount(ref _result)];
            _readers = new VectorReader[fields.Length];
            for (var i = 0; i < fields.Length; i++)
            {
                var name = NativeMethods.Query.DuckDBColumnName(ref _result, i);
                using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, i);
                fields[i] = DuckTypes.FromDuck(type, name).ToField(name);
                _readers[i] = VectorReader.For(type, name);
            }

            Schema = ColumnNames.MakeUnique(new Schema(fields, null), "The query", warn);
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
            _ended = !_query.Guarded(ReadChunk, cancellation);
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _result.Close();

    private bool ReadChunk()
    {
        using var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (chunk.IsInvalid)
        {
            return NativeMethods.Query.DuckDBResultError(ref _result) is { Length: > 0 } error ? throw DataErrors.QueryFailed(error) : false;
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
