using System.Data;
using System.Data.Common;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Databases.Reading;

/// <summary>The rows of one statement, streamed by the driver.</summary>
internal sealed class SqlReader : IBatchReader
{
    private readonly SqlSession _session;
    private readonly DbCommand _command;
    private readonly DbDataReader _reader;
    private readonly AdoBatchReader _rows;

    public SqlReader(SqlSession session, DbCommand command, TableQuery query, DatabaseContext context, Schema? schema = null)
    {
        _session = session;
        _command = command;
        try
        {
            using var stop = session.StopOn(context.Cancellation, command.Cancel);
            _reader = command.ExecuteReader(CommandBehavior.SingleResult);
            _rows = new AdoBatchReader(session, _reader, query, context, schema);
        }
        catch
        {
            _reader?.Dispose();
            command.Dispose();
            throw;
        }
    }

    public Schema Schema => _rows.Schema;

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        using var stop = _session.StopOn(cancellation, _command.Cancel);
        return _session.Guard(() => _rows.ReadBatch(cancellation), cancellation);
    }

    public void Dispose()
    {
        if (!_rows.HasEnded)
        {
            // What is left of the rows is not wanted; without this the driver would read it to its end.
            _session.TryInterrupt(_command.Cancel);
        }

        _reader.Dispose();
        _command.Dispose();
    }
}
