using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using Npgsql;

namespace DataTools.Databases.PostgreSql;

/// <summary>The rows of a COPY TO STDOUT in its binary form, decoded without a box.</summary>
internal sealed class PostgresReader : IBatchReader
{
    private const int HeaderBytes = 19;
    private const int FillBytes = 1 << 16;

    private readonly PostgresSession _session;
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly NpgsqlRawCopyStream _stream;
    private readonly BatchBuilder _builder;
    private readonly PostgresDecoder[] _decoders;
    private byte[] _bytes = new byte[FillBytes * 2];
    private int _start;
    private int _end;
    private long _rows;
    private long _lost;
    private bool _ended;
    private bool _isDrained;

    public PostgresReader(PostgresSession session, string select, PostgresColumns columns, TableQuery query, DatabaseContext context)
    {
        _session = session;
        _query = query;
        _context = context;
        Schema = columns.Schema;
        _builder = new BatchBuilder(Schema);
        _decoders = columns.Decoders(_builder);
        // A query may work long for its first row, and the driver waits for that.
        using var stop = session.StopOn(context.Cancellation);
        _stream = session.Driver.BeginRawBinaryCopy($"COPY ({select}\n) TO STDOUT (FORMAT binary)");
    }

    public Schema Schema { get; }

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        using var stop = _session.StopOn(cancellation);
        while (!_ended && !(_builder.Count > 0 && _builder.IsFull))
        {
            cancellation.ThrowIfCancellationRequested();
            _session.Guard(Fill, cancellation);
            Decode();
            CheckEnd();
        }

        if (_ended && _lost > 0 && _query.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_query.Source}: {_lost} values that no type holds became null.");
            _lost = 0;
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    public void Dispose()
    {
        // Without this the driver reads all that is left; within a transaction that is still better than to break it, unless all is to end at once.
        if (!_ended && _session.IsOpen && (!_session.InTransaction || _context.Cancellation.IsCancellationRequested))
        {
            _session.TryInterrupt(_stream.Cancel);
        }

        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException || _session.Database.Classify(e) is not null)
        {
            // It was cancelled, or the connection is gone: what is left is not wanted either way.
        }
    }

    /// <summary>Whoever asked for rows once more, where none come and none are left, would ask for ever.</summary>
    private void CheckEnd()
    {
        if (_isDrained && !_ended && _start == 0)
        {
            throw DataErrors.ConnectionFailed(_session.Address.ToString(), "the rows ended before the server told their end", null);
        }
    }

    /// <summary>Reads some rows more; the driver gives at most one message, which is a row, at a time.</summary>
    private void Fill()
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
        if (_end > _bytes.Length / 2)
        {
            System.Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        }

        var enough = Math.Min(_end + FillBytes, _bytes.Length - 1);
        while (_end < enough)
        {
            var read = _stream.Read(_bytes.AsSpan(_end));
            if (read == 0)
            {
                _isDrained = true;
                return;
            }

            _end += read;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode()
    {
        if (_rows == 0 && _start == 0 && _builder.Count == 0 && _bytes[0] == (byte)'P')
        {
            _start = HeaderBytes;
        }

        var bytes = _bytes.AsSpan(0, _end);
        while (_builder.Count < BatchBuilder.DefaultRows && _end - _start >= 2)
        {
            var at = _start + 2;
            if (BinaryPrimitives.ReadInt16BigEndian(bytes[_start..]) < 0)
            {
                _ended = true;
                // The server's word that all went well comes behind the rows.
                _session.Guard(() => _stream.Read(_bytes.AsSpan(_end)));
                return;
            }

            if (!DecodeRow(bytes, ref at))
            {
                _builder.AbandonRow();
                return;
            }

            _start = at;
            _rows++;
            _builder.EndRow();
        }
    }

    private bool DecodeRow(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (var i = 0; i < _decoders.Length; i++)
        {
            if (bytes.Length - at < 4)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            at += 4;
            if (length < 0)
            {
                _builder.Columns[i].AppendNull();
                continue;
            }

            if (bytes.Length - at < length)
            {
                return false;
            }

            if (!_decoders[i].Read(bytes.Slice(at, length)))
            {
                Lose(i);
            }

            at += length;
        }

        return true;
    }

    private void Lose(int column)
    {
        if (_query.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueUnreadable(_query.Source, _rows + 1, Schema.GetFieldByIndex(column).Name, _builder.Columns[column].Type.Describe());
        }

        _lost++;
        _builder.Columns[column].AppendNull();
    }
}
