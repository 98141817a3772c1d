namespace DataTools.Formats.Excel.Reading;

/// <summary>What a book holds.</summary>
internal static class BookContents
{
    /// <summary>The sheets with the cells that hold values, then tables and names.</summary>
    public static IReadOnlyList<ContentInfo> List(DataSource source, ReadContext context)
    {
        using var book = ExcelBook.Open(source, context.Options);
        return BookFault.Guard(source.Name, () =>
        {
            var includeHidden = context.Options.Excel.IncludeHidden;
            var contents = book.Sheets.Where(s => includeHidden || !s.IsHidden)
                .Select(s => new ContentInfo("Worksheet", s.Name, s.Name, UsedRange(book, s, context), s.IsHidden, source.Name)).ToList();
            contents.AddRange((book.Tables ?? []).Where(t => includeHidden || !t.Sheet.IsHidden)
                .Select(t => new ContentInfo("Table", t.Name, t.Sheet.Name, t.Range.ToString(), t.Sheet.IsHidden, source.Name)));
            contents.AddRange((book.Names ?? []).Where(n => includeHidden || !n.IsHidden)
                .Select(n => new ContentInfo("Name", n.Name, n.Sheet?.Name, n.Text, n.IsHidden, source.Name)));
            return contents;
        });
    }

    /// <summary>The smallest range that has all values of a sheet; null where there is none. What a sheet says of it is often wrong.</summary>
    private static string? UsedRange(ExcelBook book, BookSheet sheet, ReadContext context)
    {
        using var rows = book.OpenRows(sheet, context.Options);
        var (top, left, bottom, right) = (int.MaxValue, int.MaxValue, -1, -1);
        while (rows.Read())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var cells = rows.Cells;
            for (var column = 0; column < cells.Length; column++)
            {
                if (cells[column].Kind != CellKind.None)
                {
                    (top, bottom) = (Math.Min(top, rows.Row), rows.Row);
                    (left, right) = (Math.Min(left, column), Math.Max(right, column));
                }
            }
        }

        return bottom < 0 ? null : new CellRange(top, left, bottom, right).ToString();
    }
}
