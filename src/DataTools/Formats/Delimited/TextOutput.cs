using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Writes UTF-8 text to a stream in the encoding that the user asked for.</summary>
internal sealed class TextOutput
{
    private readonly Stream _stream;
    private readonly WriteContext _context;
    private readonly Encoding? _encoding;
    private readonly Encoding? _lossy;
    private long _lost;

    public TextOutput(Stream stream, WriteContext context)
    {
        _stream = stream;
        _context = context;
        if (context.Options.Encoding is { } encoding and not UTF8Encoding)
        {
            _encoding = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            _lossy = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);
        }
    }

    /// <summary>Writes the byte order mark of an encoding that has one, at the start of a file.</summary>
    public void WriteMark()
    {
        if (_context.Options.Encoding is { } encoding && (!_stream.CanSeek || _stream.Position == 0))
        {
            _stream.Write(encoding.Preamble);
        }
    }

    /// <summary>
    /// Writes text. <paramref name="locate"/> finds the first cell that <see cref="CanEncode"/> refuses, for the error that names it.
    /// </summary>
    public void Write(ReadOnlySpan<byte> utf8, Func<DataException> locate)
    {
        if (_encoding is null)
        {
            _stream.Write(utf8);
            return;
        }

        var text = Encoding.UTF8.GetString(utf8);
        try
        {
            _stream.Write(_encoding.GetBytes(text));
        }
        catch (EncoderFallbackException)
        {
            if (_context.Options.OnLoss == LossPolicy.Stop)
            {
                throw locate();
            }

            var bytes = _lossy!.GetBytes(text);
            _lost += _lossy.GetString(bytes).AsSpan().Count('?') - text.AsSpan().Count('?');
            _stream.Write(bytes);
        }
    }

    /// <summary>Tells of the characters that were lost, and hands everything to the stream's owner.</summary>
    public void Complete()
    {
        if (_lost > 0 && _context.Options.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_context.Target}: {_lost} characters that {_encoding!.WebName} does not have were written as '?'.");
        }

        _stream.Flush();
    }

    /// <summary>Whether the encoding has every character of a text.</summary>
    public bool CanEncode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return _encoding is null || _encoding.GetByteCount(Encoding.UTF8.GetString(utf8)) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>The error for a text that the encoding does not have.</summary>
    public DataException Unencodable(string column, long row, ReadOnlySpan<byte> utf8) =>
        DataErrors.ValueLost(column, row, Encoding.UTF8.GetString(utf8), $"has characters that {_encoding!.WebName} does not have");
}
