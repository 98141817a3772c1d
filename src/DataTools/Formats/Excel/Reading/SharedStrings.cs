using System.Text;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The texts that the sheets of a book share, in UTF-8.</summary>
internal sealed class SharedStrings
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<ReadOnlyMemory<byte>> _texts = [];
    private byte[] _chunk = [];
    private int _used;

    /// <summary>How many there are.</summary>
    public int Count => _texts.Count;

    /// <summary>The text of a number.</summary>
    public ReadOnlyMemory<byte> this[int index] => _texts[index];

    /// <summary>Adds the next text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > _chunk.Length - _used)
        {
            _chunk = new byte[Math.Max(ChunkBytes, length)];
            _used = 0;
        }

        var place = _chunk.AsMemory(_used, length);
        Encoding.UTF8.GetBytes(text, place.Span);
        _used += length;
        _texts.Add(place);
    }
}
