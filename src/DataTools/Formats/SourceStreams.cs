using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>A stream that is only read, in order.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Gives back bytes that were read to look at them, then goes on with the stream.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    public override int Read(Span<byte> buffer)
    {
        if (_prefix.IsEmpty)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _prefix.Length);
        _prefix.Span[..count].CopyTo(buffer);
        _prefix = _prefix[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        rest.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Counts the bytes that are read.</summary>
internal sealed class CountedStream(Stream inner) : ForwardStream
{
    /// <summary>The bytes so far.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Decompresses, but not without end: a small file that expands beyond the bound is an attack or a mistake.</summary>
internal sealed class BoundedStream(Stream inner, string source, Func<long> limit) : ForwardStream
{
    private long _read;

    /// <summary>The bytes given so far.</summary>
    public long BytesRead => _read;

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ICSharpCode.SharpZipLib.SharpZipBaseException or ZstdSharp.ZstdException)
        {
            throw DataErrors.CannotRead(source, $"the compressed data is damaged or cut off ({e.Message})", e);
        }

        _read += count;
        return _read <= limit()
            ? count
            : throw DataErrors.LimitExceeded(source, $"the compressed data expands to more than {limit():N0} bytes. Raise -MaxExpansion if that is right.");
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
