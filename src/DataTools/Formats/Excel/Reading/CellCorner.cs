using System.Globalization;
using System.Text.RegularExpressions;

namespace DataTools.Formats.Excel.Reading;

/// <summary>A reference to a cell such as $B7, or to a whole column (B) or row (7); from 0, and -1 for what it does not say.</summary>
internal readonly partial record struct CellCorner(int Row, bool IsFixedRow, int Column, bool IsFixedColumn)
{
    /// <summary>Whether it names one cell.</summary>
    public bool IsCell => Row >= 0 && Column >= 0;

    /// <summary>Reads a reference in capitals.</summary>
    public static bool TryParse(string text, out CellCorner corner)
    {
        corner = default;
        if (text.Length == 0 || Pattern().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var column = match.Groups["column"] is { Length: > 0 } letters ? CellRange.ColumnOf(letters.ValueSpan) : -1;
        var row = match.Groups["row"] is { Length: > 0 } digits ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        corner = new CellCorner(row - 1, match.Groups["fixedRow"].Length > 0, column, match.Groups["fixedColumn"].Length > 0);
        return column < SheetRows.MaxColumns && row <= SheetRows.MaxRows && (row > 0) == (match.Groups["row"].Length > 0);
    }

    /// <summary>The reference some rows and columns further on: what has a dollar sign stays; what passes the edge goes on at the other one.</summary>
    public CellCorner Move(int rows, int columns) => this with
    {
        Row = Row < 0 || IsFixedRow ? Row : Around(Row + rows, SheetRows.MaxRows),
        Column = Column < 0 || IsFixedColumn ? Column : Around(Column + columns, SheetRows.MaxColumns),
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsFixedColumn ? "$" : "")}{(Column < 0 ? "" : CellRange.Letters(Column))}{(IsFixedRow ? "$" : "")}{(Row < 0 ? "" : (Row + 1).ToString(CultureInfo.InvariantCulture))}";

    private static int Around(int place, int count) => ((place % count) + count) % count;

    [GeneratedRegex(@"^(?:(?<fixedColumn>\$?)(?<column>[A-Z]{1,3}))?(?:(?<fixedRow>\$?)(?<row>[0-9]{1,7}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
