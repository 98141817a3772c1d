using DocumentFormat.OpenXml.Spreadsheet;

namespace DataTools.Tests.Formats.Excel.Writing;

public sealed class ExcelWriterTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    private string Target => _folder["x.xlsx"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_become_cells_of_their_kind()
    {
        session.Run(
            """
            [pscustomobject][ordered]@{ i = 42; d = 1.25; m = 12.50d; flag = $true; day = [DateOnly]::new(2026, 1, 31); at = [datetime]'2026-01-31T06:00:00'
                utc = [datetime]::new(2026, 1, 31, 12, 0, 0, [DateTimeKind]::Utc); time = [TimeOnly]::new(18, 0); span = [timespan]'2.12:00:00'; text = '00501'; empty = ''; none = $null
                id = [guid]::Empty; bytes = [byte[]](1, 2); nested = @{ a = 1 } } | Export-DataFile $args[0]
            """, Target);

        using var book = new WrittenBook(Target);
        Assert.Equal("t i | t d | t m | t flag | t day | t at | t utc | t time | t span | t text | t empty | t none | t id | t bytes | t nested", book.Row(1));
        Assert.Equal("n 42 | n 1.25 | n 12.50 | b 1 | n 46053 | n 46053.25 | n 46053.5 | n 0.75 | n 2.5 | t 00501 | t  | t 00000000-0000-0000-0000-000000000000 | t AQI= | t {\"a\":1}", book.Row(2));
        Assert.Equal(["1", "0", "2", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss\"Z\"", "hh:mm:ss", "46", "0"], new[] { "A2", "B2", "C2", "E2", "F2", "G2", "H2", "I2", "J2" }.Select(c => book.Format(c)));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Values_that_a_cell_cannot_hold_stay_text()
    {
        const string Script =
            """
            [pscustomobject][ordered]@{ i = 9007199254740993; exact = 9007199254740992; m = 1234567890123456.78d; day = [DateOnly]::new(1900, 2, 28)
                span = [timespan]'-01:00:00'; nan = [double]::NaN; big = 1.5e308 } | Export-DataFile $args[0] -OnLoss $args[1]
            """;
        session.Run(Script, Target, "Stop");
        using (var book = new WrittenBook(Target))
        {
            Assert.Equal("t 9007199254740993 | n 9007199254740992 | t 1234567890123456.78 | t 1900-02-28 | t -01:00:00 | t NaN | t 1.5E+308", book.Row(2));
        }

        Assert.Equal(6, session.Warnings.Count);
        Assert.Contains("column 'i': 1 value was written as text", session.Warnings[2], StringComparison.Ordinal);

        session.Run(Script, Target, "Allow");
        using var nearest = new WrittenBook(Target);
        Assert.Equal("n 9007199254740992 | n 9007199254740992 | n 1234567890123456.8 | t 1900-02-28 | n -0.041666666666666664 | t NaN | n 9.99999999999999E+307", nearest.Row(2));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Text_keeps_every_character()
    {
        session.Run("[pscustomobject]@{ a = \" x `r`n y \"; b = \"n`0_x0041_<&>`u{1F600}\"; c = \"`u{FFFF}\"; d = '_x' } | Export-DataFile $args[0]", Target);

        using var book = new WrittenBook(Target);
        // The library does not undo the escapes of Excel's own.
        Assert.Equal("t  x _x000D_\n y  | t n_x0000__x005F_x0041_<&>\U0001F600 | t _xFFFF_ | t _x", book.Row(2));
    }

    [Fact]
    public void Text_over_the_limit_is_a_loss()
    {
        Assert.Equal("ValueLost", session.Error("[pscustomobject]@{ a = 'x' * 32768 } | Export-DataFile $args[0]", Target).FullyQualifiedErrorId.Split(',')[0]);
        Assert.False(File.Exists(Target));

        session.Run("[pscustomobject]@{ a = 'ä' * 32767; b = 'x' * 32768 } | Export-DataFile $args[0] -OnLoss Warn", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal(32767 + 2, book.Cell("A2")!.Length);
        Assert.Equal(32767 + 2, book.Cell("B2")!.Length);
        Assert.Contains("1 value was cut", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "t =A1+1")]
    [InlineData("-FormulaPolicy Text", "t =A1+1")]
    [InlineData("-FormulaPolicy Escape", "t =A1+1")]
    [InlineData("-FormulaPolicy Keep", "f A1+1")]
    public void Formulas_are_text_unless_they_are_wanted(string policy, string expected)
    {
        session.Run($"[pscustomobject]@{{ n = '=A1+1' }} | Export-DataFile $args[0] {policy}", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal(expected, book.Cell("A2"));
    }

    [Fact]
    public void Formulas_can_be_an_error() =>
        Assert.StartsWith("FormulaFound", session.Error("[pscustomobject]@{ n = '=1+1' } | Export-DataFile $args[0] -FormulaPolicy Error", Target).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Text_policy_is_an_apostrophe_in_delimited_text()
    {
        session.Run("[pscustomobject]@{ n = '=1+1' } | Export-DataFile $args[0] -FormulaPolicy Text; [pscustomobject]@{ n = '=1+1' } | Export-DataFile $args[1]", _folder["a.csv"], _folder["b.csv"]);
        Assert.Equal("n\n'=1+1\n", File.ReadAllText(_folder["a.csv"]));
        Assert.Equal("n\n=1+1\n", File.ReadAllText(_folder["b.csv"]));
    }

    [Fact]
    public void A_table_with_a_title_and_a_header_in_sight()
    {
        session.Run(
            "1..3 | ForEach-Object { [pscustomobject][ordered]@{ id = $_; 'a long name of a column' = 'x' } } | Export-DataFile $args[0] -WorksheetName Data -TableName Items -TableStyle Light9 -Title 'All items' -FreezeTopRow -BoldTopRow -AutoSize",
            Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["Data"], book.Sheets);
        Assert.Equal("t All items", book.Row(1));
        Assert.Equal(("Items", "A2:B5", "TableStyleLight9"), (book.Table().DisplayName!.Value!, book.Table().Reference!.Value!, book.Table().TableStyleInfo!.Name!.Value!));
        Assert.Equal("A3", book.Sheet().Descendants<Pane>().Single().TopLeftCell!.Value);
        Assert.NotNull(book.Font("A2").Bold);
        Assert.Null(book.Font("A3").Bold);
        Assert.True(book.Sheet().Descendants<Column>().Last().Width! > 22);
    }

    [Fact]
    public void Formats_widths_and_a_filter_by_column()
    {
        session.Run(
            "[pscustomobject][ordered]@{ id = 1; price_net = 2.5; price_all = 3.5; note = 'x' } | Export-DataFile $args[0] -NumberFormat @{ 'price_*' = '#,##0.00'; id = '0000' } -ColumnWidth @{ note = 40 } -AutoFilter",
            Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["0000", "4", "4", "0"], new[] { "A2", "B2", "C2", "D2" }.Select(c => book.Format(c)));
        Assert.Equal((4U, 40.0), (book.Sheet().Descendants<Column>().Single().Min!.Value, book.Sheet().Descendants<Column>().Single().Width!.Value));
        Assert.Equal("A1:D2", book.Sheet().Elements<AutoFilter>().Single().Reference!.Value);
    }

    [Fact]
    public void One_sheet_for_each_value()
    {
        session.Run(
            "'b', 'a/1', 'b', 'A:1', $null | ForEach-Object -Begin { $n = 0 } { $n++; [pscustomobject][ordered]@{ n = $n; k = $_ } } | Export-DataFile $args[0] -SheetBy k -TableName T", Target);

        using var book = new WrittenBook(Target);
        Assert.Equal(["b", "a_1", "A_1 (2)", "(blank)"], book.Sheets);
        Assert.Equal(["A1:B3", "A1:B2", "A1:B2", "A1:B2"], book.Sheets.Select(s => book.Table(s).Reference!.Value));
        Assert.Equal(["T", "T_2", "T_3", "T_4"], book.Sheets.Select(s => book.Table(s).DisplayName!.Value));
        Assert.Equal("n 3 | t b", book.Row(3, "b"));
    }

    [Fact]
    public void Rows_over_the_limit_are_an_error_or_go_to_a_further_sheet()
    {
        const string Rows = "Invoke-DataQuery 'SELECT i FROM range(1048577) t(i)' | Export-DataFile $args[0] ";
        Assert.StartsWith("SheetFull", session.Error(Rows, Target).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));

        session.Run(Rows + "-OnRowLimit NewSheet -WorksheetName Many", Target);
        using var zip = System.IO.Compression.ZipFile.OpenRead(Target);
        using var second = new StreamReader(zip.GetEntry("xl/worksheets/sheet2.xml")!.Open());
        Assert.Contains("<row r=\"3\"><c r=\"A3\" s=\"1\"><v>1048576</v></c></row></sheetData>", second.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_make_a_sheet_with_a_header()
    {
        session.Run("Invoke-DataQuery 'SELECT 1 AS a WHERE false' | Export-DataFile $args[0] -TableName T", Target);
        using var book = new WrittenBook(Target);
        Assert.Equal("A1:A2", book.Table().Reference!.Value);
    }

    [Theory]
    [InlineData("-WorksheetName 'a/b'", "InvalidOption")]
    [InlineData("-TableName 'A1'", "InvalidOption")]
    [InlineData("-TableName T -NoHeader", "InvalidOption")]
    [InlineData("-SheetBy a -WorksheetName x", "InvalidOption")]
    [InlineData("-NumberFormat @{ b = '0' }", "ColumnNotFound")]
    [InlineData("-SheetBy b", "ColumnNotFound")]
    [InlineData("-Template missing.xlsx", "FileNotFound")]
    public void What_cannot_be_is_an_error_before_anything_is_written(string arguments, string id)
    {
        Assert.StartsWith(id + ",", session.Error($"[pscustomobject]@{{ a = 1 }} | Export-DataFile $args[0] {arguments}", Target).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
