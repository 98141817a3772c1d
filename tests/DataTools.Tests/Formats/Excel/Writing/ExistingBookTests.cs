using DocumentFormat.OpenXml.Spreadsheet;
using Charts = DocumentFormat.OpenXml.Drawing.Charts;

namespace DataTools.Tests.Formats.Excel.Writing;

public sealed class ExistingBookTests : IClassFixture<PowerShellSession>, IDisposable
{
    private const string Sales = "1..3 | ForEach-Object { [pscustomobject][ordered]@{ Amount = $_ * 1.5d; item = \"n$_\"; day = [DateOnly]::new(2026, 1, $_) } } | Export-DataFile $args[0] ";
    private const string Stock = "'cap', 'nib' | ForEach-Object { [pscustomobject][ordered]@{ pieces = 7; item = $_ } } | Export-DataFile $args[0] ";

    private readonly TestFolder _folder = new();
    private readonly PowerShellSession _session;

    public ExistingBookTests(PowerShellSession session)
    {
        _session = session;
        SampleBook.Write(Target);
    }

    private string Target => _folder["book.xlsx"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_added_below_those_that_are_there_and_look_like_the_last()
    {
        _session.Run(Sales + "-WorksheetName Sales -Append", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal("t Sales of the year", book.Cell("A1", "Sales"));
        Assert.Equal("n 46001 | t ink | n 2 | f  | n 7", book.Row(5, "Sales"));
        Assert.Equal("n 46023 | t n1 | n 1.5 | f C6*2+$C$4", book.Row(6, "Sales"));
        Assert.Equal("n 46025 | t n3 | n 4.5 | f C8*2+$C$4", book.Row(8, "Sales"));
        Assert.Equal([@"dd\.mm\.yyyy", "0", "4", "0"], new[] { "A8", "B8", "C8", "D8" }.Select(c => book.Format(c, "Sales")));
        Assert.Equal(2U, book.Style("C8", "Sales").FillId!.Value);
        Assert.Equal("right", book.Style("C8", "Sales").Alignment!.Horizontal!.InnerText);
    }

    [Fact]
    public void What_covers_the_rows_grows_with_them()
    {
        _session.Run(Sales + "-WorksheetName Sales -Append", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["Sales!$C$4:$C$8", "Sales!$C$4"], book.Main.Workbook!.DefinedNames!.Select(n => n.InnerText));
        Assert.Equal("A3:D8", book.Sheet("Sales").Elements<AutoFilter>().Single().Reference!.Value);
        Assert.Equal("C4:C8", book.Sheet("Sales").Elements<ConditionalFormatting>().Single().SequenceOfReferences!.InnerText);
        Assert.Equal("B4:B8", book.Sheet("Sales").Descendants<DataValidation>().Single().SequenceOfReferences!.InnerText);
        var chart = book.Part("Sales").DrawingsPart!.ChartParts.Single().ChartSpace!;
        Assert.Equal(["Sales!$C$3", "Sales!$B$4:$B$8", "Sales!$C$4:$C$8"], chart.Descendants<Charts.Formula>().Select(f => f.Text));
        Assert.Empty(chart.Descendants<Charts.NumberingCache>());
        Assert.Null(book.Main.CalculationChainPart);
        Assert.True(book.Main.Workbook.CalculationProperties!.FullCalculationOnLoad!.Value);
        Assert.Equal("t Total", book.Cell("B4", "Stock"));
    }

    [Fact]
    public void A_sheet_that_is_named_gets_new_rows_and_the_others_stay()
    {
        _session.Run(Sales + "-WorksheetName Sales", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["Sales", "Stock"], book.Sheets);
        Assert.Equal("n 46023 | t n1 | n 1.5 | f C4*2+$C$4", book.Row(4, "Sales"));
        Assert.Equal("n 46024 | t n2 | n 3.0 | f C5*2+$C$4 | n 7", book.Row(5, "Sales"));
        Assert.Equal("A3:D6", book.Sheet("Sales").Elements<AutoFilter>().Single().Reference!.Value);
        Assert.Equal(15.0, book.Sheet("Sales").Descendants<Column>().Single().Width!.Value);
    }

    [Fact]
    public void A_table_grows_and_its_totals_move_below()
    {
        _session.Run(Stock + "-TableName stock -Append", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(("B2:D6", "B2:D5"), (book.Table("Stock").Reference!.Value, book.Table("Stock").AutoFilter!.Reference!.Value));
        Assert.Equal("t cap | n 7 | f Stock[[#This Row],[pieces]]*2 | n 2", book.Row(4, "Stock"));
        Assert.Equal("t Total | f SUBTOTAL(109,Stock[pieces]) | ", book.Row(6, "Stock"));
        Assert.Equal("n 3", book.Cell("G9", "Stock"));
        Assert.Equal("4", book.Format("C5", "Stock"));
    }

    [Fact]
    public void A_table_shrinks_and_leaves_no_old_rows()
    {
        _session.Run(Stock + "-TableName Stock -Append; 1 | ForEach-Object { [pscustomobject]@{ pieces = 1; item = 'x' } } | Export-DataFile $args[0] -TableName Stock", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal("B2:D4", book.Table("Stock").Reference!.Value);
        Assert.Equal("t x | n 1 | f Stock[[#This Row],[pieces]]*2", book.Row(3, "Stock"));
        Assert.Equal("t Total | f SUBTOTAL(109,Stock[pieces]) |  | n 2", book.Row(4, "Stock"));
        Assert.Null(book.Cell("B5", "Stock"));
        Assert.Null(book.Cell("C6", "Stock"));
    }

    [Fact]
    public void A_template_gives_the_new_book_all_it_has()
    {
        _session.Run(Sales + "-Template $args[1]", _folder["new.xlsx"], Target);

        using var book = new WrittenBook(_folder["new.xlsx"]);
        Assert.Equal(["Sales", "Stock"], book.Sheets);
        Assert.Equal("n 46025 | t n3 | n 4.5 | f C6*2+$C$4", book.Row(6, "Sales"));
        Assert.Equal("Sales!$C$4:$C$6", book.Main.Workbook!.DefinedNames!.First().InnerText);
    }

    [Fact]
    public void A_sheet_is_added_to_a_book()
    {
        _session.Run("[pscustomobject]@{ a = [DateOnly]::new(2026, 1, 1) } | Export-DataFile $args[0] -WorksheetName New -TableName Stock", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["Sales", "Stock", "New"], book.Sheets);
        Assert.Equal("Stock_2", book.Table("New").DisplayName!.Value);
        Assert.Equal("yyyy-mm-dd", book.Format("A2", "New"));
    }

    [Fact]
    public void Dates_are_counted_as_the_book_counts_them()
    {
        SampleBook.Write(Target, is1904: true);
        _session.Run(Sales + "-WorksheetName Sales -Append", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal("n 44561", book.Cell("A6", "Sales"));
    }

    [Fact]
    public void A_format_that_would_show_other_values_is_not_taken()
    {
        _session.Run("[pscustomobject][ordered]@{ day = 5; item = [datetime]'2026-01-01'; amount = 'x' } | Export-DataFile $args[0] -WorksheetName Sales", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal(["1", "yyyy-mm-dd hh:mm:ss", "4"], new[] { "A4", "B4", "C4" }.Select(c => book.Format(c, "Sales")));
    }

    [Theory]
    [InlineData("-WorksheetName Sales -Append", "SheetMismatch")]
    [InlineData("-WorksheetName Sales", "SheetMismatch")]
    [InlineData("-TableName Stock -Append", "TableMismatch")]
    public void Other_columns_are_an_error_that_leaves_the_book_as_it_was(string arguments, string id)
    {
        var before = File.ReadAllBytes(Target);
        Assert.StartsWith(id + ",", _session.Error($"[pscustomobject]@{{ other = 1 }} | Export-DataFile $args[0] {arguments}", Target).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_sheet_with_other_columns_is_cleared_by_force()
    {
        _session.Run("[pscustomobject]@{ other = 1 } | Export-DataFile $args[0] -WorksheetName Sales -Force", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal(["t other", "n 1", null], new[] { "A1", "A2", "F5" }.Select(c => book.Cell(c, "Sales")));
        Assert.Equal("t pen", book.Cell("B3", "Stock"));
    }

    [Fact]
    public void Cells_below_a_table_are_not_overwritten()
    {
        _session.Run("1..9 | ForEach-Object { [pscustomobject]@{ v = $_ } } | Export-DataFile $args[0] -WorksheetName Other", Target);
        _session.Run("[pscustomobject]@{ item = 'x'; pieces = 1 } | Export-DataFile $args[0] -TableName Small", _folder["small.xlsx"]);
        using (var document = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(_folder["small.xlsx"], isEditable: true))
        {
            var rows = document.WorkbookPart!.WorksheetParts.Single().Worksheet!.GetFirstChild<SheetData>()!;
            rows.AppendChild(new Row(new Cell { CellReference = "A4", CellValue = new CellValue("5") }) { RowIndex = 4 });
        }

        Assert.StartsWith("NoRoom,", _session.Error("1..3 | ForEach-Object { [pscustomobject]@{ item = 'y'; pieces = $_ } } | Export-DataFile $args[0] -TableName Small -Append", _folder["small.xlsx"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_go_on_in_each_sheet_of_a_group()
    {
        const string Rows = "'a', 'b' | ForEach-Object { [pscustomobject]@{ k = $_ } } | Export-DataFile $args[0] -SheetBy k ";
        _session.Run(Rows + "; " + Rows.Replace("'b'", "'c'", StringComparison.Ordinal) + "-Append", _folder["by.xlsx"]);
        using var book = new WrittenBook(_folder["by.xlsx"]);
        Assert.Equal(["a", "b", "c"], book.Sheets);
        Assert.Equal(["t a", "t b", "t c"], book.Sheets.Select(s => book.Cell("A2", s)));
        Assert.Equal(["t a", null, null], book.Sheets.Select(s => book.Cell("A3", s)));
    }

    [Theory]
    [InlineData("not a book")]
    [InlineData("\u00D0\u00CF\u0011\u00E0")]
    [InlineData("PK\u0003\u0004")]
    public void What_is_no_book_is_an_error(string content)
    {
        File.WriteAllBytes(Target, [.. content.Select(c => (byte)c)]);
        Assert.StartsWith("UnfitBook,", _session.Error(Sales + "-Append", Target).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(content.Length, new FileInfo(Target).Length);
    }

    [Theory]
    [InlineData("xl/worksheets/sheet1.xml", "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"3\">")]
    [InlineData("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet>&a;</worksheet>")]
    [InlineData("xl/worksheets/sheet1.xml", "")]
    [InlineData("xl/styles.xml", "<styleSheet")]
    [InlineData("xl/workbook.xml", "<workbook/>")]
    public void A_damaged_book_is_an_error(string part, string content)
    {
        using (var zip = System.IO.Compression.ZipFile.Open(Target, System.IO.Compression.ZipArchiveMode.Update))
        {
            zip.GetEntry(part)!.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(part).Open());
            writer.Write(content);
        }

        var before = File.ReadAllBytes(Target);
        Assert.StartsWith("UnfitBook,", _session.Error(Sales + "-WorksheetName Sales -Append", Target).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Formats_of_old_are_not_written() =>
        Assert.StartsWith("InvalidOption,", _session.Error("[pscustomobject]@{ a = 1 } | Export-DataFile $args[0] -Format Xlsx", _folder["x.xls"]).FullyQualifiedErrorId, StringComparison.Ordinal);
}
