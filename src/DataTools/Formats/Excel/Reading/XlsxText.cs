using System.Globalization;
using System.Text;
using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Reads the text of cells into memory that is used again.</summary>
internal sealed class XlsxText(string source, int maxLength)
{
    private const int EscapeLength = 7;

    private char[] _chars = new char[256];
    private int _length;

    /// <summary>The text read last.</summary>
    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, _length);

    /// <summary>Reads the text of the element that the reader stands on, and moves to its end.</summary>
    public void ReadElement(XmlReader reader)
    {
        _length = 0;
        Append(reader);
    }

    /// <summary>Reads the text of a shared or inline string, its formatted runs joined and its phonetic hints left out.</summary>
    public void ReadString(XmlReader reader)
    {
        _length = 0;
        var depth = reader.Depth;
        while (XlsxPackage.NextChild(reader, depth))
        {
            if (reader.LocalName == "t")
            {
                Append(reader);
            }
            else if (reader.LocalName == "r")
            {
                AppendRun(reader);
            }
        }

        Unescape();
    }

    /// <summary>Replaces _x000D_ and its like by the characters that they stand for (ECMA-376 part 1, 22.9.2.19).</summary>
    public void Unescape()
    {
        var at = Chars.IndexOf("_x");
        if (at < 0)
        {
            return;
        }

        var to = at;
        while (at < _length)
        {
            if (TryEscape(Chars[at..], out var c))
            {
                _chars[to++] = c;
                at += EscapeLength;
            }
            else
            {
                _chars[to++] = _chars[at++];
            }
        }

        _length = to;
    }

    /// <summary>The UTF-8 form in new memory.</summary>
    public byte[] ToUtf8()
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(Chars)];
        Encoding.UTF8.GetBytes(Chars, bytes);
        return bytes;
    }

    private static bool TryEscape(ReadOnlySpan<char> text, out char c)
    {
        c = default;
        if (text.Length < EscapeLength || text[0] != '_' || text[1] != 'x' || text[6] != '_'
            || !ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        c = (char)code;
        // Half of a surrogate pair is no character: the text stays as it is.
        return !char.IsSurrogate(c);
    }

    private void AppendRun(XmlReader reader)
    {
        var depth = reader.Depth;
        while (XlsxPackage.NextChild(reader, depth))
        {
            if (reader.LocalName == "t")
            {
                Append(reader);
            }
        }
    }

    private void Append(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                AppendNode(reader);
            }
        }
    }

    private void AppendNode(XmlReader reader)
    {
        for (int read; (read = reader.ReadValueChunk(_chars, _length, _chars.Length - _length)) > 0;)
        {
            _length += read;
            if (_length > maxLength)
            {
                throw DataErrors.LimitExceeded(source, $"a cell has more than {maxLength:N0} characters.");
            }

            if (_length == _chars.Length)
            {
                Array.Resize(ref _chars, _chars.Length * 2);
            }
        }
    }
}
