using System.Globalization;

namespace DataTools.Formats.Excel.Writing;

/// <summary>A block of cells; rows and columns count from 1, both ends belong to it.</summary>
internal readonly record struct CellRange(int Row1, int Column1, int Row2, int Column2)
{
    /// <summary>The rows of a sheet.</summary>
    public const int MaxRows = 1_048_576;

    /// <summary>The columns of a sheet.</summary>
    public const int MaxColumns = 16_384;

    /// <summary>The letters of a column.</summary>
    public static string Letters(int column)
    {
        Span<char> text = stackalloc char[3];
        var at = text.Length;
        for (var rest = column; rest > 0; rest = (rest - 1) / 26)
        {
            text[--at] = (char)('A' + ((rest - 1) % 26));
        }

        return new string(text[at..]);
    }

    /// <summary>The name of a cell, such as B7.</summary>
    public static string Cell(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"{Letters(column)}{row}");

    /// <summary>Reads A1 or A1:B2, with or without dollar signs.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CellRange range)
    {
        var colon = text.IndexOf(':');
        var isRange = TryCell(colon < 0 ? text : text[..colon], out var row1, out var column1);
        var (row2, column2) = (row1, column1);
        isRange = isRange && (colon < 0 || TryCell(text[(colon + 1)..], out row2, out column2));
        range = new CellRange(row1, column1, row2, column2);
        return isRange;
    }

    /// <summary>Reads a range that a part of a book holds.</summary>
    public static CellRange Parse(string text) => TryParse(text, out var range) ? range : throw new InvalidDataException($"'{text}' is no range of cells");

    /// <summary>Reads the name of one cell.</summary>
    public static bool TryCell(ReadOnlySpan<char> text, out int row, out int column)
    {
        (row, column) = (0, 0);
        foreach (var c in text.Trim('$'))
        {
            if (char.IsAsciiLetter(c) && row == 0)
            {
                column = (column * 26) + (c & 0x1F);
            }
            else if (char.IsAsciiDigit(c))
            {
                row = (row * 10) + (c - '0');
            }
            else if (c != '$')
            {
                return false;
            }

            if (row > MaxRows || column > MaxColumns)
            {
                return false;
            }
        }

        return row > 0 && column > 0;
    }

    /// <inheritdoc/>
    public override string ToString() => (Row1, Column1) == (Row2, Column2) ? Cell(Row1, Column1) : $"{Cell(Row1, Column1)}:{Cell(Row2, Column2)}";

    /// <summary>The range with dollar signs, as names hold it.</summary>
    public string ToAbsolute() => string.Create(CultureInfo.InvariantCulture, $"${Letters(Column1)}${Row1}:${Letters(Column2)}${Row2}");
}
