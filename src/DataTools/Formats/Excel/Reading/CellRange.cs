using System.Globalization;

namespace DataTools.Formats.Excel.Reading;

/// <summary>A block of cells. Rows and columns count from 0 and belong to it up to the last; an open end reaches as far as the sheet.</summary>
internal readonly record struct CellRange(int FirstRow, int FirstColumn, int LastRow, int LastColumn)
{
    private const int LastOfAllRows = SheetRows.MaxRows - 1;
    private const int LastOfAllColumns = SheetRows.MaxColumns - 1;

    /// <summary>The whole sheet.</summary>
    public static readonly CellRange All = new(0, 0, LastOfAllRows, LastOfAllColumns);

    /// <summary>Whether the range says which columns it has.</summary>
    public bool HasColumns => LastColumn < LastOfAllColumns;

    /// <summary>Reads A1:C9, A:C, 1:9, with or without dollar signs, and A1, which stands for all from that cell on.</summary>
    public static bool TryParse(string text, out CellRange range)
    {
        range = All;
        var parts = text.ToUpperInvariant().Split(':');
        if (parts.Length > 2 || !CellCorner.TryParse(parts[0], out var first))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            range = new CellRange(first.Row, first.Column, LastOfAllRows, LastOfAllColumns);
            return first.IsCell;
        }

        var isRange = CellCorner.TryParse(parts[1], out var last) && first.Row < 0 == last.Row < 0 && first.Column < 0 == last.Column < 0;
        var (row, lastRow) = first.Row < 0 ? (0, LastOfAllRows) : (Math.Min(first.Row, last.Row), Math.Max(first.Row, last.Row));
        var (column, lastColumn) = first.Column < 0 ? (0, LastOfAllColumns) : (Math.Min(first.Column, last.Column), Math.Max(first.Column, last.Column));
        range = new CellRange(row, column, lastRow, lastColumn);
        return isRange;
    }

    /// <summary>The column of a cell's name such as B7; what is no name gives a column that no sheet has.</summary>
    public static int ColumnOf(ReadOnlySpan<char> cell)
    {
        var column = 0;
        foreach (var c in cell)
        {
            if (!char.IsAsciiLetter(c))
            {
                break;
            }

            column = (column * 26) + (c & 0x1F);
            if (column > SheetRows.MaxColumns)
            {
                return SheetRows.MaxColumns;
            }
        }

        return column == 0 ? SheetRows.MaxColumns : column - 1;
    }

    /// <summary>The letters of a column.</summary>
    public static string Letters(int column) =>
        column < 26 ? ((char)('A' + column)).ToString() : Letters((column / 26) - 1) + (char)('A' + (column % 26));

    /// <summary>The name of a cell.</summary>
    public static string Cell(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"{Letters(column)}{row + 1}");

    /// <inheritdoc/>
    public override string ToString() => $"{Cell(FirstRow, FirstColumn)}:{Cell(LastRow, LastColumn)}";
}
