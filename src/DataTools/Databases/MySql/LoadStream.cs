using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Databases.Writing;

namespace DataTools.Databases.MySql;

/// <summary>
/// The rows of a batch as the text that LOAD DATA reads, made as the driver asks for it, so that the server works meanwhile. What goes wrong here ends the text
/// and is kept: the driver would only say that a file could not be read.
/// </summary>
internal sealed class LoadStream(MySqlEncoder[] encoders, RecordBatch batch, ByteBuffer buffer, CancellationToken cancellation) : Stream
{
    private const int FillBytes = 1 << 18;

    private int _row;
    private int _sent;

    /// <summary>What went wrong; null for nothing.</summary>
    public Exception? Error { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> into)
    {
        if (_sent == buffer.Length && !Fill())
        {
            return 0;
        }

        var count = Math.Min(into.Length, buffer.Length - _sent);
        buffer.Written.Slice(_sent, count).CopyTo(into);
        _sent += count;
        return count;
    }

    public override int Read(byte[] bytes, int offset, int count) => Read(bytes.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(bytes.Span));

    public override Task<int> ReadAsync(byte[] bytes, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(bytes, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] bytes, int offset, int count) => throw new NotSupportedException();

    private bool Fill()
    {
        buffer.Truncate(0);
        _sent = 0;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            Encode();
        }
        catch (Exception e) when (e is LoadFaultException or OperationCanceledException)
        {
            Error = e;
            buffer.Truncate(0);
        }

        return buffer.Length > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Encode()
    {
        for (; _row < batch.Length && buffer.Length < FillBytes; _row++)
        {
            for (var i = 0; i < encoders.Length; i++)
            {
                if (i > 0)
                {
                    buffer.Byte((byte)'\t');
                }

                encoders[i].Write(buffer, _row);
            }

            buffer.Byte((byte)'\n');
        }
    }
}
