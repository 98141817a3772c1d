using System.Data.SqlTypes;
using System.Globalization;
using System.Text;
using Apache.Arrow;
using CsCheck;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Delimited;

namespace DataTools.Tests.Formats.Delimited;

public class DelimitedWriterTests
{
    private static readonly Gen<string?[][]> Tables =
        from columns in Gen.Int[1, 4]
        from rows in Gen.Null(Gen.String[Gen.Char["aß,;\"\n\r\t '=\uFEFF\0"], 0, 5]).Array[columns].Array[0, 20]
        select rows;

    [Fact]
    public void Text_and_nulls_read_back_as_they_were()
    {
        var options = new ReadOptions { Types = new Dictionary<string, DataType> { ["*"] = DataTypes.Text }, Delimiter = ",", Encoding = new System.Text.UTF8Encoding(false) };
        Tables.Sample(
            rows =>
            {
                var columns = rows.Length == 0 ? 1 : rows[0].Length;
                var batch = Batch([.. Enumerable.Range(0, columns).Select(c => ($"c{c}", (DataType)DataTypes.Text))], rows);
                Assert.Equal(rows, new TextFile(Write(batch)) { Options = options }.Read().Rows);
                Assert.Equal(rows, new TextFile(Write(batch, new() { NullValue = "a", NewLine = "\r\n" })) { Options = options with { NullValues = ["a"] } }.Read().Rows.Select(r => r.ToArray()));
                // Empty lines alone are an empty file.
                if (System.Array.Exists(rows, r => r.Length > 1 || r[0] is not null))
                {
                    Assert.Equal(rows, new TextFile(Write(batch, new() { NoHeader = true })) { Options = options with { NoHeader = true } }.Read().Rows);
                }
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Every_type_reads_back_as_it_was()
    {
        (string, DataType)[] columns =
        [
            ("i", DataTypes.Int32), ("l", DataTypes.Int64), ("u", DataTypes.UInt64), ("f", DataTypes.Float), ("d", DataTypes.Double),
            ("n", new DecimalType(38, 3)), ("b", DataTypes.Bool), ("day", DataTypes.Date), ("t", DataTypes.Time), ("ts", DataTypes.Timestamp),
            ("tz", DataTypes.TimestampUtc), ("span", DataTypes.Duration), ("id", DataTypes.Uuid), ("bin", DataTypes.Binary), ("j", DataTypes.Json),
            ("list", new ListDataType(DataTypes.Int64)), ("free", DataTypes.DecimalText),
        ];
        object?[][] rows =
        [
            [1, -5L, ulong.MaxValue, 1.5f, 0.1, SqlDecimal.Parse("12345678901234567890123456789012345.670"), true, new DateOnly(1, 1, 1), new TimeOnly(1, 2, 3),
             new DateTime(2026, 1, 31, 3, 4, 5).AddMicroseconds(6), new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc), TimeSpan.FromHours(30), Guid.NewGuid(),
             new byte[] { 1, 2, 255 }, "{\"a\": \"x,y\"}", new object[] { 1L, 2L }, "1.50"],
            new object?[17],
        ];
        var batch = Batch(columns, rows);
        var table = new TextFile(Write(batch)) { Options = new() { Types = columns.ToDictionary(c => c.Item1, c => c.Item2), Delimiter = "," } }.Read();

        Assert.Equal(TextFile.Rows(batch), table.Rows);
    }

    [Fact]
    public void Decimals_keep_their_scale_and_quotes_stand_only_where_they_must()
    {
        var batch = Batch([("n", new DecimalType(10, 2)), ("t", DataTypes.Text)], [[1.5m, "a"], [-0.05m, "a b"], [null, "a,b"], [2m, ""], [3m, null]]);

        Assert.Equal("n,t\n1.50,a\n-0.05,a b\n,\"a,b\"\n2.00,\"\"\n3.00,\n", Text(batch));
    }

    [Theory]
    [InlineData("::", "a::b\n\"x:y\"::\"1:2\"\n")]
    [InlineData("¦", "a¦b\nx:y¦1:2\n")]
    [InlineData("\t", "a\tb\nx:y\t1:2\n")]
    public void A_delimiter_may_have_any_length(string delimiter, string expected) =>
        Assert.Equal(expected, Text(Batch([("a", DataTypes.Text), ("b", DataTypes.Text)], [["x:y", "1:2"]]), new() { Delimiter = delimiter }));

    [Fact]
    public void Numbers_are_quoted_where_the_delimiter_is_a_part_of_them() =>
        Assert.Equal("a-b\n\"-1\"-2\n", Text(Batch([("a", DataTypes.Int64), ("b", DataTypes.Int64)], [[-1L, 2L]]), new() { Delimiter = "-" }));

    [Fact]
    public void A_value_that_would_be_read_as_a_null_is_quoted() =>
        Assert.Equal("a,b,t\n\"0\",true,\"0\"\n0,0,0\n", Text(Batch([("a", DataTypes.Int64), ("b", DataTypes.Bool), ("t", DataTypes.Text)], [[0L, true, "0"], [null, null, null]]), new() { NullValue = "0" }));

    [Fact]
    public void Each_format_has_its_delimiter_and_options_shape_the_rest()
    {
        var batch = Batch([("a", DataTypes.Text), ("b", DataTypes.Int64)], [["x", 1L], [null, null]]);

        Assert.Equal("a\tb\nx\t1\n\t\n", Text(batch, format: DelimitedFormat.Tsv));
        Assert.Equal("a|b\nx|1\n|\n", Text(batch, format: DelimitedFormat.Psv));
        Assert.Equal("\"x\",1\r\nNA,NA\r\n", Text(batch, new() { QuoteAlways = true, NoHeader = true, NewLine = "\r\n", NullValue = "NA" }));
    }

    [Fact]
    public void Formulas_in_text_are_kept_escaped_or_an_error()
    {
        var batch = Batch([("a", DataTypes.Text), ("n", DataTypes.Int64)], [["=1+1", -1L], ["@x,y", 2L], ["a=b", 3L]]);

        Assert.Equal("a,n\n=1+1,-1\n\"@x,y\",2\na=b,3\n", Text(batch));
        Assert.Equal("a,n\n'=1+1,-1\n\"'@x,y\",2\na=b,3\n", Text(batch, new() { Formulas = FormulaPolicy.Escape }));
        var error = Assert.Throws<DataException>(() => Text(batch, new() { Formulas = FormulaPolicy.Error }));
        Assert.Equal("FormulaFound", error.Id);
        Assert.StartsWith("Row 1, column 'a': '=1+1'", error.Message);
    }

    [Fact]
    public void A_culture_and_a_date_format_count_only_where_they_are_given()
    {
        var batch = Batch([("n", new DecimalType(10, 2)), ("d", DataTypes.Timestamp)], [[-1234.5m, new DateTime(2026, 2, 1, 3, 4, 5)]]);
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE");
        try
        {
            Assert.Equal("n,d\n-1234.50,2026-02-01T03:04:05\n", Text(batch));
            Assert.Equal("n,d\n\"-1234,50\",01.02.2026 03:04:05\n", Text(batch, new() { Culture = new("de-DE") }));
            Assert.Equal("n,d\n-1234.50,1/2/2026\n", Text(batch, new() { DateTimeFormat = "d/M/yyyy" }));
            var day = Batch([("d", DataTypes.Date)], [[new DateOnly(2026, 2, 1)]]);
            Assert.Equal("d\n01.02.2026\n", Text(day, new() { Culture = new("de-DE") }));
            Assert.Equal("d\n2026-02-01 00:00\n", Text(day, new() { DateTimeFormat = "yyyy-MM-dd HH:mm" }));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_culture_drops_neither_fractions_nor_the_zone()
    {
        var time = new DateTime(2026, 2, 1).AddMilliseconds(5);
        var batch = Batch([("d", DataTypes.Timestamp), ("z", DataTypes.TimestampUtc)], [[time, DateTime.SpecifyKind(time, DateTimeKind.Utc)]]);

        Assert.Equal("d;z\n01.02.2026 00:00:00.005;01.02.2026 00:00:00.005Z\n", Text(batch, new() { Culture = new("de-DE"), Delimiter = ";" }));
    }

    [Fact]
    public void An_encoding_has_its_mark_and_loses_nothing_in_silence()
    {
        var batch = Batch([("a", DataTypes.Text), ("b", DataTypes.Text)], [["Jörg", "x"], ["y", "Łódź"]]);
        var utf16 = Write(batch, new() { Encoding = Encoding.Unicode });
        Assert.Equal([0xFF, 0xFE, (byte)'a', 0], utf16[..4]);
        Assert.Equal(TextFile.Rows(batch), new TextFile(utf16).Read().Rows);
        Assert.Equal([0xEF, 0xBB, 0xBF], Write(batch, new() { Encoding = Encoding.UTF8 })[..3]);

        var error = Assert.Throws<DataException>(() => Write(batch, new() { Encoding = Encoding.Latin1 }));
        Assert.Equal("ValueLost", error.Id);
        Assert.StartsWith("Row 2, column 'b': 'Łódź'", error.Message);
        List<string> warnings = [];
        Assert.EndsWith("y,?ód?\n", Encoding.Latin1.GetString(Write(batch, new() { Encoding = Encoding.Latin1, OnLoss = LossPolicy.Warn }, warn: warnings.Add)));
        Assert.Contains("2 characters", Assert.Single(warnings));
    }

    [Fact]
    public void Rows_stay_in_order_over_ranges_and_slices()
    {
        var batch = Batch([("a", DataTypes.Int64), ("b", DataTypes.Text), ("c", DataTypes.Bool)], [.. Enumerable.Range(0, 30_000).Select(i => new object?[] { (long)i, i % 3 == 0 ? null : $"{i}", i % 2 == 0 })]);
        var slice = new RecordBatch(batch.Schema, batch.Arrays.Select(a => ArrowArrayFactory.Slice(a, 5, 20_000)), 20_000);

        Assert.Equal(TextFile.Rows(batch).Skip(5).Take(20_000), new TextFile(Write(slice)) { Options = new() { Types = new Dictionary<string, DataType> { ["b"] = DataTypes.Text } } }.Read().Rows);
    }

    [Fact]
    public void No_rows_are_a_header() =>
        Assert.Equal("a,\"b,c\"\n", Text(Batch([("a", DataTypes.Text), ("b,c", DataTypes.Int64)], [])));

    internal static RecordBatch Batch((string Name, DataType Type)[] columns, object?[][] rows)
    {
        var builder = new BatchBuilder(new Schema(columns.Select(c => c.Type.ToField(c.Name)), null));
        foreach (var row in rows)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                Assert.True(builder.Columns[c].TryAppend(row[c]), $"{columns[c].Name}: {row[c]}");
            }

            builder.EndRow();
        }

        return builder.Finish();
    }

    internal static byte[] Write(RecordBatch batch, WriteOptions? options = null, IDataFormat? format = null, Action<string>? warn = null)
    {
        using var stream = new MemoryStream();
        using (var writer = (format ?? DelimitedFormat.Csv).OpenWriter!(stream, batch.Schema, new WriteContext(options ?? WriteOptions.Default, "out.csv", warn ?? (_ => { }))))
        {
            if (batch.Length > 0)
            {
                writer.WriteBatch(batch, TestContext.Current.CancellationToken);
            }

            writer.Complete(TestContext.Current.CancellationToken);
        }

        return stream.ToArray();
    }

    private static string Text(RecordBatch batch, WriteOptions? options = null, IDataFormat? format = null) => Encoding.UTF8.GetString(Write(batch, options, format));
}
