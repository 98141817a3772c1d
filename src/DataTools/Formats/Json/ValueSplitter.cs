using System.Buffers;
using System.Text.Json;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>
/// Finds the records of a JSON text of any length in constant memory: the elements of top-level arrays, top-level values, or what the
/// record path leads to. Only the record at hand is held.
/// </summary>
internal sealed class ValueSplitter : IJsonSplitter
{
    /// <summary>What encloses the records may be nested too.</summary>
    private const int OuterDepth = 64;

    private readonly JsonInput _input;
    private readonly ReadOptions _options;
    private readonly RecordFinder _finder;
    private byte[] _buffer;
    private int _length;
    private int _consumed;
    private long _line = 1;
    private bool _ended;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = NestedText.MaxDepth + OuterDepth, AllowMultipleValues = true });

    public ValueSplitter(JsonInput input, ReadOptions options, int chunkBytes = LineSplitter.DefaultChunk)
    {
        _input = input;
        _options = options;
        _finder = new RecordFinder(options.RecordPath);
        _buffer = ArrayPool<byte>.Shared.Rent(chunkBytes);
    }

    /// <inheritdoc/>
    public double? Progress => _input.Progress;

    /// <inheritdoc/>
    public bool IsEmpty => !_finder.SawToken;

    /// <inheritdoc/>
    public JsonChunk? Next(CancellationToken cancellation)
    {
        while (!_ended)
        {
            cancellation.ThrowIfCancellationRequested();
            _length += _input.Fill(_buffer.AsSpan(_length));
            _ended = _length < _buffer.Length;
            Scan();
            if (_finder.Records.Count > 0)
            {
                return Cut();
            }

            MakeRoom();
        }

        if (_finder.Missing is { } missing)
        {
            throw DataErrors.ColumnNotFound(_options.RecordPath!, $"The path to the records: {_input.Name}", missing);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Dispose();

    private void Scan()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_consumed.._length), _ended, _state);
        try
        {
            while (reader.Read())
            {
                _finder.Take(ref reader, _consumed);
            }
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }

        _consumed += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private DataException Malformed(JsonException e) =>
        DataErrors.MalformedFile(_input.Name, "JSON", $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {JsonFault.Shorten(e)}", e);

    private JsonChunk Cut()
    {
        var chunk = new JsonChunk(_buffer, _length, _line, _finder.Records);
        _finder.Records = [];
        if (!_ended)
        {
            var kept = _finder.RecordStart ?? _consumed;
            _line += _buffer.AsSpan(0, kept).Count((byte)'\n');
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length, (_length - kept) * 2));
            chunk.Buffer.AsSpan(kept.._length).CopyTo(_buffer);
            Moved(kept);
        }

        return chunk;
    }

    /// <summary>No record ends in the buffer: what is done with goes, or the buffer grows.</summary>
    private void MakeRoom()
    {
        var kept = _finder.RecordStart ?? _consumed;
        if (_length - kept > _options.MaxRecordBytes)
        {
            throw DataErrors.LimitExceeded(
                _input.Name,
                $"the record at line {_line + _buffer.AsSpan(0, kept).Count((byte)'\n')} is longer than {_options.MaxRecordBytes:N0} bytes. Name the array that holds the records with -RecordPath, or raise -MaxRecordSize.");
        }

        _line += _buffer.AsSpan(0, kept).Count((byte)'\n');
        if (kept > _buffer.Length / 2)
        {
            _buffer.AsSpan(kept.._length).CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_buffer.Length * 2L, System.Array.MaxLength));
            _buffer.AsSpan(kept.._length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        Moved(kept);
    }

    private void Moved(int by)
    {
        _length -= by;
        _consumed -= by;
        _finder.Moved(by);
    }
}
