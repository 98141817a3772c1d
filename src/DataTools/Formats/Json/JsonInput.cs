using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>The bytes of a JSON file as UTF-8 without a byte order mark, whatever encoding the file has.</summary>
internal sealed class JsonInput : IDisposable
{
    private const int MarkLength = 4;

    private readonly Stream _raw;
    private readonly Stream _utf8;

    private JsonInput(string name, Stream raw, Stream utf8)
    {
        Name = name;
        _raw = raw;
        _utf8 = utf8;
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>How much of the file has been read, 0 to 1, where its length is known.</summary>
    public double? Progress { get; private set; }

    /// <summary>Opens a file: its encoding is the one that was asked for, or the one that its first bytes tell.</summary>
    public static JsonInput Open(DataSource source, ReadOptions options)
    {
        var raw = source.Open(options);
        try
        {
            return new JsonInput(source.Name, raw, SkipMark(ToUtf8(raw, options.Encoding)));
        }
        catch (DecoderFallbackException e)
        {
            raw.Dispose();
            throw Undecodable(source.Name, e);
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer; fewer bytes mean the end.</summary>
    public int Fill(Span<byte> buffer)
    {
        try
        {
            var read = _utf8.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Progress = _raw.CanSeek && _raw.Length > 0 ? (double)_raw.Position / _raw.Length : null;
            return read;
        }
        catch (DecoderFallbackException e)
        {
            throw Undecodable(Name, e);
        }
        catch (IOException e)
        {
            throw DataErrors.CannotRead(Name, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _utf8.Dispose();
        _raw.Dispose();
    }

    private static DataException Undecodable(string name, DecoderFallbackException e) =>
        DataErrors.CannotRead(name, $"it holds bytes that its encoding does not know ({e.Message}). Name the encoding with -Encoding", e);

    private static Stream ToUtf8(Stream raw, Encoding? encoding)
    {
        var whole = raw;
        if (encoding is null)
        {
            whole = Peek(raw, out var head);
            encoding = Detect(head);
        }

        if (encoding is UTF8Encoding)
        {
            return whole;
        }

        // A replacement character would be a silent change.
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return Encoding.CreateTranscodingStream(whole, strict, new UTF8Encoding(false));
    }

    private static Stream SkipMark(Stream utf8)
    {
        var whole = Peek(utf8, out var head);
        if (head.AsSpan().StartsWith("\uFEFF"u8))
        {
            whole.ReadExactly(new byte[3]);
        }

        return whole;
    }

    /// <summary>A byte order mark, or the zero bytes that ASCII has in UTF-16 and UTF-32 (RFC 4627, section 3: JSON begins with ASCII).</summary>
    private static Encoding Detect(byte[] head) => head switch
    {
        [0xFF, 0xFE, 0, 0] or [not 0, 0, 0, 0] => new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        [0, 0, 0xFE, 0xFF] or [0, 0, 0, not 0] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] or [not 0, 0, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] or [0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };

    private static Stream Peek(Stream stream, out byte[] head)
    {
        head = new byte[MarkLength];
        var read = stream.ReadAtLeast(head, MarkLength, throwOnEndOfStream: false);
        head = head[..read];
        if (!stream.CanSeek)
        {
            return new PrefixedStream(head, stream);
        }

        stream.Position -= read;
        return stream;
    }
}
