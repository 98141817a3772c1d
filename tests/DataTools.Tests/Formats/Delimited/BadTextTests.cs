using System.Text.Json;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Tests.Formats.Delimited;

public class BadTextTests
{
    [Fact]
    public void A_bad_value_is_named_with_line_column_and_reason()
    {
        var error = Assert.Throws<DataException>(() => TextFile.Read("a,n\n\"x\ny\",1\nz,oops\n", new() { SampleRows = 1 }));

        Assert.Equal("BadRow", error.Id);
        Assert.Equal(
            new Reject("test.csv", 2, 4, "n", "oops", "is not an int64, which the first 1 rows are", "z,oops"), error.Reject);
        Assert.StartsWith("test.csv, line 4, column 'n': 'oops' is not an int64", error.Message);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n4,5\n", "has 1 field instead of 2")]
    [InlineData("a,b\n1,2\n3,4,5\n4,5\n", "has 3 fields instead of 2")]
    [InlineData("a,b\n1,2\n3,4,\n4,5\n", "has 3 fields instead of 2")]
    [InlineData("a,b\n1,2\n3,x\"y\n4,5\n", "has a quote inside an unquoted field")]
    [InlineData("a,b\n1,2\n3,\"x\"y\n4,5\n", "has text after a closing quote")]
    public void A_malformed_row_is_a_reject_and_the_others_are_read(string text, string reason)
    {
        Assert.Equal("BadRow", Assert.Throws<DataException>(() => TextFile.Read(text)).Id);

        var table = TextFile.ReadLenient(text);
        var reject = JsonDocument.Parse(Assert.Single(table.Rejects)).RootElement;
        Assert.Equal([[1L, 2L], [4L, 5L]], table.Rows);
        Assert.Equal(reason, reject.GetProperty("reason").GetString());
        Assert.Equal(3, reject.GetProperty("line").GetInt64());
        Assert.Equal(2, reject.GetProperty("row").GetInt64());
        Assert.StartsWith("3", reject.GetProperty("raw").GetString());
    }

    [Fact]
    public void Missing_fields_may_be_null_but_extra_ones_never_go()
    {
        var options = new ReadOptions { Ragged = RaggedRows.FillNull };

        Assert.Equal([[1L, 2L], [3L, null]], TextFile.Read("a,b\n1,2\n3\n", options).Rows);
        Assert.Equal("BadRow", Assert.Throws<DataException>(() => TextFile.Read("a,b\n1,2\n3,4,5\n", options)).Id);
    }

    [Fact]
    public void An_unclosed_quote_is_a_reject_that_names_its_line()
    {
        var table = TextFile.ReadLenient("a,b\n1,2\n3,\"x\n4,5\n");

        var reject = Assert.Single(table.Rejects);
        Assert.Single(table.Rows);
        Assert.Contains("\"line\":3", reject);
        Assert.Contains("opens a quote that is never closed", reject);
    }

    [Fact]
    public void An_unclosed_quote_in_a_large_file_ends_in_an_error()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Repeat("1,\"x\"\n", 100_000)) + "1,\"x\n" + string.Concat(Enumerable.Repeat("1,x\n", 1_000_000));
        var error = Assert.Throws<DataException>(() => TextFile.Read(text, new() { MaxRecordBytes = 1 << 20 }));

        Assert.Equal("LimitExceeded", error.Id);
        Assert.Contains("line 100002", error.Message);
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(64)]
    public void A_record_over_the_limit_is_an_error(int pieceBytes)
    {
        var file = new TextFile("a,b\n1,x\n2," + new string('y', 2000) + "\n3,z\n") { Options = new() { MaxRecordBytes = 1000 }, PieceBytes = pieceBytes };

        Assert.Contains("line 3", Assert.Throws<DataException>(file.Read).Message);
    }

    [Fact]
    public void A_field_of_ten_megabytes_is_read()
    {
        var value = new string('x', 10 << 20) + "\n\"";
        var table = TextFile.Read("a,b\n1,\"" + value.Replace("\"", "\"\"") + "\"\n2,y\n");

        Assert.Equal([value, "y"], table.Column(1));
    }

    [Fact]
    public void Ten_thousand_columns_are_read()
    {
        var table = TextFile.Read(string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"c{i}")) + "\n" + string.Join(',', Enumerable.Range(0, 10_000)) + "\n");

        Assert.Equal(10_000, table.Names.Length);
        Assert.Equal(9_999L, table.Rows[0][9_999]);
    }

    [Fact]
    public void Nul_is_a_character_like_others() =>
        Assert.Equal("x\0y", TextFile.Read("a,b\n1,x\0y\n").Rows[0][1]);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(8)]
    public void Invalid_utf8_is_a_reject_and_never_a_replacement_character(int pieceBytes)
    {
        byte[] bytes = [.. "a,b\n1,größe\n2,x"u8, 0xFF, .. "y\n3,ok\n"u8];
        var table = new TextFile(bytes) { Policy = new() { MaxErrors = 9 }, PieceBytes = pieceBytes }.Read();

        Assert.Equal([1L, 3L], table.Column(0));
        var reject = JsonDocument.Parse(Assert.Single(table.Rejects)).RootElement;
        Assert.Equal(3, reject.GetProperty("line").GetInt64());
        Assert.Equal("b", reject.GetProperty("column").GetString());
        Assert.StartsWith("is not valid UTF-8", reject.GetProperty("reason").GetString());
    }

    [Fact]
    public void A_row_is_given_up_whole()
    {
        var table = TextFile.ReadLenient("a,b,c\n1,x,2\n,,\n3,y,oops\n4,z,5\n", new() { SampleRows = 2 });

        Assert.Equal([1L, null, 4L], table.Column(0));
        Assert.Equal(["x", null, "z"], table.Column(1));
        Assert.Equal([2L, null, 5L], table.Column(2));
    }

    [Fact]
    public void A_bad_row_in_the_sample_does_not_change_the_types()
    {
        var table = TextFile.ReadLenient("a,b\n1,2\n3,x\"y\nz\n4,5\n");

        Assert.Equal(["int64", "int64"], table.Types);
        Assert.Equal(2, table.Rejects.Count);
    }

    [Theory]
    [InlineData("\"", '"', null, null)]
    [InlineData(null, '«', null, null)]
    [InlineData(null, '"', 'é', null)]
    [InlineData(null, '"', null, '§')]
    [InlineData(null, '"', null, '"')]
    public void Characters_that_cannot_be_used_are_an_error(string? delimiter, char? quote, char? escape, char? comment) =>
        Assert.Equal("InvalidOption", Assert.Throws<DataException>(() =>
            TextFile.Read("a,b\n1,2\n", new() { Delimiter = delimiter, Quote = quote, Escape = escape, Comment = comment })).Id);
}
