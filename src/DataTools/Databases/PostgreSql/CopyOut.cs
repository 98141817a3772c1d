using DataTools.Errors;
using Npgsql;

namespace DataTools.Databases.PostgreSql;

/// <summary>The bytes of a COPY TO STDOUT in its binary form, of which whole rows are taken.</summary>
internal sealed class CopyOut : IDisposable
{
    private const int HeaderBytes = 19;
    private const int FillBytes = 1 << 16;

    private readonly PostgresSession _session;
    private readonly CancellationToken _cancellation;
    private readonly NpgsqlRawCopyStream _stream;
    private byte[] _bytes = new byte[FillBytes * 2];
    private int _start;
    private int _end;
    private bool _hasBegun;
    private bool _isDrained;

    /// <summary>Begins to read the rows of a query; <paramref name="cancellation"/> is the whole run's.</summary>
    public CopyOut(PostgresSession session, string select, CancellationToken cancellation)
    {
        _session = session;
        _cancellation = cancellation;
        // A query may work long for its first row, and the driver waits for that.
        using var stop = session.StopOn(cancellation);
        _stream = session.Driver.BeginRawBinaryCopy($"COPY ({select}\n) TO STDOUT (FORMAT binary)");
    }

    /// <summary>Whether <see cref="End"/> was reached.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>What was read and not taken; it begins with a row.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Reads some rows more; the driver gives at most one message, which is a row, at a time.</summary>
    public void Fill()
    {
        if (_isDrained && _start == 0)
        {
            // Whoever asked for rows once more, where none come and none are left, would ask for ever.
            throw DataErrors.ConnectionFailed(_session.Address.ToString(), "the rows ended before the server told their end", null);
        }

        Bytes.CopyTo(_bytes);
        _end -= _start;
        _start = 0;
        if (_end > _bytes.Length / 2)
        {
            Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        }

        var enough = Math.Min(_end + FillBytes, _bytes.Length - 1);
        while (_end < enough && !_isDrained)
        {
            var read = _stream.Read(_bytes.AsSpan(_end));
            _end += read;
            _isDrained = read == 0;
        }

        if (!_hasBegun)
        {
            _hasBegun = true;
            _start = Math.Min(HeaderBytes, _end);
        }
    }

    /// <summary>Takes bytes: whole rows.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Behind the last row: the server's word that all went well.</summary>
    public void End()
    {
        IsEnded = true;
        _end += _stream.Read(_bytes.AsSpan(_end));
    }

    public void Dispose()
    {
        // Without this the driver reads all that is left; within a transaction that is still better than to break it, unless all is to end at once.
        if (!IsEnded && _session.IsOpen && (!_session.InTransaction || _cancellation.IsCancellationRequested))
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
}
