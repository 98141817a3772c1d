using System.Buffers;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>Cuts NDJSON at line ends.</summary>
internal sealed class LineSplitter(JsonInput input, ReadOptions options, int chunkBytes = LineSplitter.DefaultChunk) : IJsonSplitter
{
    /// <summary>Large enough that cutting does not show, small enough that several fit a processor's cache and a batch.</summary>
    public const int DefaultChunk = 4 << 20;

    private byte[] _buffer = [];
    private int _carried;
    private long _line = 1;
    private bool _ended;

    /// <inheritdoc/>
    public double? Progress => input.Progress;

    /// <summary>Asked only where no line held a record.</summary>
    public bool IsEmpty => true;

    /// <inheritdoc/>
    public JsonChunk? Next(CancellationToken cancellation)
    {
        if (_ended)
        {
            return null;
        }

        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(chunkBytes);
        }

        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var length = _carried + input.Fill(_buffer.AsSpan(_carried));
            _ended = length < _buffer.Length;
            var end = _ended ? length : _buffer.AsSpan(_carried..length).LastIndexOf((byte)'\n') + _carried + 1;
            if (_ended || end > _carried)
            {
                return Cut(end, length);
            }

            Grow(length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => input.Dispose();

    private JsonChunk? Cut(int end, int length)
    {
        var chunk = new JsonChunk(_buffer, end, _line, null);
        _line += chunk.Bytes.Count((byte)'\n');
        _carried = length - end;
        if (!_ended)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(chunkBytes, _carried * 2));
            chunk.Buffer.AsSpan(end, _carried).CopyTo(_buffer);
        }

        return chunk;
    }

    private void Grow(int length)
    {
        if (length > options.MaxRecordBytes)
        {
            throw DataErrors.LimitExceeded(input.Name, $"line {_line} is longer than {options.MaxRecordBytes:N0} bytes. Raise -MaxRecordSize if that is right.");
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_buffer.Length * 2L, System.Array.MaxLength));
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _carried = length;
    }
}
