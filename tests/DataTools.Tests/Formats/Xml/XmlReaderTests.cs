using System.Text;
using DataTools.Errors;
using DataTools.Formats;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Xml;

public class XmlReaderTests
{
    [Fact]
    public void Attributes_and_elements_are_columns_of_inferred_types()
    {
        var read = Read("Xml", """
            <?xml version="1.0"?>
            <orders><order id="1"><zip>00501</zip><price>9.50</price><paid>true</paid><day>2026-01-31</day></order>
            <order id="2"><zip>10001</zip><price>12.25</price><paid>false</paid><day>2026-02-01</day></order></orders>
            """);

        Assert.Equal("id int64; zip text; price decimal(18,2); paid bool; day date", read.Columns);
        Assert.Equal(["1|00501|9.50|true|2026-01-31", "2|10001|12.25|false|2026-02-01"], read.Rows);
    }

    [Fact]
    public void Null_empty_and_missing_are_told_apart()
    {
        var read = Read("Xml", """
            <r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <x><t>a</t><n>1</n></x><x><t></t><n/></x><x><t xsi:nil="true"/><n xsi:nil="1"/></x><x/></r>
            """);

        Assert.Equal("t text; n int64", read.Columns);
        Assert.Equal(["a|1", "|∅", "∅|∅", "∅|∅"], read.Rows);
    }

    [Fact]
    public void Text_keeps_its_blanks_and_is_joined_over_cdata_and_comments() =>
        Assert.Equal(
            [" a & b<c>d ", "  "],
            Read("Xml", "<r>\n  <x>\n <t> a &amp; <![CDATA[b<c>]]><!-- no -->d </t>\n </x>\n <x><t>  </t></x></r>").Rows);

    [Fact]
    public void Elements_within_are_structs_and_repeated_ones_lists()
    {
        var read = Read("Xml", """
            <r><x><who><name>A</name><age>3</age></who><tag>1</tag></x><x><who><name>B</name></who><tag>2</tag><tag>3</tag></x><x/></r>
            """);

        Assert.Equal("who struct<name: text, age: int64>; tag list<int64>", read.Columns);
        Assert.Equal(["""{"name":"A","age":3}|[1]""", """{"name":"B","age":null}|[2,3]""", "∅|∅"], read.Rows);
    }

    [Fact]
    public void Flattened_elements_are_columns()
    {
        var read = Read("Xml", """<r><x><p cur="EUR">1</p></x><x><p>2</p></x><x><p/></x></r>""", ReadOptions.Default with { Flatten = true });

        Assert.Equal("p.cur text; p.#text int64", read.Columns);
        Assert.Equal(["EUR|1", "∅|2", "∅|∅"], read.Rows);
    }

    [Fact]
    public void Text_among_elements_is_kept_in_pieces()
    {
        var read = Read("Xml", "<r><x><p>one <b>two</b> three</p></x><x><p>four</p></x></r>");

        Assert.Equal("p struct<b: text, #text: list<text>>", read.Columns);
        Assert.Equal(["""{"b":"two","#text":["one "," three"]}""", """{"b":null,"#text":["four"]}"""], read.Rows);
    }

    [Fact]
    public void Prefixes_stay_in_names_and_declarations_are_no_columns()
    {
        var read = Read("Xml", """
            <rss xmlns:m="urn:media"><channel><item><title>a</title><m:title xml:lang="de">b</m:title></item><item><title>c</title></item></channel></rss>
            """);

        Assert.Equal("title text; m:title struct<xml:lang: text, #text: text>", read.Columns);
        Assert.Equal(["""a|{"xml:lang":"de","#text":"b"}""", "c|∅"], read.Rows);
    }

    [Theory]
    [InlineData("/feed/m:entry", "1 3")]
    [InlineData("entry", "1 2 3")]
    [InlineData("//old/entry", "2")]
    [InlineData("/feed/old/entry", "2")]
    [InlineData("feed//entry", "1 2 3")]
    [InlineData("/*/*/entry", "2")]
    [InlineData("old/*", "2")]
    public void Paths_lead_to_records(string path, string expected)
    {
        const string Text = "<feed xmlns:m='urn:m'><m:entry id='1'/><old><entry id='2'/></old><m:entry id='3'/></feed>";

        Assert.Equal(expected.Split(' '), Read("Xml", Text, ReadOptions.Default with { RecordPath = path }).Rows);
    }

    [Theory]
    [InlineData("entry[1]")]
    [InlineData("a/@id")]
    [InlineData("/")]
    [InlineData("")]
    public void Paths_beyond_the_subset_are_refused(string path) =>
        Assert.Equal("InvalidOption", Fails("Xml", "<a/>", ReadOptions.Default with { RecordPath = path }).Id);

