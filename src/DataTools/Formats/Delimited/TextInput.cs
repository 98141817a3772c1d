using System.Text;

namespace DataTools.Formats.Delimited;

/// <summary>The text of a file as UTF-8 without its mark, after the rows to skip; its start can be read several times.</summary>
internal sealed class TextInput : IDisposable
{
    /// <summary>What the encoding is judged by.</summary>
    private const int HeadBytes = 1 << 20;

    private readonly Stream _raw;
    private readonly long _rawLength;

    private TextInput(Stream raw, Stream text)
    {
        _raw = raw;
        _rawLength = raw.CanSeek ? raw.Length : 0;
        Text = new ReplayStream(text);
    }

    /// <summary>The text in UTF-8.</summary>
    public ReplayStream Text { get; }

    /// <summary>The 1-based line of the file at which the text begins.</summary>
    public long FirstLine { get; private set; } = 1;

    /// <summary>How much of the file has been read, 0 to 1; null for compressed files.</summary>
    public double? Progress => _rawLength > 0 && _raw.CanSeek ? Math.Min(1, (double)_raw.Position / _rawLength) : null;

    /// <summary>Opens a source, finds its encoding and passes over the rows to skip, and over empty lines before a header.</summary>
    public static TextInput Open(DataSource source, ReadContext context)
    {
        var raw = source.Open(context.Options);
        try
        {
            var bytes = new ReplayStream(raw);
            var (encoding, mark) = TextEncodings.Detect(bytes.Peek(HeadBytes), context.Options.Encoding, source.Name, context.Warn);
            bytes.Drop(mark);
            bytes.Rewind(recording: false);
            var input = new TextInput(raw, encoding is UTF8Encoding ? bytes : new TranscodedStream(bytes, encoding, source.Name));
            for (var i = 0; i < context.Options.SkipRows; i++)
            {
                input.SkipLine();
            }

            while (!context.Options.NoHeader && input.PeekLine(out var length).IsEmpty && length > 0)
            {
                input.SkipLine();
            }

            return input;
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>The next line without its end; it stays in the text.</summary>
    public ReadOnlySpan<byte> PeekLine(out int lengthWithEnd)
    {
        for (var size = 1024; ; size *= 2)
        {
            var head = Text.Peek(size);
            var end = head.IndexOfAny((byte)'\r', (byte)'\n');
            // A carriage return at the edge of what is read may have its line feed behind it.
            if (end < 0 || end + 1 == head.Length)
            {
                if (head.Length == size)
                {
                    continue;
                }

                lengthWithEnd = head.Length;
                return end < 0 ? head : head[..end];
            }

            lengthWithEnd = end + (head[end] == (byte)'\r' && head[end + 1] == (byte)'\n' ? 2 : 1);
            return head[..end];
        }
    }

    /// <summary>Passes over a line.</summary>
    public void SkipLine()
    {
        PeekLine(out var length);
        Text.Drop(length);
        FirstLine += length > 0 ? 1 : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Text.Dispose();
}
