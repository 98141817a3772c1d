using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

public class JsonWriterTests
{
    [Fact]
    public void Every_type_has_its_form()
    {
        (DataType Type, object Value)[] values =
        [
            (DataTypes.Bool, true), (DataTypes.Int64, long.MinValue), (DataTypes.UInt64, ulong.MaxValue), (DataTypes.Double, 0.1), (DataTypes.Float, 1e20f),
            (new DecimalType(10, 2), 12.50m), (DataTypes.DecimalText, "123456789012345678901234567890.10"), (DataTypes.DecimalText, "007"),
            (DataTypes.Text, "a\"b\\\n\u0001é"), (DataTypes.Json, "{\"x\": [1.0]}"), (DataTypes.Binary, new byte[] { 0, 255 }),
            (DataTypes.Date, new DateOnly(1, 1, 1)), (DataTypes.Time, new TimeOnly(3, 4, 5)),
            (DataTypes.Timestamp, new DateTime(2026, 1, 2, 3, 4, 5)), (DataTypes.TimestampUtc, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
            (DataTypes.Duration, TimeSpan.FromMinutes(90)), (DataTypes.Uuid, Guid.Empty), (DataTypes.Text, DBNull.Value),
        ];
        var batch = Batch(values.Select((v, i) => ($"c{i}", v.Type, (object?)v.Value)).ToArray());

        Assert.Equal(
            """
            {"c0":true,"c1":-9223372036854775808,"c2":18446744073709551615,"c3":0.1,"c4":1E+20,"c5":12.50,"c6":123456789012345678901234567890.10,"c7":"007","c8":"a\"b\\\n\u0001é","c9":{"x": [1.0]},"c10":"AP8=","c11":"0001-01-01","c12":"03:04:05","c13":"2026-01-02T03:04:05","c14":"2026-01-02T03:04:05Z","c15":"01:30:00","c16":"00000000-0000-0000-0000-000000000000","c17":null}

            """,
            Write("NdJson", [batch]));
    }

    [Fact]
    public void Json_is_an_array_with_a_record_a_line()
    {
        Assert.Equal("[\n{\"a\":1},\n{\"a\":2},\n{\"a\":3}\n]\n", Write("Json", [Ints(1, 2), Ints(3)]));
        Assert.Equal("[]\n", Write("Json", []));
        Assert.Equal("", Write("NdJson", []));
    }

    [Fact]
    public void Indented_json_is_indented_through()
    {
        Assert.Equal(
            "[\r\n  {\r\n    \"a\": 1\r\n  },\r\n  {\r\n    \"a\": 2\r\n  },\r\n  {\r\n    \"a\": 3\r\n  }\r\n]\r\n",
            Write("Json", [Ints(1, 2), Ints(3)], WriteOptions.Default with { Indented = true, NewLine = "\r\n" }));
    }

    [Fact]
    public void Many_rows_come_in_order()
    {
        var rows = Enumerable.Range(0, 30_000).Select(i => (long)i).ToArray();

        foreach (var options in new[] { WriteOptions.Default, WriteOptions.Default with { Indented = true } })
        {
            var read = Read("Json", Write("Json", [Ints(rows[..20_000]), Ints(rows[20_000..])], options));

            Assert.Equal(rows.Select(r => r.ToString(CultureInfo.InvariantCulture)), read.Rows);
        }
    }

    [Fact]
    public void Json_columns_stay_on_their_line()
    {
        var batch = Batch(("a", DataTypes.Json, "{\n \"x\": 1.50,\r\n \"y\": \"\\n\"\n}"));

        Assert.Equal("{\"a\":{\"x\":1.50,\"y\":\"\\n\"}}\n", Write("NdJson", [batch]));
    }

    [Fact]
    public void Deep_json_is_written_as_it_is()
    {
        var deep = new string('[', 200) + new string(']', 200);

        Assert.Equal($"{{\"a\":{deep}}}\n", Write("NdJson", [Batch(("a", DataTypes.Json, deep))]));
    }

    [Fact]
    public void Separators_in_names_nest()
    {
        var batch = Batch(("a.b", DataTypes.Int64, 1L), ("c", DataTypes.Text, "x"), ("a.d.e", DataTypes.Int64, null));

        Assert.Equal("{\"a\":{\"b\":1,\"d\":{\"e\":null}},\"c\":\"x\"}\n", Write("NdJson", [batch], WriteOptions.Default with { NestSeparator = "." }));
        Assert.Equal("{\"a.b\":1,\"c\":\"x\",\"a.d.e\":null}\n", Write("NdJson", [batch]));
    }

    [Fact]
    public void A_name_cannot_be_both_a_value_and_an_object()
    {
        var options = WriteOptions.Default with { NestSeparator = "." };

        Assert.Equal("InvalidOption", Assert.Throws<DataTools.Errors.DataException>(() => Write("NdJson", [Batch(("a", DataTypes.Int64, 1L), ("a.b", DataTypes.Int64, 1L))], options)).Id);
        Assert.Equal("InvalidOption", Assert.Throws<DataTools.Errors.DataException>(() => Write("NdJson", [Batch(("a.b", DataTypes.Int64, 1L), ("a", DataTypes.Int64, 1L))], options)).Id);
    }

    [Fact]
    public void Not_a_number_is_a_loss()
    {
        RecordBatch[] batches = [Batch(("a", DataTypes.Double, 1.0)), Batch(("a", DataTypes.Double, double.NaN))];
        var warnings = new List<string>();

        var error = Assert.Throws<DataTools.Errors.DataException>(() => Write("NdJson", batches));

        Assert.Equal("ValueLost", error.Id);
        Assert.StartsWith("Row 2, column 'a': 'NaN'", error.Message, StringComparison.Ordinal);
        Assert.Equal("{\"a\":1}\n{\"a\":null}\n", Write("NdJson", batches, WriteOptions.Default with { OnLoss = LossPolicy.Warn }, warnings));
        Assert.Single(warnings);
        Assert.Equal("{\"a\":1}\n{\"a\":null}\n", Write("NdJson", batches, WriteOptions.Default with { OnLoss = LossPolicy.Allow }, warnings));
        Assert.Single(warnings);
    }

    [Fact]
    public void Text_that_claims_to_be_json_is_a_loss()
    {
        var field = DataTypes.Json.ToField("a");
        var text = new StringArray.Builder().Append("{oops").Build();

        Assert.Equal("ValueLost", Assert.Throws<DataTools.Errors.DataException>(() => Write("NdJson", [new RecordBatch(new Schema([field], null), [text], 1)])).Id);
    }

    [Fact]
    public void Other_encodings_lose_nothing()
    {
        var batch = Batch(("ä", DataTypes.Text, "€😀"));

        Assert.Equal("{\"\\u00E4\":\"\\u20AC\\uD83D\\uDE00\"}\n", Write("NdJson", [batch], WriteOptions.Default with { Encoding = Encoding.Latin1 }));
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            var bytes = WriteBytes("Json", [batch], WriteOptions.Default with { Encoding = encoding });

            Assert.True(bytes.AsSpan().StartsWith(encoding.GetPreamble()));
            Assert.Equal(["€😀"], Read("Json", Source(bytes)).Rows);
        }
    }

