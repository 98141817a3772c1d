using System.Text;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>Collects strings, each a line or more, and reads them as one file.</summary>
public sealed class TextSource : IDisposable
{
    /// <summary>What messages call text that is in no file.</summary>
    public const string Name = "text";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MemoryStream _text = new();
    private bool _lineIsOpen;

    /// <summary>The text format of a name.</summary>
    public static IDataFormat FindFormat(string name) =>
        DataFormats.Find(name, Name) is { IsText: true } format ? format : throw DataErrors.FormatCannot(name, "held in a string");

    /// <summary>Adds a string; a line end stands between it and the one before, unless that brought its own.</summary>
    public void Add(string text)
    {
        try
        {
            if (_lineIsOpen)
            {
                _text.WriteByte((byte)'\n');
            }

            _text.Write(Strict.GetBytes(text));
            // An empty string is an empty line, which may stand within a quoted value.
            _lineIsOpen = !text.EndsWith('\n');
        }
        catch (EncoderFallbackException e)
        {
            throw DataErrors.CannotRead(Name, "it holds half of a character (an unpaired surrogate)", e);
        }
        catch (IOException)
        {
            throw DataErrors.LimitExceeded(Name, "it is longer than 2 GB. Read it from a file with Import-DataFile.");
        }
    }

    /// <summary>The strings as a file in UTF-8.</summary>
    public IBatchReader Open(IDataFormat format, ReadContext context)
    {
        // A mark at the start of a string that was read from a file is no part of the text.
        var bytes = _text.GetBuffer().AsMemory(0, (int)_text.Length);
        var start = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var source = new DataSource(Name, () => new MemoryStream(_text.GetBuffer(), start, bytes.Length - start, writable: false));
        return format.OpenReader!(source, context with { Options = context.Options with { Encoding = Strict } });
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();
}
