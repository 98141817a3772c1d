using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Gives text of any encoding as UTF-8. Bytes that are no text end the run with an error that names the line.</summary>
internal sealed class TranscodedStream : ForwardStream
{
    private const int BlockSize = 64 << 10;

    private readonly Stream _inner;
    private readonly string _source;
    private readonly Encoding _encoding;
    private readonly Decoder _decoder;
    private readonly Encoder _encoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetEncoder();
    private readonly byte[] _bytes = new byte[BlockSize];
    private readonly char[] _chars;
    private readonly byte[] _utf8;
    private int _at;
    private int _length;
    private long _line = 1;
    private bool _ended;

    public TranscodedStream(Stream inner, Encoding encoding, string source)
    {
        _inner = inner;
        _source = source;
        _encoding = encoding;
        _decoder = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetDecoder();
        _chars = new char[encoding.GetMaxCharCount(BlockSize)];
        _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(_chars.Length)];
    }

    public override int Read(Span<byte> buffer)
    {
        while (_at == _length && !_ended)
        {
            Decode();
        }

        var count = Math.Min(buffer.Length, _length - _at);
        _utf8.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private void Decode()
    {
        var read = _inner.Read(_bytes);
        _ended = read == 0;
        _at = 0;
        try
        {
            var chars = _decoder.GetChars(_bytes.AsSpan(0, read), _chars, flush: _ended);
            _line += _chars.AsSpan(0, chars).Count('\n');
            _length = _encoder.GetBytes(_chars.AsSpan(0, chars), _utf8, flush: _ended);
        }
        catch (DecoderFallbackException e)
        {
            var before = _encoding.GetString(_bytes, 0, Math.Clamp(e.Index, 0, read));
            throw DataErrors.MalformedFile(
                _source,
                $"{_encoding.WebName} text",
                $"line {_line + before.AsSpan().Count('\n')} holds the bytes {Convert.ToHexString(e.BytesUnknown ?? [])}, which are no character.",
                e);
        }
    }
}
