using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The rows of a sheet with the value of each merged area in all of its cells.</summary>
internal sealed class MergedRows : SheetRows
{
    private readonly SheetRows _inner;
    private readonly Queue<CellRange> _coming;
    private readonly List<(CellRange Area, SheetCell Value)> _open = [];
    private bool _hasNext;

    /// <summary>Fills the areas in rows that have not been read yet; they close with this.</summary>
    public MergedRows(SheetRows inner, IEnumerable<CellRange> areas)
        : base(inner.Source)
    {
        _inner = inner;
        _coming = new Queue<CellRange>(areas.OrderBy(a => a.FirstRow));
        _hasNext = inner.Read();
    }

    /// <inheritdoc/>
    public override double? Progress => _inner.Progress;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (Row >= 0 && Row == _inner.Row)
        {
            _hasNext = _inner.Read();
        }

        _open.RemoveAll(o => o.Area.LastRow <= Row);
        if (!_hasNext && _open.Count == 0)
        {
            return false;
        }

        // Rows of an area that hold nothing else need not be in the sheet.
        Begin(_open.Count > 0 ? Row + 1 : _inner.Row);
        if (_hasNext && Row == _inner.Row)
        {
            var cells = _inner.Cells;
            for (var column = cells.Length - 1; column >= 0; column--)
            {
                At(column) = cells[column];
            }
        }

        OpenAreas();
        Fill();
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private void OpenAreas()
    {
        while (_coming.TryPeek(out var area) && area.FirstRow <= Row)
        {
            _coming.Dequeue();
            var value = area.FirstRow == Row && area.FirstColumn < Cells.Length ? Cells[area.FirstColumn] : default;
            if (value.Kind != CellKind.None)
            {
                value.Text = value.Text.ToArray();
                _open.Add((area, value));
            }
        }

        if (_open.Count > MaxColumns)
        {
            throw DataErrors.MalformedFile(Source, "Excel", "its merged areas overlap.");
        }
    }

    private void Fill()
    {
        foreach (var (area, value) in _open)
        {
            for (var column = area.FirstColumn; column <= area.LastColumn; column++)
            {
                At(column) = value;
            }
        }
    }
}
