namespace DataTools.Formats.Delimited;

/// <summary>Remembers what is read, so that a sample can be looked at first, until <see cref="Rewind"/> lets go of it.</summary>
internal sealed class ReplayStream(Stream inner) : ForwardStream
{
    private byte[] _kept = [];
    private int _length;
    private int _at;
    private bool _recording = true;

    /// <summary>The next bytes without passing them: <paramref name="count"/> of them, or fewer at the end of the stream.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_length - _at < count && Record(count - (_length - _at)) > 0)
        {
        }

        return _kept.AsSpan(_at, Math.Min(count, _length - _at));
    }

    /// <summary>Passes over bytes that were peeked at, for good.</summary>
    public void Drop(int count)
    {
        _kept.AsSpan(_at + count, _length - _at - count).CopyTo(_kept);
        _length -= _at + count;
        _at = 0;
    }

    /// <summary>Goes back to the start; what is read again from then on is not remembered unless <paramref name="recording"/>.</summary>
    public void Rewind(bool recording)
    {
        _at = 0;
        _recording = recording;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _length)
        {
            if (!_recording)
            {
                _kept = [];
                _length = _at = 0;
                return inner.Read(buffer);
            }

            Record(buffer.Length);
        }

        var count = Math.Min(buffer.Length, _length - _at);
        _kept.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private int Record(int count)
    {
        if (_kept.Length - _length < count)
        {
            Array.Resize(ref _kept, Math.Max(_length + count, _kept.Length * 2));
        }

        var read = inner.Read(_kept.AsSpan(_length, count));
        _length += read;
        return read;
    }
}
