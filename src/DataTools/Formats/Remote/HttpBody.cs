using System.Net;
using System.Net.Http.Headers;
using DataTools.Errors;

namespace DataTools.Formats.Remote;

/// <summary>
/// The body of an answer. Where the transfer breaks, it goes on behind the last byte, if the server says by a validator that the rest is of the same
/// version (RFC 9110, section 13.1.5); else the run ends, for a mixture would be worse.
/// </summary>
internal sealed class HttpBody : ForwardStream
{
    private readonly HttpFetcher _fetcher;
    private readonly Uri _address;
    private readonly string _name;
    private readonly byte[] _room = new byte[1 << 16];
    private HttpResponseMessage _response;
    private Stream _stream;
    private long _at;
    private int _failures;

    /// <summary>Requests an address.</summary>
    public HttpBody(HttpFetcher fetcher, Uri address)
    {
        _fetcher = fetcher;
        _address = address;
        _name = WebAddress.Show(address);
        _response = fetcher.Get(address);
        try
        {
            Check(_response.Content.Headers);
            _stream = _response.Content.ReadAsStream(fetcher.Cancellation);
        }
        catch
        {
            _response.Dispose();
            throw;
        }
    }

    /// <summary>The type that the server gives, such as text/csv.</summary>
    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>The version that the server gives.</summary>
    public EntityTagHeaderValue? Tag => _response.Headers.ETag;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        // Only an asynchronous read can be ended while the other side is silent.
        var count = Math.Min(buffer.Length, _room.Length);
        var read = Read(_room, 0, count);
        _room.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        while (true)
        {
            try
            {
                var read = ReadOnce(buffer.AsMemory(offset, count));
                _at += read;
                _failures = read > 0 ? 0 : _failures;
                return _at <= _fetcher.Options.MaxBytes ? read : throw TooLong();
            }
            catch (Exception e) when (e is IOException or TimeoutException && _failures++ < _fetcher.Options.Retries)
            {
                Resume(e);
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                throw DataErrors.CannotRead(_name, e.Message, e);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _response.Dispose();
        base.Dispose(disposing);
    }

    private int ReadOnce(Memory<byte> buffer)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_fetcher.Cancellation);
        timeout.CancelAfter(_fetcher.Options.Timeout);
        try
        {
            return _stream.ReadAsync(buffer, timeout.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!_fetcher.Cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the server was silent for {_fetcher.Options.Timeout.TotalSeconds:0} seconds");
        }
    }

    private void Resume(Exception cause)
    {
        var version = Validator() ?? (_at == 0 ? null : throw DataErrors.CannotRead(_name, $"{cause.Message} The server does not say which version it is, so that the rest cannot be fetched alone", cause));
        _fetcher.Cancellation.WaitHandle.WaitOne(_fetcher.Options.RetryDelay * Math.Pow(2, _failures - 1));
        _fetcher.Cancellation.ThrowIfCancellationRequested();
        var response = _fetcher.Get(_address, headers =>
        {
            if (_at > 0)
            {
                headers.Range = new RangeHeaderValue(_at, null);
                headers.IfRange = version;
            }
        });
        var isSame = IsSame(response);
        _response.Dispose();
        _response = response;
        if (!isSame)
        {
            throw DataErrors.SourceChanged(_name);
        }

        Check(response.Content.Headers);
        _stream = response.Content.ReadAsStream(_fetcher.Cancellation);
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            Skip(_at);
        }
    }

    /// <summary>Whether the answer is of the version that was begun.</summary>
    private bool IsSame(HttpResponseMessage next)
    {
        var same = Equals(next.Headers.ETag, Tag) && next.Content.Headers.LastModified == _response.Content.Headers.LastModified
            && next.Content.Headers.ContentEncoding.SequenceEqual(_response.Content.Headers.ContentEncoding);
        return next.StatusCode == HttpStatusCode.PartialContent ? same && next.Content.Headers.ContentRange?.From == _at : next.IsSuccessStatusCode && same;
    }

    /// <summary>What a range can be asked by: a strong tag, or a date that lies well before that of the answer (RFC 9110, section 8.8.2.2).</summary>
    private RangeConditionHeaderValue? Validator() =>
        Tag is { IsWeak: false } tag ? new RangeConditionHeaderValue(tag)
            : Tag is null && _response.Content.Headers.LastModified is { } modified && _response.Headers.Date - modified >= TimeSpan.FromSeconds(1) ? new RangeConditionHeaderValue(modified)
            : null;

    private void Skip(long count)
    {
        while (count > 0)
        {
            var read = ReadOnce(_room.AsMemory(0, (int)Math.Min(_room.Length, count)));
            count -= read > 0 ? read : throw DataErrors.SourceChanged(_name);
        }
    }

    private void Check(HttpContentHeaders headers)
    {
        if (headers.ContentEncoding.FirstOrDefault(e => e is not ("gzip" or "x-gzip" or "identity")) is { } unknown)
        {
            throw DataErrors.CannotRead(_name, $"the server compresses it as '{unknown}', which it was not asked for");
        }

        if (headers.ContentLength > _fetcher.Options.MaxBytes)
        {
            throw TooLong();
        }
    }

    private DataException TooLong() =>
        DataErrors.LimitExceeded(_name, $"it is longer than {_fetcher.Options.MaxBytes:N0} bytes. Raise -MaxDownloadSize if that is right.");
}
