using Microsoft.Win32.SafeHandles;

namespace DataTools.Formats.Remote;

/// <summary>
/// What can be read once only, as a source that is read as often as needed: what has passed is kept in a temporary file that nobody else sees.
/// </summary>
/// <param name="open">Gives the bytes, once.</param>
/// <param name="cancellation">Ends a read that waits for the other side.</param>
internal sealed class SpooledSource(Func<Stream> open, CancellationToken cancellation) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly byte[] _room = new byte[1 << 16];
    private SafeFileHandle? _kept;
    private Stream? _inner;
    private Task<int>? _reading;
    private long _length;
    private bool _ended;

    /// <summary>A stream of the bytes from the start.</summary>
    public Stream Open() => new Reading(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        // A read that was left waiting holds the stream; the process's end lets go of it.
        if (_reading is null or { IsCompleted: true })
        {
            _inner?.Dispose();
        }

        _kept?.Dispose();
    }

    private static SafeFileHandle NewFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // Gone even if the process is killed.
            File.Delete(path);
        }

        return handle;
    }

    private int Read(long position, Span<byte> buffer)
    {
        lock (_lock)
        {
            _kept ??= NewFile();
            if (position == _length && !_ended && !buffer.IsEmpty)
            {
                Take();
            }

            return RandomAccess.Read(_kept, buffer[..(int)Math.Min(buffer.Length, _length - position)], position);
        }
    }

    private void Take()
    {
        _inner ??= open();
        _reading = Task.Run(() => _inner.Read(_room));
        // WhenAny waits without wrapping what the read may throw.
        Task.WhenAny(_reading).Wait(cancellation);
        var read = _reading.GetAwaiter().GetResult();
        RandomAccess.Write(_kept!, _room.AsSpan(0, read), _length);
        _length += read;
        _ended = read == 0;
    }

    private sealed class Reading(SpooledSource source) : ForwardStream
    {
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(_position, buffer);
            _position += read;
            return read;
        }
    }
}
