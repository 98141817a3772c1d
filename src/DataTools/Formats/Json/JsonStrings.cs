using System.Text;
using System.Text.Json;

namespace DataTools.Formats.Json;

/// <summary>The text of JSON strings, unescaped into a buffer that is used again.</summary>
internal sealed class JsonStrings(ReadOptions options)
{
    private readonly byte[][] _nulls = [.. options.NullValues.Select(Encoding.UTF8.GetBytes)];
    private byte[] _scratch = [];

    /// <summary>The string that the reader stands on; valid until the next call. Half a surrogate pair is an <see cref="InvalidOperationException"/>.</summary>
    public ReadOnlySpan<byte> Read(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return raw;
        }

        if (_scratch.Length < raw.Length)
        {
            _scratch = new byte[raw.Length * 2];
        }

        return _scratch.AsSpan(0, reader.CopyString(_scratch));
    }

    /// <summary>Whether the user said that the text means null.</summary>
    public bool IsNull(ReadOnlySpan<byte> text)
    {
        foreach (var candidate in _nulls)
        {
            if (text.SequenceEqual(candidate))
            {
                return true;
            }
        }

        return false;
    }
}
