using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Tests.Formats.Json;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Xml;

public class XmlWriterTests
{
    private static readonly StructDataType Price = new([KeyValuePair.Create<string, DataType>("cur", DataTypes.Text), KeyValuePair.Create<string, DataType>("#text", DataTypes.Int64)]);

    [Fact]
    public void A_row_is_an_element_a_line()
    {
        var batch = Batch(("id", DataTypes.Int64, 1L), ("first name", DataTypes.Text, "<A & B>"), ("gone", DataTypes.Text, null), ("empty", DataTypes.Text, ""));

        Assert.Equal(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <orders xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <order id="1"><first_x0020_name>&lt;A &amp; B&gt;</first_x0020_name><gone xsi:nil="true" /><empty /></order>
            </orders>

            """.ReplaceLineEndings("\n").Replace("<empty />", "<empty></empty>", StringComparison.Ordinal),
            Write("Xml", [batch], WriteOptions.Default with { RootName = "orders", RecordName = "order", AttributeColumns = ["ID"] }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_again(bool indented)
    {
        var list = new ListDataType(DataTypes.Text);
        var batch = Batch(
            ("a b", DataTypes.Text, " \r\n\t\"'<&>]]> 😀\u0085\u2028"), ("_x0041_", DataTypes.Text, "  "), ("1st", DataTypes.Int64, -5L), ("x:y", DataTypes.Text, "\r"),
            ("price", Price, new Dictionary<string, object?> { ["cur"] = "\n\tE", ["#text"] = 7L }), ("#text", DataTypes.Text, ""),
            ("none", list, System.Array.Empty<object>()), ("one", list, new object[] { "q" }), ("two", list, new object?[] { "", null }), ("null", DataTypes.Text, null));
        var options = WriteOptions.Default with { Indented = indented, AttributeColumns = ["1st", "price.cur"] };
        var again = Read("Xml", Write("Xml", [batch], options));

        Assert.Equal(Sorted(new JsonRead(batch.Schema, [batch], [], [])), Sorted(again));
    }

    [Fact]
    public void Columns_nest_by_a_separator() =>
        Assert.Contains(
            "<a x=\"1\"><b>2</b></a>",
            Write("Xml", [Batch(("a.b", DataTypes.Int64, 2L), ("a.x", DataTypes.Int64, 1L))], WriteOptions.Default with { NestSeparator = ".", AttributeColumns = ["a.x"] }),
            StringComparison.Ordinal);

    [Fact]
    public void Characters_that_xml_cannot_hold_are_a_loss()
    {
        var batch = Batch(("t", DataTypes.Text, "a\u0000b"));
        var warnings = new List<string>();

        Assert.Equal("ValueLost", Assert.Throws<DataException>(() => Write("Xml", [batch])).Id);
        Assert.Contains("<t>a\uFFFDb</t>", Write("Xml", [batch], WriteOptions.Default with { OnLoss = LossPolicy.Warn }, warnings), StringComparison.Ordinal);
        Assert.Single(warnings);
    }

    [Fact]
    public void Nested_attributes_and_unknown_names_are_errors()
    {
        var batch = Batch(("p", Price, new Dictionary<string, object?>()));

        Assert.Equal("InvalidOption", Assert.Throws<DataException>(() => Write("Xml", [batch], WriteOptions.Default with { AttributeColumns = ["p"] })).Id);
        Assert.Equal("ColumnNotFound", Assert.Throws<DataException>(() => Write("Xml", [batch], WriteOptions.Default with { AttributeColumns = ["q"] })).Id);
    }

    [Fact]
    public void An_encoding_that_lacks_a_character_has_it_escaped() =>
        Assert.Contains("<t>&#x20AC;</t>", Write("Xml", [Batch(("t", DataTypes.Text, "€"))], WriteOptions.Default with { Encoding = System.Text.Encoding.Latin1 }), StringComparison.Ordinal);

    /// <summary>Attributes are read before elements, so the order of columns may differ.</summary>
    private static string[] Sorted(JsonRead read)
    {
        var names = read.Columns.Split("; ");
        return [.. names.Zip(read.Rows.Single().Split('|'), (n, v) => $"{n}={v}").Order(StringComparer.Ordinal)];
    }
}
