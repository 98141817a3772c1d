using System.Text;

namespace DataTools.Formats.Excel.Reading;

/// <summary>
/// The rows of the cells that are read as one table, from the first that holds a value to the last. Rows between them that hold nothing are told by
/// <see cref="BlankBefore"/>.
/// </summary>
internal sealed class TableRows : IDisposable
{
    private readonly SheetRows _rows;
    private readonly CellRange _range;
    private readonly bool _trim;
    private readonly byte[][] _nullValues;
    private int _last = -1;

    private TableRows(SheetRows rows, CellRange range, ReadOptions options)
    {
        _rows = rows;
        _range = range;
        _trim = options.Trim;
        _nullValues = [.. options.NullValues.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The rows without a value between the current one and the one before it.</summary>
    public int BlankBefore { get; private set; }

    /// <summary>The number of the current row in the sheet, from 1.</summary>
    public int SheetRow => _rows.Row + 1;

    /// <summary>The cells of the current row, from the first column of the sheet.</summary>
    public Span<SheetCell> Cells => _rows.Cells;

    /// <summary>How far the sheet is read.</summary>
    public double? Progress => _rows.Progress;

    /// <summary>Opens the rows of a part.</summary>
    public static TableRows Open(SheetPart part, ReadOptions options)
    {
        var merged = options.Excel.FillMerged ? part.Book.Merged(part.Sheet) : [];
        var rows = part.Book.OpenRows(part.Sheet, options);
        try
        {
            return new TableRows(merged.Count > 0 ? new MergedRows(rows, merged) : rows, part.Range, options);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next row that holds a value; false at the end.</summary>
    public bool Read()
    {
        while (_rows.Read() && _rows.Row <= _range.LastRow)
        {
            if (_rows.Row >= _range.FirstRow && HasValue())
            {
                BlankBefore = _last < 0 ? 0 : _rows.Row - _last - 1;
                _last = _rows.Row;
                Clean();
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private bool HasValue()
    {
        var cells = _rows.Cells;
        var end = Math.Min(cells.Length - 1, _range.LastColumn);
        for (var column = _range.FirstColumn; column <= end; column++)
        {
            if (cells[column].Kind != CellKind.None)
            {
                return true;
            }
        }

        return false;
    }

    private void Clean()
    {
        if (!_trim && _nullValues.Length == 0)
        {
            return;
        }

        foreach (ref var cell in _rows.Cells)
        {
            if (_trim && cell.Kind == CellKind.Text)
            {
                cell.Text = cell.Text.Trim((byte)' ');
            }

            if (_nullValues.Length > 0 && cell.Kind != CellKind.None && Array.Exists(_nullValues, new CellText(cell).IsEqual))
            {
                cell = default;
            }
        }
    }
}
