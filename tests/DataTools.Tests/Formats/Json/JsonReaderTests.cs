using System.Text;
using DataTools.Data;
using DataTools.Formats;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

public class JsonReaderTests
{
    [Theory]
    [InlineData("int64", "1", "-9223372036854775808")]
    [InlineData("decimal(38,0)", "9223372036854775808", "1")]
    [InlineData("decimal", "1", "12345678901234567890123456789012345678901")]
    [InlineData("double", "1.5", "2")]
    [InlineData("double", "1.5", "0.30000000000000004")]
    [InlineData("double", "1e5", "2")]
    [InlineData("double", "-0", "1")]
    [InlineData("decimal(18,2)", "12.50", "3.25")]
    [InlineData("double", "1.0", "3.5")]
    [InlineData("decimal(38,20)", "0.12345678901234567891", "2")]
    [InlineData("decimal(38,1)", "9007199254740993", "0.5")]
    [InlineData("text", "1e400", "2")]
    [InlineData("bool", "true", "false")]
    [InlineData("text", "\"2026-01-02\"", "\"2026-01-03\"")]
    [InlineData("text", "\"1\"", "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"")]
    [InlineData("text", "null", "null")]
    [InlineData("text", "\"x\"", "1")]
    [InlineData("text", "true", "1")]
    [InlineData("json", "{\"a\":1}", "1")]
    [InlineData("json", "{\"a\":1}", "[1]")]
    [InlineData("json", "{}", "{}")]
    [InlineData("struct<a: int64, b: text>", "{\"a\":1}", "{\"b\":\"x\",\"a\":null}")]
    [InlineData("list<int64>", "[1,2]", "[]")]
    [InlineData("list<double>", "[1,2]", "[0.5]")]
    [InlineData("list<text>", "[]", "[]")]
    [InlineData("list<json>", "[1]", "[\"x\"]")]
    [InlineData("list<json>", "[1]", "[{\"a\":1}]")]
    [InlineData("list<list<int64>>", "[[1],[2,3]]", "[]")]
    [InlineData("list<struct<a: int64, b: int64>>", "[{\"a\":1}]", "[{\"b\":2}]")]
    public void A_property_gets_the_type_that_keeps_every_value(string type, string first, string second)
    {
        var read = Read("NdJson", $"{{\"v\":{first}}}\n{{\"v\":{second}}}\n");

        Assert.Equal("v " + type, read.Columns);
        Assert.Equal(2, read.Rows.Length);
    }

    [Theory]
    [InlineData("12.50", "3.25")]
    [InlineData("0.30000000000000004", "1.5")]
    [InlineData("123456789012345678901234567890.12", "1.00")]
    [InlineData("12345678901234567890123456789012345678901", "7")]
    [InlineData("1E400", "7")]
    [InlineData("-0.5", "100")]
    [InlineData("{\"b\":[1,{\"c\":2.5}]}", "1")]
    public void Values_keep_their_digits(string first, string second) =>
        Assert.Equal([first, second], Read("Json", $"[{{\"v\":{first}}},{{\"v\":{second}}}]").Rows);

    [Theory]
    [InlineData("Json", "[{\"a\":1},{\"a\":2}]")]
    [InlineData("Json", "  {\"a\":1}\r\n{\"a\":2}\r\n")]
    [InlineData("Json", "[{\"a\":1}] [{\"a\":2}]")]
    [InlineData("Json", "{\"a\":1}{\"a\":2}")]
    [InlineData("NdJson", "{\"a\":1}\r\n\r\n  \n{\"a\":2}")]
    [InlineData("NdJson", "\n {\"a\":1} \n{\"a\":2}\n")]
    public void Records_stand_in_an_array_or_one_after_the_other(string format, string text) =>
        Assert.Equal(["1", "2"], Read(format, text).Rows);

    [Theory]
    [InlineData("features", "{\"type\":\"x\",\"features\":[{\"a\":1},{\"a\":2}],\"z\":[{\"a\":9}]}")]
    [InlineData("data.items", "{\"items\":[{\"a\":9}],\"data\":{\"k\":{\"items\":[{\"a\":8}]},\"items\":[{\"a\":1},{\"a\":2}]}}")]
    [InlineData("pages.items", "{\"pages\":[{\"items\":[{\"a\":1}]},{\"items\":null},{\"items\":[{\"a\":2}]}]}")]
    [InlineData("r", "{\"r\":{\"a\":1}}{\"r\":{\"a\":2}}")]
    public void A_record_path_leads_to_the_records(string path, string text) =>
        Assert.Equal(["1", "2"], Read("Json", text, ReadOptions.Default with { RecordPath = path }).Rows);

    [Fact]
    public void A_record_path_that_leads_nowhere_is_an_error_that_names_what_is_there()
    {
        var error = Fails("Json", "{\"type\":1,\"features\":[]}", ReadOptions.Default with { RecordPath = "feature" });

        Assert.Equal("ColumnNotFound", error.Id);
        Assert.Contains("type, features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_object_is_one_record_and_a_warning_tells_of_the_array_in_it()
    {
        var read = Read("Json", "{\"type\":\"x\",\"features\":[{\"a\":1},{\"a\":2}]}");

        Assert.Single(read.Rows);
        Assert.Contains("-RecordPath features", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_the_union_in_order_of_appearance_and_missing_is_null() =>
        Assert.Equal(
            ["1|∅|∅", "∅|x|∅", "3|∅|true"],
            Read("NdJson", "{\"b\":1}\n{\"a\":\"x\",\"b\":null}\n{\"c\":true,\"b\":3}\n").Rows);

    [Fact]
    public void Mixed_scalars_become_text_with_a_warning()
    {
        var read = Read("Json", "[{\"t\":\"x\"},{\"t\":1.50},{\"t\":true}]");

        Assert.Equal(["x", "1.50", "true"], read.Rows);
        Assert.Contains("'t'", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_are_unescaped() =>
        Assert.Equal(["a\"\\/\b\f\n\r\té😀"], Read("NdJson", "{\"s\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}").Rows);

    [Fact]
    public void Escaped_names_are_the_names_they_mean() =>
        Assert.Equal(["1", "2"], Read("NdJson", "{\"é\":1}\n{\"\\u00e9\":2}").Rows);

    [Fact]
    public void Names_that_differ_only_in_case_get_a_suffix()
    {
        var read = Read("NdJson", "{\"id\":1,\"ID\":2}");

        Assert.Equal("id int64; ID_2 int64", read.Columns);
        Assert.Equal(["1|2"], read.Rows);
        Assert.Single(read.Warnings);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32", false)]
    [InlineData("utf-32BE", true)]
    public void The_encoding_is_detected(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("[{\"ä\":\"€😀\"}]")];

        var read = Read("Json", Source(bytes));

        Assert.Equal("ä text", read.Columns);
        Assert.Equal(["€😀"], read.Rows);
    }

    [Fact]
    public void A_named_encoding_is_taken() =>
        Assert.Equal(["é"], Read("NdJson", Source([.. "{\"a\":\""u8, 0xE9, .. "\"}"u8]), ReadOptions.Default with { Encoding = Encoding.Latin1 }).Rows);

    [Fact]
    public void Named_types_read_strings_and_numbers()
    {
        var types = new Dictionary<string, DataType>
        {
            ["d"] = DataTypes.Date, ["n"] = DataTypes.Int64, ["t"] = DataTypes.Text, ["j"] = DataTypes.Json, ["late"] = DataTypes.Int64, ["l"] = new ListDataType(DataTypes.Double),
        };

        var read = Read(
            "NdJson",
            "{\"d\":\"2026-01-02\",\"n\":\"5\",\"t\":1.0,\"j\":{\"x\": 1},\"l\":[1,\"2.5\"]}\n{\"d\":null,\"n\":6,\"t\":{\"y\":1},\"j\":\"s\",\"late\":7}",
            ReadOptions.Default with { Types = types, SampleRows = 1 });

        Assert.Equal("d date; n int64; t text; j json; l list<double>; late int64", read.Columns);
        Assert.Equal(["2026-01-02|5|1.0|{\"x\": 1}|[1,2.5]|∅", "∅|6|{\"y\":1}|\"s\"|∅|7"], read.Rows);
    }

    [Fact]
    public void Bare_numbers_have_the_json_form_whatever_the_culture()
    {
        var options = ReadOptions.Default with
        {
            Types = new Dictionary<string, DataType> { ["*"] = DataTypes.Double },
            Text = TextRules.Default with { Culture = System.Globalization.CultureInfo.GetCultureInfo("de-DE") },
        };

        Assert.Equal(["1.5", "1.5"], Read("NdJson", "{\"a\":1.5}\n{\"a\":\"1,5\"}", options).Rows);
    }

    [Fact]
    public void Chosen_columns_come_in_the_order_asked_for_and_others_are_passed_over()
    {
        var read = Read("NdJson", "{\"a\":1,\"b\":{\"x\":[1]},\"c\":3}\n{\"a\":1,\"late\":1,\"c\":4}", ReadOptions.Default with { Columns = ["c", "a"], SampleRows = 1 });

        Assert.Equal("c int64; a int64", read.Columns);
        Assert.Equal(["3|1", "4|1"], read.Rows);
    }

    [Fact]
    public void Flatten_makes_columns_of_members()
    {
        const string text = "{\"a\":{\"b\":1,\"c\":{\"d\":[1]}},\"e\":2}\n{\"e\":3}\n{\"a\":{\"c\":null}}";

        var all = Read("NdJson", text, ReadOptions.Default with { Flatten = true, FlattenSeparator = "_" });
        var one = Read("NdJson", text, ReadOptions.Default with { Flatten = true, FlattenDepth = 1 });

        Assert.Equal("a_b int64; a_c_d list<int64>; e int64", all.Columns);
        Assert.Equal(["1|[1]|2", "∅|∅|3", "∅|∅|∅"], all.Rows);
        Assert.Equal("a.b int64; a.c struct<d: list<int64>>; e int64", one.Columns);
    }

    [Fact]
    public void An_empty_array_has_neither_columns_nor_rows()
    {
        var read = Read("Json", "[]");

        Assert.Empty(read.Schema.FieldsList);
        Assert.Empty(read.Rows);
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("NdJson")]
    public void An_empty_file_is_an_error(string format)
    {
        Assert.Equal("EmptyFile", Fails(format, "").Id);
        Assert.Equal("EmptyFile", Fails(format, " \n\r\n").Id);
    }

    [Fact]
    public void Full_scan_sees_what_the_sample_does_not()
    {
        const string text = "{\"a\":1}\n{\"a\":1.5,\"b\":2}";

        Assert.Equal(["1|∅", "1.5|2"], Read("NdJson", text, ReadOptions.Default with { SampleRows = 1, FullScan = true }).Rows);
        Assert.Equal("BadRow", Fails("NdJson", text, ReadOptions.Default with { SampleRows = 1 }).Id);
    }
}
