using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using Npgsql;

namespace DataTools.Databases.PostgreSql;

/// <summary>Loads rows by COPY in its binary form, or in its text form where a column's type has no binary form that is the same everywhere.</summary>
internal sealed class PostgresLoader : IBulkLoader
{
    private const int CheckEvery = 1024;

    /// <summary>The signature, no flags, no extension.</summary>
    private static readonly byte[] Header = [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly PostgresSession _session;
    private readonly string _command;
    private readonly PostgresEncoder[]? _encoders;
    private readonly CopyText? _text;
    private readonly LoadTarget _target;
    private readonly ColumnLimits _limits;
    private NpgsqlRawCopyStream? _stream;
    private CopyBuffer? _buffer;
    private long _sent;

    public PostgresLoader(PostgresSession session, LoadTarget target)
    {
        _session = session;
        _target = target;
        _limits = new ColumnLimits(target, PostgresLimits.Of);
        if (target.Columns.FirstOrDefault(c => c.NativeType is "money" or "money[]") is { } money)
        {
            session.TakeMoney(money);
        }

        var encoders = target.Columns.Zip(target.Schema.FieldsList, (c, f) => PostgresEncoder.For(c.NativeType, DataTypes.Of(f), c.Name, target.OnLoss)).ToArray();
        _encoders = System.Array.Exists(encoders, e => e is null) ? null : [.. encoders.OfType<PostgresEncoder>()];
        _text = _encoders is null ? new CopyText(target) : null;
        _command = $"COPY {session.Dialect.Quote(target.Table)} ({session.Dialect.List(target.Columns.Select(c => c.Name))}) FROM STDIN (FORMAT {(_text is null ? "binary" : "text")})";
    }

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        _limits.Check(batch);

        // The server may wait for a lock, and the driver then for the server.
        using var stop = _session.StopOn(cancellation);
        Open();
        for (var row = 0; row < batch.Length; row += CheckEvery)
        {
            cancellation.ThrowIfCancellationRequested();
            Encode(batch, row, Math.Min(row + CheckEvery, batch.Length));
        }

        _sent += batch.Length;
    }

    /// <summary>Loads rows that are in COPY's binary form already.</summary>
    public void Load(ReadOnlySpan<byte> rows, int count)
    {
        Open();
        _buffer!.Bytes(rows);
        _buffer.EndRow();
        _sent += count;
    }

    public long Flush(CancellationToken cancellation)
    {
        if (_stream is null)
        {
            return 0;
        }

        using var stop = _session.StopOn(cancellation);
        if (_text is null)
        {
            _buffer!.Short(-1);
        }

        _buffer!.Flush();
        var (stream, sent) = (_stream, _sent);
        (_stream, _sent) = (null, 0);
        // Closing the stream ends the COPY, and throws what the server says about it.
        stream.Dispose();
        return sent;
    }

    public void Dispose()
    {
        var stream = _stream;
        (_stream, _sent) = (null, 0);
        _limits.WarnOfLoss();
        if (stream is null)
        {
            return;
        }

        try
        {
            stream.Cancel();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            // The COPY has failed already, or the connection is gone: either way nothing of it stays.
        }
    }

    private void Open()
    {
        if (_stream is null)
        {
            _stream = _text is null ? _session.Driver.BeginRawBinaryCopy(_command) : (NpgsqlRawCopyStream)((StreamWriter)_session.Driver.BeginTextImport(_command)).BaseStream;
            _buffer = new CopyBuffer(_stream);
            _buffer.Bytes(_text is null ? Header : default);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Encode(RecordBatch batch, int from, int to)
    {
        if (_encoders is null)
        {
            _text!.Write(_buffer!, batch, from, to);
            return;
        }

        for (var i = 0; i < _encoders.Length && from == 0; i++)
        {
            _encoders[i].Open(batch.Column(i));
        }

        var buffer = _buffer!;
        for (var row = from; row < to; row++)
        {
            BinaryPrimitives.WriteInt16BigEndian(buffer.Take(2), (short)_encoders.Length);
            foreach (var encoder in _encoders)
            {
                encoder.Write(buffer, row);
            }

            buffer.EndRow();
        }
    }
}
