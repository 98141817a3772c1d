using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using static DataTools.Tests.Formats.Excel.TestBook;

namespace DataTools.Tests.Formats.Excel;

/// <summary>Books that are damaged, hostile or none at all end in a clear error, soon and without filling the memory.</summary>
[Collection(nameof(MeasuredMemory))]
public sealed class ExcelSafetyTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private const long MostBytes = 600L << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("xl/sharedStrings.xml", "<sst><si><t>", "</t></si></sst>")]
    [InlineData("xl/styles.xml", "<styleSheet><numFmts>", "</numFmts></styleSheet>")]
    [InlineData("xl/worksheets/sheet0.xml", "<worksheet><sheetData><row><c t=\"str\"><v>", "</v></c></row></sheetData></worksheet>")]
    public void A_zip_bomb_is_an_error(string part, string before, string after)
    {
        var path = new TestBook().Sheet("S", Row(1, "a") + "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c></row>").Write(_folder["bomb.xlsx"]);
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.GetEntry(part)!.Delete();
            using var stream = archive.CreateEntry(part, CompressionLevel.SmallestSize).Open();
            stream.Write(Encoding.ASCII.GetBytes(before));
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)' ');
            for (var i = 0; i < 300; i++)
            {
                stream.Write(block);
            }

            stream.Write(Encoding.ASCII.GetBytes(after));
        }

        Bounded(() => Fails(path, "LimitExceeded", "-MaxExpansion 10"));
    }

    [Fact]
    public void A_cell_of_more_than_a_record_is_an_error() =>
        Fails(new TestBook().Sheet("S", Row(1, "a") + Row(2, new string('x', 5000))).Write(_folder["long.xlsx"]), "LimitExceeded", "-MaxRecordSize 4000");

    [Fact]
    public void Entities_are_an_error_and_are_not_expanded()
    {
        const string Laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>";
        Bounded(() => Fails(new TestBook { Prolog = Laughs }.Sheet("S", "<row><c t=\"str\"><v>&b;</v></c></row>").Write(_folder["entities.xlsx"]), "MalformedFile"));
    }

    [Fact]
    public void Nothing_outside_of_the_book_is_ever_opened()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x";
        var links = $"<Relationship Id=\"s0\" Type=\"x/worksheet\" Target=\"worksheets/sheet0.xml\"/><Relationship Id=\"e\" Type=\"x/externalLink\" TargetMode=\"External\" Target=\"{url}\"/><Relationship Id=\"t\" Type=\"x/sharedStrings\" TargetMode=\"External\" Target=\"{url}\"/>";
        var book = new TestBook { Names = $"<definedName name=\"Far\">[{url}]Sheet1!$A$1:$B$2</definedName>", Prolog = "<?xml-stylesheet href=\"" + url + "\"?>" };
        var path = book.Sheet("S", Row(1, "a") + Row(2, 1)).Part("xl/_rels/workbook.xml.rels", Links(links)).Write(_folder["links.xlsx"]);

        Assert.Equal([1L], session.Values("(Import-DataFile $args[0]).a", path));
        Fails(path, "RangeNotFound", "-Range Far");
        Fails(new TestBook { Prolog = $"<!DOCTYPE x SYSTEM \"{url}\">" }.Sheet("S", Row(1, "a")).Write(_folder["dtd.xlsx"]), "MalformedFile");
        Assert.False(listener.Pending());
    }

    [Fact]
    public void A_million_styles_are_no_burden()
    {
        var styles = new StringBuilder("<styleSheet><cellXfs>");
        for (var i = 0; i < 1_000_000; i++)
        {
            styles.Append("<xf numFmtId=\"14\"/>");
        }

        var path = new TestBook { Styles = styles.Append("</cellXfs></styleSheet>").ToString() }.Sheet("S", Row(1, "a") + $"<row r=\"2\">{Cell("A2", 45292, 999_999)}</row>").Write(_folder["styles.xlsx"]);

        Bounded(() => Assert.Equal([new DateOnly(2024, 1, 1)], session.Values("(Import-DataFile $args[0]).a", path)));
    }

    [Fact]
    public void A_format_longer_than_any_of_Excel_makes_no_long_text()
    {
        var book = new TestBook();
        var style = book.Style("0." + new string('0', 1_000_000));
        var path = book.Sheet("S", Row(1, "a") + $"<row r=\"2\">{Cell("A2", 1.5, style)}</row>").Write(_folder["format.xlsx"]);

        Assert.Equal(["1.5"], session.Values("(Import-DataFile $args[0] -AsDisplayed).a", path));
    }

    [Theory]
    [InlineData("<row r=\"2000000000\"><c r=\"A2000000000\"><v>1</v></c></row>")]
    [InlineData("<row r=\"x\"><c><v>1</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"ZZZZZZ2\"><v>1</v></c></row>")]
    [InlineData("<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>7</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"A2\" s=\"-7\"><v>7</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"A2\"><v>1</c></row>")]
    public void Places_that_no_sheet_has_are_an_error(string row) =>
        Bounded(() => Fails(new TestBook().Sheet("S", Row(1, "a") + row).Write(_folder["places.xlsx"]), "MalformedFile"));

    [Fact]
    public void Deep_nesting_is_an_error() =>
        Bounded(() => Fails(new TestBook().Sheet("S", Row(1, "a") + "<row r=\"2\">" + string.Concat(Enumerable.Repeat("<x>", 100_000)) + string.Concat(Enumerable.Repeat("</x>", 100_000)) + "</row>").Write(_folder["deep.xlsx"]), "MalformedFile"));

    [Fact]
    public void Overlapping_merged_areas_are_an_error()
    {
        var areas = string.Concat(Enumerable.Repeat("<mergeCell ref=\"A1:XFD1048576\"/>", 20_000));
        Bounded(() => Fails(new TestBook().Sheet("S", Row(1, "a") + Row(2, 1), $"<mergeCells>{areas}</mergeCells>").Write(_folder["overlap.xlsx"]), "MalformedFile", "-FillMerged"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "-Format Csv")]
    [InlineData("<html><table></table></html>", "HTML")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("", "empty")]
    public void An_extension_that_lies_is_told(string content, string hint)
    {
        var error = session.Error("Import-DataFile $args[0]", _folder.Write("lie.xlsx", content));
        Assert.Contains(hint, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_archives_are_told_and_a_book_is_read_under_another_name()
    {
        using (var archive = ZipFile.Open(_folder["archive.xlsx"], ZipArchiveMode.Create))
        {
            archive.CreateEntry("readme.txt").Open().Dispose();
        }

        Fails(_folder["archive.xlsx"], "MalformedFile");
        Assert.Equal([1L], session.Values("(Import-DataFile $args[0]).a", new TestBook().Sheet("S", Row(1, "a") + Row(2, 1)).Write(_folder["new.xls"])));
    }

    [Theory]
    [InlineData("values.xls")]
    [InlineData("values.xlsb")]
    [InlineData("encrypted-agile.xlsx")]
    [InlineData("encrypted-rc4.xls")]
    public void Cut_and_damaged_books_end_soon(string name)
    {
        var whole = File.ReadAllBytes(Path.Combine(TestPlaces.Repository, "tests", "data", name));
        var random = new Random(7);
        Bounded(() =>
        {
            for (var i = 0; i < 60; i++)
            {
                var bytes = i % 2 == 0 ? whole[..random.Next(1, whole.Length)] : (byte[])whole.Clone();
                for (var n = 0; i % 2 == 1 && n < 20; n++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(_folder["cut" + Path.GetExtension(name)], bytes);
                // A damaged book may still be readable; what must not happen is any other exception, or no end.
                var ids = session.Values(
                    "try { $null = Import-DataFile $args[0] -NoHeader -WarningAction Ignore -ErrorAction Stop -Password $args[1] } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
                    _folder["cut" + Path.GetExtension(name)], new NetworkCredential("", "password").SecurePassword);
                Assert.All(ids, id => Assert.Contains((string)id!, Expected));
            }
        });
    }

    private static string[] Expected => ["MalformedFile", "CannotRead", "EmptyFile", "WrongPassword", "CipherNotSupported", "LimitExceeded", "SheetNotFound", "BadRow"];

    private static void Bounded(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetTotalAllocatedBytes();
        action();
        Assert.True(Stopwatch.GetElapsedTime(started) < MostTime, "It takes too long.");
        Assert.True(GC.GetTotalAllocatedBytes() - before < MostBytes, $"It takes {GC.GetTotalAllocatedBytes() - before:N0} bytes.");
    }

    private void Fails(string path, string id, string arguments = "") =>
        Assert.StartsWith(id + ",", session.Error($"Import-DataFile $args[0] {arguments}", path).FullyQualifiedErrorId, StringComparison.Ordinal);
}