    [Fact]
    public void A_path_that_leads_nowhere_names_what_is_there() =>
        Assert.Contains("feed, entry", Fails("Xml", "<feed><entry/></feed>", ReadOptions.Default with { RecordPath = "item" }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<feed><link h='1'/><link h='2'/><entry><id>1</id></entry><entry><id>2</id></entry></feed>", "id int64")]
    [InlineData("<a><head><v>1</v></head><rows><row><n>1</n></row><row><n>2</n></row></rows></a>", "n int64")]
    [InlineData("<rows><row><n>1</n></row></rows>", "n int64")]
    [InlineData("<one><n>1</n><m>x</m></one>", "n int64; m text")]
    [InlineData("<names><name>A</name><name>B</name></names>", "#text text")]
    [InlineData("<rows/>", "")]
    public void The_records_are_what_repeats(string text, string columns) => Assert.Equal(columns, Read("Xml", text).Columns);

    [Fact]
    public void Values_beside_the_records_are_told_of() =>
        Assert.Contains("/a/rows/row", Assert.Single(Read("Xml", "<a><v>1</v><rows><row><n>1</n></row><row><n>2</n></row></rows></a>").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Elements_that_repeat_side_by_side_need_a_choice()
    {
        var error = Fails("Xml", "<a><b><n/></b><b><n/></b><c><n/></c><c><n/></c></a>");

        Assert.Equal("RecordsNotClear", error.Id);
        Assert.Contains("/a/b, /a/c", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_past_the_sample_that_do_not_fit_are_rejects_with_their_line()
    {
        var text = "<r>\n<x><n>1</n></x>\n<x>\n<n>one</n></x>\n<x><n>2</n><n>3</n></x>\n<x><m>4</m></x>\n</r>";
        var read = Read("Xml", text, ReadOptions.Default with { SampleRows = 1 }, maxErrors: 3);

        Assert.Equal(["1"], read.Rows);
        Assert.Collection(
            read.Rejects,
            r => Assert.Contains("\"row\":2,\"line\":3,\"column\":\"n\"", r, StringComparison.Ordinal),
            r => Assert.Contains("\"row\":3,\"line\":5,\"column\":\"n\"", r, StringComparison.Ordinal),
            r => Assert.Contains("\"row\":4,\"line\":6,\"column\":\"m\"", r, StringComparison.Ordinal));
    }

    [Fact]
    public void An_attribute_and_an_element_of_one_name_are_told_apart_on_request()
    {
        const string Text = "<r><x id='1'><id>2</id></x><x id='3'/></r>";

        Assert.Contains("-AttributePrefix", Fails("Xml", Text).Message, StringComparison.Ordinal);
        Assert.Equal(["1|2", "3|∅"], Read("Xml", Text, ReadOptions.Default with { AttributePrefix = "@" }).Rows);
    }

    [Fact]
    public void Named_types_nulls_and_trimming_hold_as_for_other_text() =>
        Assert.Equal(
            ["1|∅", "2|x"],
            Read("Xml", "<r><x><n> 1 </n><t>NA</t></x><x><n>2</n><t> x</t></x></r>", ReadOptions.Default with
            {
                Trim = true, NullValues = ["NA"], Types = new Dictionary<string, DataTools.Data.DataType> { ["n"] = DataTools.Data.DataTypes.Int32 },
            }).Rows);

    [Fact]
    public void The_declared_encoding_is_used()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = "<?xml version='1.0' encoding='windows-1252'?><r><x><t>Müller €</t></x></r>";

        Assert.Equal(["Müller €"], Read("Xml", Source(Encoding.GetEncoding(1252).GetBytes(text))).Rows);
        Assert.Equal(["Müller €"], Read("Xml", Source([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<r><x><t>Müller €</t></x></r>")])).Rows);
        Assert.Equal(["Müller"], Read("Xml", Source(Encoding.Latin1.GetBytes("<r><x><t>Müller</t></x></r>")), ReadOptions.Default with { Encoding = Encoding.Latin1 }).Rows);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a><b>&x;</b></a>", "MalformedFile")]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'lol'><!ENTITY y '&x;&x;'>]><a>&y;</a>", "MalformedFile")]
    [InlineData("<a><b>1</b>", "MalformedFile")]
    [InlineData("<a><b>1</c></a>", "MalformedFile")]
    [InlineData("<a><b>\u0001</b></a>", "MalformedFile")]
    [InlineData("", "EmptyFile")]
    [InlineData("no xml", "MalformedFile")]
    public void Bad_files_are_errors(string text, string id) => Assert.Equal(id, Fails("Xml", text).Id);

    [Theory]
    [InlineData("a")]
    [InlineData("/a/b")]
    [InlineData(null)]
    public void Depth_is_bounded(string? path)
    {
        var text = string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000));

        Assert.Equal("LimitExceeded", Fails("Xml", text, ReadOptions.Default with { RecordPath = path }).Id);
    }

    [Theory]
    [InlineData("<r><x><t>", "</t></x></r>")]
    [InlineData("<r><x t='", "'/></r>")]
    [InlineData("<r><", "/></r>")]
    [InlineData("<r><!--", "--></r>")]
    public void The_length_of_a_record_is_bounded(string start, string end)
    {
        var error = Fails("Xml", start + new string('x', 3_000_000) + end, ReadOptions.Default with { MaxRecordBytes = 1_000_000 });

        Assert.Equal("LimitExceeded", error.Id);
    }

    [Fact]
    public void Names_without_end_are_bounded()
    {
        var text = new StringBuilder("<r>");
        for (var i = 0; i < 200_000; i++)
        {
            text.Append("<n").Append(i).Append('x', 100).Append("/>");
        }

        Assert.Equal("LimitExceeded", Fails("Xml", text.Append("</r>").ToString(), ReadOptions.Default with { RecordPath = "/r/x" }).Id);
    }
}
