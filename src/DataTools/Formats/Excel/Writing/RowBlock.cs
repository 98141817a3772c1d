using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Apache.Arrow;

namespace DataTools.Formats.Excel.Writing;

/// <summary>One column of what is written: a column of the data, or of the sheet alone.</summary>
/// <param name="Source">The position in the data; -1 for a column that has none there.</param>
/// <param name="Writer">Writes its cells.</param>
internal sealed record RowCell(int Source, CellWriter Writer);

/// <summary>The XML of a range of rows.</summary>
internal sealed class RowBlock
{
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);
    private readonly List<int> _ends = [];

    /// <summary>The rows.</summary>
    public int Count => _ends.Count;

    /// <summary>The XML of all rows.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>The XML of one row.</summary>
    public ReadOnlySpan<byte> this[int row] => _text.WrittenSpan[(row == 0 ? 0 : _ends[row - 1]).._ends[row]];

    /// <summary>The XML of rows from one on.</summary>
    public ReadOnlySpan<byte> From(int row) => _text.WrittenSpan[(row == 0 ? 0 : _ends[row - 1])..];

    /// <summary>Makes the XML of rows; <paramref name="place"/> is the row of the sheet of the first, <paramref name="record"/> its 1-based number in the data.</summary>
    public void Format(RowCell[] cells, RecordBatch batch, int start, int count, int place, long record, double? height)
    {
        _text.ResetWrittenCount();
        _ends.Clear();
        var arrays = cells.Select(c => c.Source < 0 ? null! : batch.Column(c.Source)).ToArray();
        var open = Encoding.ASCII.GetBytes(height is { } points ? string.Create(CultureInfo.InvariantCulture, $"\" ht=\"{points}\" customHeight=\"1\">") : "\">");
        Span<byte> digits = stackalloc byte[10];
        for (var i = 0; i < count; i++)
        {
            Utf8Formatter.TryFormat(place + i, digits, out var length);
            var row = digits[..length];
            _text.Write("<row r=\""u8);
            _text.Write(row);
            _text.Write(open);
            for (var c = 0; c < cells.Length; c++)
            {
                cells[c].Writer.Write(arrays[c], start + i, row, record + i, _text);
            }

            _text.Write("</row>"u8);
            _ends.Add(_text.WrittenCount);
        }
    }
}
