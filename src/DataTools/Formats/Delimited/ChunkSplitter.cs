using System.Buffers;

namespace DataTools.Formats.Delimited;

/// <summary>
/// Cuts text into pieces that end where a record ends: at a line feed with an even number of quotes before it. That holds as long as
/// every quote stands where it may; who reads the pieces must check that.
/// </summary>
internal sealed class ChunkSplitter(Stream text, byte? quote, int size) : IDisposable
{
    /// <summary>A record that is longer than this is left to the sequential reader.</summary>
    private const int MaxSize = 64 << 20;

    private byte[] _rest = [];
    private int _restLength;
    private bool _ended;

    /// <summary>
    /// The next piece in a rented array that the caller gives back; null at the end of the text, and where no record ends soon enough:
    /// then <see cref="Rest"/> has what is left.
    /// </summary>
    public ArraySegment<byte>? Next()
    {
        for (var wanted = (long)size; !_ended; wanted *= 2)
        {
            Fill((int)Math.Max(wanted, _restLength));
            var end = _ended ? _restLength : FindEnd(_rest.AsSpan(0, _restLength));
            if (end > 0)
            {
                return Take(end);
            }

            if (wanted >= Math.Max(MaxSize, size))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The text that no piece has, from the last cut on.</summary>
    public Stream Rest() => new PrefixedStream(_rest.AsMemory(0, _restLength), text);

    /// <inheritdoc/>
    public void Dispose() => text.Dispose();

    private void Fill(int wanted)
    {
        if (_rest.Length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            _rest.AsSpan(0, _restLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_rest);
            _rest = larger;
        }

        var read = text.ReadAtLeast(_rest.AsSpan(_restLength, Math.Max(0, wanted - _restLength)), wanted - _restLength, throwOnEndOfStream: false);
        _restLength += read;
        _ended = _restLength < wanted;
    }

    private ArraySegment<byte>? Take(int end)
    {
        var piece = new ArraySegment<byte>(_rest, 0, end);
        var left = _restLength - end;
        _rest = ArrayPool<byte>.Shared.Rent(Math.Max(size, left));
        piece.Array.AsSpan(end, left).CopyTo(_rest);
        _restLength = left;
        return piece;
    }

    private int FindEnd(ReadOnlySpan<byte> span)
    {
        var quotes = quote is { } q ? span.Count(q) : 0;
        var end = span.Length;
        while (true)
        {
            var feed = span[..end].LastIndexOf((byte)'\n');
            if (feed < 0)
            {
                return 0;
            }

            quotes -= quote is { } c ? span[feed..end].Count(c) : 0;
            if (quotes % 2 == 0 && CanStart(span[(feed + 1)..]))
            {
                return feed + 1;
            }

            end = feed;
        }
    }

    /// <summary>A reader takes a zero-width space at the start of its text for a byte order mark and drops it.</summary>
    private static bool CanStart(ReadOnlySpan<byte> following) => following.Length >= 3 && !following.StartsWith("\uFEFF"u8);
}
