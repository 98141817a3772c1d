using System.Text;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.FixedWidth;
using DataTools.Tests.Formats.Delimited;

namespace DataTools.Tests.Formats.FixedWidth;

public class FixedWidthTests
{
    [Fact]
    public void Widths_split_lines_into_trimmed_typed_columns()
    {
        var table = Read("1  Anna  3.50\n22 Bén\u00A0 10.25\n", new() { Widths = [3, 5, 6] });

        Assert.Equal(["column1", "column2", "column3"], table.Names);
        Assert.Equal([[1L, "Anna", 3.50m], [22L, "Bén\u00A0", 10.25m]], table.Rows);
    }

    [Fact]
    public void Starts_leave_gaps_out_and_the_last_column_takes_the_rest()
    {
        Assert.Equal([[1L, "Anna Lee"]], Read("1--Anna Lee\n", new() { Starts = [1, 4], Widths = [1, 8] }).Rows);
        Assert.Equal([["1--", "Anna Lee"]], Read("1--Anna Lee\n", new() { Starts = [1, 4], Header = ["a", "b"] }).Rows);
        Assert.Equal(["b"], Read("1--Anna\n", new() { Starts = [1, 4], Header = ["a", "b"], Columns = ["b"] }).Names);
    }

    [Fact]
    public void A_layout_file_names_places_and_types()
    {
        WithLayout("name,start,width,type\ncode,1,5,text\nqty,8,3,int32\nnote,,4,\n", path =>
        {
            var table = Read("00501xx 12note\n", new() { Layout = path });

            Assert.Equal(["code", "qty", "note"], table.Names);
            Assert.Equal(["text", "int32", "text"], table.Types);
            Assert.Equal([["00501", 12, "note"]], table.Rows);
            Assert.Equal("int64", Read("00501xx 12note\n", new() { Layout = path, Types = new Dictionary<string, DataType> { ["QTY"] = DataTypes.Int64 } }).Types[1]);
        });
    }

    [Theory]
    [InlineData("name\nx\n", "MalformedFile")]
    [InlineData("name,width\nx,y\n", "MalformedFile")]
    [InlineData("name,width\nx,1\nX,1\n", "MalformedFile")]
    [InlineData("name,width,type\nx,1,what\n", "UnknownType")]
    [InlineData("name,start,width\nx,1,5\ny,3,1\n", "InvalidOption")]
    public void A_bad_layout_is_an_error(string layout, string id) =>
        WithLayout(layout, path => Assert.Equal(id, Assert.Throws<DataException>(() => Read("12345\n", new() { Layout = path })).Id));

    [Fact]
    public void Without_a_layout_there_is_an_error() =>
        Assert.Equal("InvalidOption", Assert.Throws<DataException>(() => Read("12345\n", new())).Id);

    [Fact]
    public void A_short_line_has_nulls_and_a_longer_one_is_a_reject()
    {
        Assert.Equal([["ab", "cd"], ["x", null]], Read("abcd\nx\nx \n", new() { Widths = [2, 2] }).Rows.Take(2));
        Assert.Equal([["ab", "cd"]], Read("abcd   \n", new() { Widths = [2, 2] }).Rows);
        var error = Assert.Throws<DataException>(() => Read("abcd\nabcde\n", new() { Widths = [2, 2] }));
        Assert.Equal(("BadRow", 2L, "has 5 characters instead of 4"), (error.Id, error.Reject!.Line, error.Reject.Reason));
    }

    [Fact]
    public void Characters_are_counted_not_bytes_and_pairs_stay_whole() =>
        Assert.Equal([["äöü", "😀x"]], Read("äöü😀x\n", new() { Widths = [3, 3] }).Rows);

    [Fact]
    public void Quotes_are_characters_like_others() =>
        Assert.Equal([["\"a", "b\""]], Read("\"ab\"\n", new() { Widths = [2, 2] }).Rows);

    [Fact]
    public void Text_is_written_at_the_left_and_numbers_at_the_right()
    {
        var batch = DelimitedWriterTests.Batch([("t", DataTypes.Text), ("n", new DecimalType(9, 2))], [["äb", 1.5m], [null, -10m], ["\"=,", null]]);
        var options = new WriteOptions { Widths = [4, 6] };

        Assert.Equal("äb    1.50\n    -10.00\n\"=,       \n", Write(batch, options));
        Assert.Equal(TextFile.Rows(batch), Read(Write(batch, options), new() { Widths = [4, 6] }).Rows);
    }

    [Fact]
    public void A_layout_file_places_what_is_written() =>
        WithLayout("name,start,width\nt,2,3\nn,7,2\n", path =>
        {
            var batch = DelimitedWriterTests.Batch([("t", DataTypes.Text), ("n", DataTypes.Int64)], [["x", 1L]]);
            Assert.Equal(" x     1\r\n", Write(batch, new() { Layout = path, NewLine = "\r\n" }));
            Assert.Equal("InvalidOption", Assert.Throws<DataException>(() => Write(DelimitedWriterTests.Batch([("n", DataTypes.Text), ("t", DataTypes.Int64)], []), new() { Layout = path })).Id);
        });

    [Theory]
    [InlineData("abcde", "Row 2, column 't': 'abcde' is longer than its 4 characters")]
    [InlineData("a\nb", "has a line break")]
    public void A_value_that_does_not_fit_is_never_cut(string value, string message)
    {
        var batch = DelimitedWriterTests.Batch([("t", DataTypes.Text)], [["abcd"], [value]]);
        var error = Assert.Throws<DataException>(() => Write(batch, new() { Widths = [4], OnLoss = LossPolicy.Allow }));

        Assert.Equal("ValueDoesNotFit", error.Id);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Fixed_width_converts_to_delimited()
    {
        var source = new DataSource("in.fwf", () => new MemoryStream(Encoding.UTF8.GetBytes("1 a,b\n2 c\n")));
        using var log = new RejectLog(new());
        using var reader = FixedWidthFormat.Instance.OpenReader!(source, new ReadContext(new() { Widths = [2, 3], Header = ["n", "t"] }, log, _ => { }));
        var batch = reader.ReadBatch(TestContext.Current.CancellationToken)!;

        Assert.Equal("n,t\n1,\"a,b\"\n2,c\n", Encoding.UTF8.GetString(DelimitedWriterTests.Write(batch)));
    }

    private static Table Read(string text, ReadOptions options) =>
        new TextFile(text) { Options = options, Open = FixedWidthFormat.Instance.OpenReader! }.Read();

    private static string Write(Apache.Arrow.RecordBatch batch, WriteOptions options) =>
        Encoding.UTF8.GetString(DelimitedWriterTests.Write(batch, options, FixedWidthFormat.Instance));

    private static void WithLayout(string text, Action<string> test)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            test(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
