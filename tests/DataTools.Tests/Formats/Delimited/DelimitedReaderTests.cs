using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Delimited;

namespace DataTools.Tests.Formats.Delimited;

public class DelimitedReaderTests
{
    [Fact]
    public void A_file_becomes_typed_columns()
    {
        var table = TextFile.Read("id,name,price,when,ok\n1,Anna,12.50,2026-01-02,true\n2,Ben,3.25,2026-01-03,false\n");

        Assert.Equal(["id", "name", "price", "when", "ok"], table.Names);
        Assert.Equal(["int64", "text", "decimal(18,2)", "date", "bool"], table.Types);
        Assert.Equal([2L, "Ben", 3.25m, new DateOnly(2026, 1, 3), false], table.Rows[1]);
        Assert.All(table.Schema.FieldsList, f => Assert.True(f.IsNullable));
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n")]
    [InlineData("a;b\n1;x\n2;y\n")]
    [InlineData("a\tb\n1\tx\n2\ty\n")]
    [InlineData("a|b\n1|x\n2|y\n")]
    [InlineData("sep=;\na;b\n1;x\n2;y\n")]
    [InlineData("sep=^\r\na^b\r\n1^x\r\n2^y\r\n")]
    [InlineData("sep=||\na||b\n1||x\n2||y\n")]
    [InlineData("a,b\r1,x\r2,y\r")]
    [InlineData("a,b\r\n1,x\r\n2,y")]
    [InlineData("\n\na,b\n1,x\n\n2,y\n\n")]
    public void Delimiters_and_line_ends_are_detected(string text)
    {
        var table = TextFile.Read(text);

        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal([[1L, "x"], [2L, "y"]], table.Rows);
    }

    [Theory]
    [InlineData("::", "a::b\n1::\"x::y\"\n")]
    [InlineData("¦", "a¦b\n1¦x::y\n")]
    [InlineData("^", "a^b\n1^x::y\n")]
    public void A_delimiter_may_have_any_length(string delimiter, string text)
    {
        var table = TextFile.Read(text, new() { Delimiter = delimiter });

        Assert.Equal([1L, "x::y"], table.Rows[0]);
    }

    [Fact]
    public void A_reject_shows_a_long_delimiter_as_the_file_has_it()
    {
        var table = TextFile.ReadLenient("a::b\n1::2\n3::4::5\n", new() { Delimiter = "::" });

        Assert.Contains("3::4::5", Assert.Single(table.Rejects));
    }

    [Fact]
    public void Tsv_and_psv_have_their_own_delimiters()
    {
        Assert.Equal(["a,b", "c"], new TextFile("a,b\tc\n1\t2\n") { Format = DelimitedFormat.Tsv }.Read().Names);
        Assert.Equal(["a,b", "c"], new TextFile("a,b|c\n1|2\n") { Format = DelimitedFormat.Psv }.Read().Names);
    }

    [Fact]
    public void Quoted_fields_may_hold_delimiters_quotes_and_line_breaks()
    {
        var table = TextFile.Read("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n");

        Assert.Equal(["x,\"y\"", "1\r\n2"], table.Rows[0]);
    }

    [Fact]
    public void A_quote_with_an_escape_character_is_read()
    {
        var table = TextFile.Read("a,b\n\"say \\\"hi\\\", \\\\you\",C:\\dir\n", new() { Escape = '\\' });

        Assert.Equal(["say \"hi\", \\you", "C:\\dir"], table.Rows[0]);
    }

    [Fact]
    public void An_escape_character_without_a_quote_protects_the_delimiter()
    {
        var table = TextFile.Read("a,b\nx\\,y,\"z\"\n", new() { Escape = '\\', Quote = null });

        Assert.Equal(["x,y", "\"z\""], table.Rows[0]);
    }

    [Fact]
    public void Comments_and_rows_to_skip_are_passed_over()
    {
        var table = TextFile.Read("Report \"of\ntoday\n# it's\na,b\n# \"more\n1,2\n", new() { SkipRows = 2, Comment = '#' });

        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal([[1L, 2L]], table.Rows);
    }

    [Fact]
    public void Without_header_columns_are_numbered_or_named_by_the_user()
    {
        Assert.Equal(["column1", "column2"], TextFile.Read("1,2\n", new() { NoHeader = true }).Names);
        Assert.Equal(["x", "y"], TextFile.Read("1,2\n", new() { NoHeader = true, Header = ["x", "y"] }).Names);

        var replaced = TextFile.Read("a,b\n1,2\n", new() { Header = ["x", "y"] });
        Assert.Equal(["x", "y"], replaced.Names);
        Assert.Single(replaced.Rows);
        Assert.Equal("InvalidOption", Assert.Throws<DataException>(() => TextFile.Read("a,b\n1,2\n", new() { Header = ["x"] })).Id);
    }

    [Fact]
    public void Blank_and_double_names_become_unique_with_a_warning()
    {
        var file = new TextFile("id,,Id,\n1,2,3,4\n");
        var table = file.Read();

        Assert.Equal(["id", "column2", "Id_2", "column4"], table.Names);
        Assert.Equal([1L, 2L, 3L, 4L], table.Rows[0]);
        Assert.Equal(3, file.Warnings.Count);
        Assert.Equal("Id", table.Schema.FieldsList[2].Metadata[FieldMarks.OriginalName]);
    }

    [Fact]
    public void An_empty_cell_is_null_and_a_quoted_empty_one_is_empty_text_in_text_columns_only()
    {
        var table = TextFile.Read("t,n\nx,1\n,\n\"\",\"\"\n");

        Assert.Equal(["x", null, ""], table.Column(0));
        Assert.Equal([1L, null, null], table.Column(1));
    }

    [Fact]
    public void Null_values_are_null_unless_quoted()
    {
        var table = TextFile.Read("t,n\nNA,1\n\"NA\",NA\nx,-\n", new() { NullValues = ["NA", "-"] });

        Assert.Equal([null, "NA", "x"], table.Column(0));
        Assert.Equal([1L, null, null], table.Column(1));
    }

    [Fact]
    public void Trim_drops_spaces_around_unquoted_values_only()
    {
        var table = TextFile.Read("a , b\n 1 , \" x \"\n2,  \n3, \"\" \n", new() { Trim = true });

        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal([[1L, " x "], [2L, null], [3L, ""]], table.Rows);
    }

    [Fact]
    public void A_header_alone_gives_a_schema_and_no_rows()
    {
        var table = TextFile.Read("a,b");

        Assert.Equal(["text", "text"], table.Types);
        Assert.Empty(table.Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\r\n")]
    public void An_empty_file_is_an_error(string text) =>
        Assert.Equal("EmptyFile", Assert.Throws<DataException>(() => TextFile.Read(text)).Id);

    [Fact]
    public void The_only_column_may_be_null()
    {
        Assert.Equal(["x", null, "", "y"], TextFile.Read("\na\nx\n\n\"\"\ny\n").Column(0));
    }

    [Fact]
    public void Types_given_by_the_user_go_before_inference()
    {
        var types = new Dictionary<string, DataType> { ["*"] = DataTypes.Text, ["Amount"] = DataTypes.Double, ["q*"] = DataTypes.Int32 };
        var table = TextFile.Read("id,amount,qty\n1,0.12345678901234567891,3\n", new() { Types = types });

        Assert.Equal(["text", "double", "text"], table.Types);
        Assert.Equal(["1", 0.12345678901234567891, "3"], table.Rows[0]);
        Assert.Equal(
            "ColumnNotFound",
            Assert.Throws<DataException>(() => TextFile.Read("a\n1\n", new() { Types = new Dictionary<string, DataType> { ["b"] = DataTypes.Text } })).Id);
    }

    [Fact]
    public void Columns_are_read_in_the_order_asked_for()
    {
        var table = TextFile.Read("a,b1,b2,c\n1,2,3,4\n", new() { Columns = ["c", "b*"] });

        Assert.Equal(["c", "b1", "b2"], table.Names);
        Assert.Equal([4L, 2L, 3L], table.Rows[0]);
        Assert.Equal("ColumnNotFound", Assert.Throws<DataException>(() => TextFile.Read("a\n1\n", new() { Columns = ["b"] })).Id);
    }

    [Fact]
    public void A_column_that_is_not_read_is_not_judged()
    {
        var table = TextFile.Read("a,b\n1,2\n3,x\n", new() { Columns = ["a"], SampleRows = 1 });

        Assert.Equal([1L, 3L], table.Column(0));
    }

    [Fact]
    public void A_full_scan_infers_from_every_row()
    {
        const string Text = "a\n1\n2\nx\n";

        Assert.Equal("BadRow", Assert.Throws<DataException>(() => TextFile.Read(Text, new() { SampleRows = 2 })).Id);
        Assert.Equal(["1", "2", "x"], TextFile.Read(Text, new() { SampleRows = 2, FullScan = true }).Column(0));
    }

    [Fact]
    public void Leading_zeros_decimals_and_ambiguous_dates_stay_what_they_are()
    {
        var table = TextFile.Read("zip,price,day,year\n00501,1.50,1/2/2026,0001-01-01\n10001,2.00,3/4/2026,9999-12-31\n");

        Assert.Equal(["text", "decimal(18,2)", "text", "date"], table.Types);
        Assert.Equal(new DateOnly(1, 1, 1), table.Rows[0][3]);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public void The_machine_s_culture_does_not_matter(string culture)
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new(culture);
        try
        {
            var table = TextFile.Read("ID;x\n1.5;TRUE\n2.5;false\n", new() { Columns = ["id", "X"] });
            Assert.Equal([[1.5m, true], [2.5m, false]], table.Rows);
            Assert.Equal("text", TextFile.Read("x\n\"1,5\"\n\"2,25\"\n").Types[0]);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_culture_given_by_the_user_counts()
    {
        var options = new ReadOptions { Text = new() { Culture = new("de-DE") } };

        Assert.Equal([1234.5m, 2.25m], TextFile.Read("x;y\n1.234,50;1\n2,25;2\n", options).Column(0));
    }

    [Fact]
    public void A_bom_before_a_quoted_header_is_no_part_of_the_name() =>
        Assert.Equal(["a b", "c"], TextFile.Read("\uFEFF\"a b\",c\n1,2\n").Names);

    [Fact]
    public void Progress_reaches_the_end()
    {
        using var log = new RejectLog(new());
        using var reader = DelimitedFormat.Csv.Open(new TextFile("a\n1\n").Source, new ReadContext(ReadOptions.Default, log, _ => { }));
        while (reader.ReadBatch(TestContext.Current.CancellationToken) is not null)
        {
        }

        Assert.Equal(1, reader.Progress);
    }
}
