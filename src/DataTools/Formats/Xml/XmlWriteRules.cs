using System.Buffers;
using System.Text;
using System.Xml;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Delimited;

namespace DataTools.Formats.Xml;

/// <summary>How values become text in XML, and where losses are told. One instance serves one writer.</summary>
internal sealed class XmlWriteRules(WriteOptions options)
{
    private const int ShortText = 256;

    /// <summary>What no XML 1.0 document may hold, escaped or not (XML 1.0, 2.2); halves of surrogate pairs cannot come from UTF-8.</summary>
    private static readonly SearchValues<char> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r')), '\uFFFE', '\uFFFF']);

    private readonly LocalText _local = new(options);
    private byte[] _bytes = new byte[ShortText];
    private char[] _chars = new char[ShortText];

    /// <summary>How to write.</summary>
    public WriteOptions Options => options;

    /// <summary>The 1-based number of the record at hand.</summary>
    public long Record { get; set; }

    /// <summary>The values that had to be changed.</summary>
    public long Lost { get; private set; }

    /// <summary>The text of a value that is not null, valid until the next call. What XML cannot hold ends the run or is replaced.</summary>
    public ReadOnlySpan<char> Text(DataType type, IArrowArray array, int row, string path)
    {
        if (LocalText.Applies(type, options))
        {
            return _local.Format(type, array, row);
        }

        var bytes = type is BytesType { IsVerbatim: true } ? array.Bytes(row) : Formatted(type, array, row, path);
        if (_chars.Length < bytes.Length)
        {
            _chars = new char[bytes.Length * 2];
        }

        var text = _chars.AsSpan(0, Encoding.UTF8.GetChars(bytes, _chars));
        return text.ContainsAny(Forbidden) ? Replaced(text, path) : text;
    }

    /// <summary>Writes text within an element; blanks say that they count.</summary>
    public static void WriteText(XmlWriter xml, ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && !text.ContainsAnyExcept(" \t\r\n"))
        {
            xml.WriteAttributeString("xml", "space", null, "preserve");
        }

        xml.WriteString(text.ToString());
    }

    private ReadOnlySpan<byte> Formatted(DataType type, IArrowArray array, int row, string path)
    {
        var most = type.MaxTextLength(array, row);
        _bytes = _bytes.Length < most ? new byte[most] : _bytes;
        return type.TryFormat(array, row, _bytes, out var written)
            ? _bytes.AsSpan(0, written)
            : throw DataErrors.ValueLost(path, Record, type.GetValue(array, row).ToString()!, "has no form as text");
    }

    private Span<char> Replaced(Span<char> text, string path)
    {
        if (options.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueLost(path, Record, text.ToString(), "has a character that XML cannot hold");
        }

        Lost++;
        text.ReplaceAny(Forbidden, '\uFFFD');
        return text;
    }
}
