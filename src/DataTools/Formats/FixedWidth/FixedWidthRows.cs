using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Delimited;

namespace DataTools.Formats.FixedWidth;

/// <summary>Rows whose fields stand at fixed places: text at the left of its column, numbers at the right. Nothing is ever cut.</summary>
internal sealed class FixedWidthRows : IRowLayout
{
    private readonly CellQuoting _quoting;
    private readonly FixedWidthColumn[] _columns;
    private readonly string[] _names;
    private readonly bool[] _isNumber;
    private readonly byte[] _newLine;
    private readonly int _width;

    public FixedWidthRows(Schema schema, WriteOptions options)
    {
        var layout = options.Layout is { } path ? FixedWidthLayout.FromFile(path) : FixedWidthLayout.FromWidths(options.Widths);
        _quoting = new CellQuoting(null, options);
        _columns = [.. layout.Columns];
        _names = [.. schema.FieldsList.Select(f => f.Name)];
        _isNumber = [.. schema.FieldsList.Select(f => DataTypes.IsNumber(DataTypes.Of(f)))];
        _newLine = Encoding.UTF8.GetBytes(options.NewLine);
        Columns = [.. schema.FieldsList.Select(f => CellFormatter.Create(f, options, _quoting))];
        if (_columns.Length != _names.Length || layout.Names.Where((n, i) => !string.Equals(n, _names[i], StringComparison.OrdinalIgnoreCase)).Any())
        {
            throw DataErrors.InvalidOption(
                $"The layout is of {_columns.Length} columns ({string.Join(", ", layout.Names)}), but the data has {_names.Length}: {string.Join(", ", _names)}. Give -Width or -Layout for these.");
        }

        _width = _columns.Sum(c => c.Width) + _columns[^1].Start;
    }

    /// <inheritdoc/>
    public IReadOnlyList<CellFormatter> Columns { get; }

    /// <inheritdoc/>
    public long Lost => _quoting.Lost;

    /// <inheritdoc/>
    public void AddRows(ReadOnlySpan<CellBuffer> cells, int count, long row, CellBuffer into)
    {
        for (var i = 0; i < count; i++)
        {
            AddRow(cells, i, row + i, into);
        }
    }

    private void AddRow(ReadOnlySpan<CellBuffer> cells, int cell, long row, CellBuffer into)
    {
        var bytes = 0;
        foreach (var column in cells)
        {
            bytes += column[cell].Length;
        }

        var room = into.Reserve(bytes + _width + _newLine.Length);
        var at = 0;
        var place = 1;
        for (var i = 0; i < cells.Length; i++)
        {
            var text = cells[i][cell];
            var padding = _columns[i].Width - Measure(text, i, row);
            at = Fill(room, at, _columns[i].Start - place + (_isNumber[i] ? padding : 0));
            text.CopyTo(room[at..]);
            at = Fill(room, at + text.Length, _isNumber[i] ? 0 : padding);
            place = _columns[i].Start + _columns[i].Width;
        }

        _newLine.CopyTo(room[at..]);
        into.Close(at + _newLine.Length);
    }

    private static int Fill(Span<byte> room, int at, int count)
    {
        room.Slice(at, count).Fill((byte)' ');
        return at + count;
    }

    /// <summary>The characters of a text that fits its column.</summary>
    private int Measure(ReadOnlySpan<byte> text, int column, long row)
    {
        var length = Encoding.UTF8.GetCharCount(text);
        if (length > _columns[column].Width)
        {
            throw DataErrors.ValueDoesNotFit(_names[column], row, Encoding.UTF8.GetString(text), $"is longer than its {_columns[column].Width} characters");
        }

        return text.IndexOfAny((byte)'\r', (byte)'\n') < 0 ? length
            : throw DataErrors.ValueDoesNotFit(_names[column], row, Encoding.UTF8.GetString(text), "has a line break, which fixed-width text cannot hold");
    }
}
