using Apache.Arrow;
using DataTools.Data;
using DataTools.Query;
using DataTools.Schemas;
using DuckDB.NET.Native;
using Chunks = DuckDB.NET.Native.NativeMethods.DataChunks;

namespace DataTools.Databases.DuckDb;

/// <summary>Appends rows to a table, column by column. DuckDB casts what the table has another type for, and refuses what that cannot be.</summary>
internal sealed class DuckDbAppender : IDisposable
{
    private static readonly int VectorRows = (int)NativeMethods.Helpers.DuckDBVectorSize();

    private readonly DuckDBAppender _appender;
    private readonly DuckDBDataChunk _chunk;
    private readonly VectorWriter[] _writers;

    public DuckDbAppender(DuckDbSession session, TableName table, IReadOnlyList<string> columns, Schema schema)
    {
        if (NativeMethods.Appender.DuckDBAppenderCreateExt(session.Native, table.Schema is null ? null! : ((DuckDbDialect)session.Dialect).Database!, table.Schema!, table.Name, out _appender) != DuckDBState.Success)
        {
            throw Failure();
        }

        foreach (var column in columns)
        {
            Check(DuckNative.AddColumn(_appender, column));
        }

        // JSON goes as plain text, which DuckDB checks when it casts.
        var types = schema.FieldsList.Select(f => DuckTypes.ToDuck(DataTypes.Of(f) == DataTypes.Json ? DataTypes.Text : DataTypes.Of(f))).ToArray();
        _chunk = Chunks.DuckDBCreateDataChunk([.. types.Select(t => t.DangerousGetHandle())], (ulong)types.Length);
        System.Array.ForEach(types, t => t.Dispose());
        _writers = [.. schema.FieldsList.Select(f => VectorWriter.For(DataTypes.Of(f)))];
    }

    /// <summary>Appends rows; those of a call that throws, and those since the last <see cref="Flush"/>, are lost.</summary>
    public void Append(RecordBatch batch, CancellationToken cancellation)
    {
        var chunk = _chunk.DangerousGetHandle();
        for (var start = 0; start < batch.Length; start += VectorRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(VectorRows, batch.Length - start);
            Chunks.DuckDBDataChunkReset(_chunk);
            for (var i = 0; i < _writers.Length; i++)
            {
                _writers[i].Write(DuckNative.ChunkVector(chunk, (ulong)i), batch.Column(i), start, rows);
            }

            DuckNative.SetChunkSize(chunk, (ulong)rows);
            Check(NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk));
        }
    }

    /// <summary>Brings what was appended into the table.</summary>
    public void Flush() => Check(NativeMethods.Appender.DuckDBAppenderFlush(_appender));

    /// <summary>Drops what was appended since the last <see cref="Flush"/>.</summary>
    public void Dispose()
    {
        // Without this closing would bring it into the table.
        _ = NativeMethods.Appender.DuckDBAppenderClear(_appender);
        _chunk?.Dispose();
        _appender.Dispose();
    }

    private void Check(DuckDBState state)
    {
        if (state != DuckDBState.Success)
        {
            throw Failure();
        }
    }

    private DuckDbException Failure()
    {
        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(_appender);
        return new DuckDbException(error.Message ?? "DuckDB gives no reason.");
    }
}
