using System.Management.Automation;
using static DataTools.Tests.Formats.Excel.TestBook;

namespace DataTools.Tests.Formats.Excel;

/// <summary>Where in a book a table is.</summary>
public sealed class ExcelTableTests : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly PowerShellSession session;
    private readonly TestFolder _folder = new();
    private readonly string _path;

    public ExcelTableTests(PowerShellSession session)
    {
        this.session = session;
        const string Links = "<Relationship Id=\"t\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/table\" Target=\"../tables/table1.xml\"/>";
        _path = new TestBook { Names = "<definedName name=\"Block\">'My &amp; sheet'!$B$2:$C$4</definedName><definedName name=\"Other\">[1]Sheet1!$A$1:$B$2</definedName><definedName name=\"_xlnm.Print_Area\" hidden=\"1\">Plain!$A$1:$B$2</definedName>" }
            .Sheet("Plain", Row(1, "id", "name") + Row(2, 1, "a") + Row(3, 2, "b"))
            .Sheet("My & sheet", Row(2, null, "id", "extra") + Row(3, null, 3, "c") + Row(4, null, 4, "d") + Row(5, null, "total", 99) + "<row r=\"9\"/>")
            .Sheet("Secret", Row(1, "id") + Row(2, 5), state: "hidden")
            .Sheet("Empty", "")
            .Part("xl/worksheets/_rels/sheet1.xml.rels", TestBook.Links(Links))
            .Part("xl/tables/table1.xml", "<table displayName=\"Sales\" ref=\"B2:C5\" totalsRowCount=\"1\"><tableColumns><tableColumn name=\"id\"/><tableColumn name=\"extra\"/></tableColumns></table>")
            .Write(_folder["book.xlsx"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_visible_sheet_is_read_and_others_by_name() =>
        Assert.Equal([1L, 2L, 3L, 4L, 5L], session.Values("(Import-DataFile $args[0]).id; (Import-DataFile $args[0] -Sheet 'my*' -Range B2:C4).id; (Import-DataFile $args[0] -WorksheetName Secret).id", _path));

    [Theory]
    [InlineData("Sales")]
    [InlineData("block")]
    [InlineData("'My & sheet'!B2:C4")]
    [InlineData("'my & sheet'!$C$4:$B$2")]
    public void A_range_is_cells_a_name_or_a_table(string range)
    {
        var rows = session.Run("Import-DataFile $args[0] -Range $args[1]", _path, range);

        Assert.Equal([3L, 4L], rows.Select(r => r.Properties["id"].Value));
        Assert.Equal(["c", "d"], rows.Select(r => r.Properties["extra"].Value));
    }

    [Fact]
    public void A_table_whose_header_is_hidden_has_the_names_of_its_columns()
    {
        var path = new TestBook().Sheet("S", Row(1, 1, "a"))
            .Part("xl/worksheets/_rels/sheet0.xml.rels", TestBook.Links("<Relationship Id=\"t\" Type=\"x/table\" Target=\"/xl/t.xml\"/>"))
            .Part("xl/t.xml", "<table displayName=\"T\" ref=\"A1:B1\" headerRowCount=\"0\"><tableColumns><tableColumn name=\"n\"/><tableColumn name=\"t\"/></tableColumns></table>")
            .Write(_folder["headless.xlsx"]);

        Assert.Equal(["n", "t"], session.Values("(Import-DataFile $args[0] -Range T).PSObject.Properties.Name", path));
    }

    [Theory]
    [InlineData("-Range Nothing", "RangeNotFound")]
    [InlineData("-Range Other", "RangeNotFound")]
    [InlineData("-Range 'Gone!A1:B2'", "SheetNotFound")]
    [InlineData("-WorksheetName Gone", "SheetNotFound")]
    [InlineData("-WorksheetName Sec*", "SheetNotFound")]
    [InlineData("-WorksheetName Empty", "EmptyFile")]
    [InlineData("-Header a", "InvalidOption")]
    [InlineData("-Column gone", "ColumnNotFound")]
    [InlineData("-Type @{ gone = 'text' }", "ColumnNotFound")]
    public void What_is_not_there_is_an_error_that_says_what_is(string arguments, string id) =>
        Assert.StartsWith(id + ",", session.Error($"Import-DataFile $args[0] {arguments}", _path).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Several_sheets_are_one_table_united_by_name()
    {
        var rows = session.Run("Import-DataFile $args[0] -WorksheetName Plain, 'My*', Empty -IncludeSource -Type @{ id = 'text' }", _path);

        Assert.Equal(["1", "2", "3", "4", "total"], rows.Select(r => r.Properties["id"].Value));
        Assert.Equal(["Plain", "Plain", "My & sheet", "My & sheet", "My & sheet"], rows.Select(r => r.Properties["SourceSheet"].Value));
        Assert.Equal(_path, rows[0].Properties["SourceFile"].Value);
        Assert.Null(rows[4].Properties["name"].Value);
        Assert.Equal([1L, 2L, 5L], session.Values("(Import-DataFile $args[0] -WorksheetName Plain, S* -IncludeHidden).id", _path));
    }

    [Fact]
    public void Several_books_with_several_sheets_are_one_table()
    {
        File.Copy(_path, _folder["book2.xlsx"]);
        Assert.Equal(
            ["Plain 1", "Plain 2", "Secret 5", "Plain 1", "Plain 2", "Secret 5"],
            session.Values("Import-DataFile (Join-Path $args[0] 'book*.xlsx') -Sheet Plain, Secret -IncludeSource -Column id, SourceSheet | ForEach-Object { \"$($_.SourceSheet) $($_.id)\" }", _folder.Path));
    }

    [Fact]
    public void Blank_rows_and_columns_before_the_table_are_no_part_of_it()
    {
        var path = new TestBook().Sheet("S", Row(3, null, null, "a", null, "A") + Row(4) + Row(5, null, null, 1, 2, 3) + Row(8, null, null, 4) + "<row r=\"9\"><c r=\"C9\" s=\"0\"/></row>").Write(_folder["blank.xlsx"]);

        var rows = session.Run("Import-DataFile $args[0]", path);
        Assert.Equal(["a", "column2", "A_2"], rows[0].Properties.Select(p => p.Name));
        Assert.Equal(2, session.Warnings.Count);
        Assert.Equal([1L, null, null, 4L], rows.Select(r => r.Properties["a"].Value));
    }

    [Fact]
    public void Start_row_header_and_no_header()
    {
        var path = new TestBook().Sheet("S", Row(1, "Report") + Row(2, "id", "x") + Row(3, 1, 2)).Write(_folder["report.xlsx"]);

        Assert.Equal(["id", "x"], session.Values("(Import-DataFile $args[0] -StartRow 2).PSObject.Properties.Name", path));
        Assert.Equal(["a", "b"], session.Values("(Import-DataFile $args[0] -SkipRows 1 -Header a, b).PSObject.Properties.Name", path));
        Assert.Equal([1L, 2L], session.Values("$row = Import-DataFile $args[0] -StartRow 3 -NoHeader; $row.column1; $row.column2", path));
        Assert.Equal([2L], session.Values("(Import-DataFile $args[0] -Range B2).x", path));
        Assert.Equal([2L], session.Values("(Import-DataFile $args[0] -Range B:B).x", path));
    }

    [Fact]
    public void Merged_cells_have_their_value_once_or_everywhere()
    {
        var path = new TestBook().Sheet("S", Row(1, "a", "b") + Row(2, "x", 1) + Row(3, null, 2) + Row(6, "y", 3), "<mergeCells><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"C1:C2\"/></mergeCells>").Write(_folder["merged.xlsx"]);

        Assert.Equal(["x", null, null, null, "y"], session.Values("(Import-DataFile $args[0]).a", path));
        Assert.Equal(["x", "x", "x", null, "y"], session.Values("(Import-DataFile $args[0] -FillMerged).a", path));
    }

    [Fact]
    public void Contents_are_listed_with_the_cells_in_use()
    {
        string[] Listed(string arguments) =>
            [.. session.Run($"Get-DataSchema $args[0] -ListContents {arguments}", _path).Select(c => $"{c.Properties["Kind"].Value} {c.Properties["Name"].Value} {c.Properties["Worksheet"].Value} {c.Properties["Range"].Value}")];

        string[] shown = ["Worksheet Plain Plain A1:B3", "Worksheet My & sheet My & sheet B2:C5", "Worksheet Empty Empty ", "Table Sales My & sheet B2:C5", "Name Block  'My & sheet'!$B$2:$C$4", "Name Other  [1]Sheet1!$A$1:$B$2"];
        Assert.Equal(shown, Listed(""));
        Assert.Contains("Worksheet Secret Secret A1:A2", Listed("-IncludeHidden"));
        Assert.StartsWith("FormatCannot,", session.Error("Get-DataSchema $args[0] -ListContents", _folder.Write("a.csv", "a\n1\n")).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_sheets_and_ranges_are_completed() =>
        Assert.Equal(
            ["Plain", "Sales"],
            session.Values(
                """
                foreach ($line in "Import-DataFile '$($args[0])' -WorksheetName P", "Import-DataFile '$($args[0])' -Range S") {
                    [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText
                }
                """,
                _path));

    [Fact]
    public void A_book_streams_into_other_formats() =>
        Assert.Equal("id,name\n1,a\n2,b\n", session.Run("Import-DataFile $args[0] | Export-DataFile $args[1]; [System.IO.File]::ReadAllText($args[1])", _path, _folder["out.csv"])[^1].BaseObject);

    [Fact]
    public void A_compressed_book_is_read()
    {
        using (var from = File.OpenRead(_path))
        using (var to = new System.IO.Compression.GZipStream(File.Create(_folder["zipped.xlsx.gz"]), System.IO.Compression.CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        Assert.Equal([1L, 2L], session.Values("(Import-DataFile $args[0]).id", _folder["zipped.xlsx.gz"]));
    }
}
