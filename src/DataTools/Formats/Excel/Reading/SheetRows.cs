using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The rows of a sheet in their order. Rows and columns count from 0; rows that hold nothing may be left out.</summary>
internal abstract class SheetRows(string source) : IDisposable
{
    /// <summary>The rows that a sheet can have.</summary>
    public const int MaxRows = 1_048_576;

    /// <summary>The columns that a sheet can have.</summary>
    public const int MaxColumns = 16_384;

    private const int FirstWidth = 64;

    private SheetCell[] _cells = new SheetCell[FirstWidth];

    /// <summary>What messages call the sheet.</summary>
    public string Source => source;

    /// <summary>The number of the current row.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>The cells of the current row, up to the last one that it has.</summary>
    public Span<SheetCell> Cells => _cells.AsSpan(0, Width);

    /// <summary>How far the sheet is read, 0 to 1, or null where that is not known.</summary>
    public virtual double? Progress => null;

    /// <summary>The cells of the current row.</summary>
    protected int Width { get; private set; }

    /// <summary>Moves to the next row; false at the end.</summary>
    public abstract bool Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the rows come from.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Begins a row without cells; rows only go forward.</summary>
    protected void Begin(int row)
    {
        if (row <= Row || row >= MaxRows)
        {
            throw DataErrors.MalformedFile(source, "Excel", $"row {row + 1L} follows row {Row + 1L}.");
        }

        Row = row;
        _cells.AsSpan(0, Width).Clear();
        Width = 0;
    }

    /// <summary>The cell of the current row at a column.</summary>
    protected ref SheetCell At(int column)
    {
        if ((uint)column >= MaxColumns)
        {
            throw DataErrors.MalformedFile(source, "Excel", $"row {Row + 1} has a cell in column {column + 1L}.");
        }

        if (column >= _cells.Length)
        {
            Array.Resize(ref _cells, Math.Min(MaxColumns, Math.Max(column + 1, _cells.Length * 2)));
        }

        Width = Math.Max(Width, column + 1);
        return ref _cells[column];
    }
}