    [Fact]
    public void Slices_are_written_from_their_start()
    {
        var read = Read("NdJson", "{\"a\":[1,2],\"b\":{\"c\":\"x\"},\"d\":true}\n{\"a\":[3],\"b\":{\"c\":\"y\"},\"d\":false}\n{\"a\":null,\"b\":null,\"d\":null}\n");
        var slice = read.Batches[0].Slice(1, 2);

        Assert.Equal("{\"a\":[3],\"b\":{\"c\":\"y\"},\"d\":false}\n{\"a\":null,\"b\":null,\"d\":null}\n", Write("NdJson", [slice]));
    }

    [Fact]
    public void Dates_take_the_format_that_was_given()
    {
        var batch = Batch(("a", DataTypes.Date, new DateOnly(2026, 1, 2)), ("b", DataTypes.Timestamp, new DateTime(2026, 1, 2, 3, 4, 5)));

        Assert.Equal("{\"a\":\"02.01.2026\",\"b\":\"02.01.2026\"}\n", Write("NdJson", [batch], WriteOptions.Default with { DateTimeFormat = "dd.MM.yyyy" }));
    }

    private static RecordBatch Ints(params long[] values)
    {
        var builder = DataTypes.Int64.NewBuilder();
        foreach (var value in values)
        {
            builder.TryAppend(value);
        }

        return new RecordBatch(new Schema([DataTypes.Int64.ToField("a")], null), [builder.Finish()], values.Length);
    }
}
