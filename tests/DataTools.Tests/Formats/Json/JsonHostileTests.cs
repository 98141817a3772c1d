using System.Diagnostics;
using System.Globalization;
using System.Text;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Json;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

public class JsonHostileTests
{
    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "column 'a' stands twice in one object")]
    [InlineData("{\"o\":{\"x\":1,\"x\":2}}", "column 'o.x' stands twice in one object")]
    [InlineData("{\"a\":1}}", "is not valid JSON at byte 8")]
    [InlineData("{\"a\":1} {\"a\":2}", "is not valid JSON at byte 9")]
    [InlineData("{\"a\":", "is not valid JSON at byte")]
    [InlineData("{\"a\":01}", "is not valid JSON at byte 7")]
    [InlineData("{\"a\":NaN}", "is not valid JSON at byte 6")]
    [InlineData("{\"a\":1,}", "is not valid JSON at byte 8")]
    [InlineData("{'a':1}", "is not valid JSON at byte 2")]
    [InlineData("{\"s\":\"a\u0000b\"}", "is not valid JSON at byte 8")]
    [InlineData("{\"s\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"\\udc00\":1}", "half of a surrogate pair")]
    [InlineData("[1]", "is not a JSON object")]
    [InlineData("null", "is not a JSON object")]
    [InlineData("oops", "is not valid JSON at byte 1")]
    [InlineData("{\"a\":9223372036854775808}", "column 'a': '9223372036854775808' does not fit the column's type int64")]
    [InlineData("{\"a\":1.5}", "column 'a': '1.5' does not fit")]
    [InlineData("{\"a\":\"1\"}", "column 'a': '\"1\"' does not fit")]
    [InlineData("{\"a\":true}", "column 'a': 'true' does not fit")]
    [InlineData("{\"a\":{\"b\": 1}}", "column 'a': '{\"b\": 1}' does not fit")]
    [InlineData("{\"s\":5}", "column 's': '5' does not fit the column's type text")]
    [InlineData("{\"d\":0.12345678901234567}", "column 'd': '0.12345678901234567' does not fit")]
    [InlineData("{\"o\":[1]}", "column 'o': '[1]' does not fit")]
    [InlineData("{\"o\":{\"y\":1}}", "column 'o.y': '1' is a property that the sample did not have; read all rows with -FullScan or name its type with -Type")]
    [InlineData("{\"l\":[1,[2]]}", "column 'l': '[2]' does not fit")]
    [InlineData("{\"l\":3}", "column 'l': '3' does not fit")]
    [InlineData("{\"new\":{\"x\":[1, 2]}}", "column 'new': '{\"x\":[1, 2]}' is a property that the sample did not have")]
    public void A_bad_line_is_a_reject_that_says_where_and_why(string bad, string reason)
    {
        const string good = "{\"a\":1,\"s\":\"x\",\"d\":0.5,\"o\":{\"x\":1},\"l\":[1]}";
        var text = $"{good}\n\n{bad}\r\n{good}";
        var options = ReadOptions.Default with { SampleRows = 1 };

        var error = Fails("NdJson", text, options);
        var read = Read("NdJson", text, options, maxErrors: 1);

        Assert.Equal("BadRow", error.Id);
        Assert.Equal((2, 3), (error.Reject!.Row, error.Reject.Line));
        Assert.StartsWith("test, line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(["1|x|0.5|{\"x\":1}|[1]", "1|x|0.5|{\"x\":1}|[1]"], read.Rows);
        Assert.Single(read.Rejects);
    }

    [Fact]
    public void A_bad_line_in_the_sample_does_not_shape_the_columns()
    {
        var read = Read("NdJson", "{\"a\":\"x\",\n{\"b\":\"\\ud800\"}\n[5]\n{\"a\":1}", maxErrors: 3);

        Assert.Equal("a int64", read.Columns.Split("; ")[0]);
        Assert.Equal(3, read.Rejects.Length);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_reject_their_line_only()
    {
        byte[] bytes = [.. "{\"a\":\"x\"}\n{\"a\":\""u8, 0xFF, .. "\"}\n{\"a\":\"y\"}\n"u8];

        var read = Read("NdJson", Source(bytes), maxErrors: 1);

        Assert.Equal(["x", "y"], read.Rows);
        Assert.Contains("not UTF-8", read.Rejects[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_utf16_is_an_error()
    {
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("[{\"a\":\""), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\"}]")];

        Assert.Equal("CannotRead", Assert.Throws<DataException>(() => Read("Json", Source(bytes))).Id);
    }

    [Theory]
    [InlineData("[{\"a\":1},\n{\"a\":2}\n,oops]", "line 3, byte 2")]
    [InlineData("[{\"a\":1},\n{\"a\":2", "line 2")]
    [InlineData("[{\"a\":1},]", "line 1, byte 10")]
    [InlineData("[{\"a\":1}}", "line 1, byte 9")]
    [InlineData("{\"a\":1}\n]", "line 2, byte 1")]
    [InlineData("[{\"a\":1}\n{\"a\":2}]", "line 2, byte 1")]
    [InlineData("[1,2", "line 1")]
    [InlineData("not json", "line 1, byte 2")]
    public void A_syntax_error_ends_a_json_file_and_says_where(string text, string place)
    {
        var error = Fails("Json", text);

        Assert.Equal("MalformedFile", error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_a_json_array_that_does_not_fit_is_a_reject()
    {
        var read = Read("Json", "[\n{\"a\":1},\n{\"a\":1,\"a\":2},\n7,\n[8],\n{\"a\":2}\n]", maxErrors: 3);

        Assert.Equal(["1", "2"], read.Rows);
        Assert.Equal(3, read.Rejects.Length);
        Assert.Contains("\"row\":2,\"line\":3,\"column\":\"a\"", read.Rejects[0], StringComparison.Ordinal);
        Assert.Contains("\"row\":4,\"line\":5", read.Rejects[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Ten_thousand_levels_are_an_error_that_says_where(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));

        var file = Fails("Json", deep);
        var line = Fails("NdJson", "{\"a\":1}\n{\"b\":" + deep + "}");

        Assert.Equal("MalformedFile", file.Id);
        Assert.Contains("line 1, byte ", file.Message, StringComparison.Ordinal);
        Assert.Contains("depth", file.Message, StringComparison.Ordinal);
        Assert.Contains("line 2 ", line.Message, StringComparison.Ordinal);
        Assert.Contains("depth", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_but_allowed_values_are_read()
    {
        var deep = new string('[', 200) + new string(']', 200);

        Assert.Equal([deep], Read("Json", "[{\"a\":" + deep + "}]").Rows);
        Assert.Equal([$"[{deep},1]"], Read("Json", "[{\"a\":[" + deep + ",1]}]").Rows);
    }

    [Theory]
    [InlineData("Json", "[{\"a\":1},\n{\"a\":\"", "\"}]")]
    [InlineData("NdJson", "{\"a\":1}\n{\"a\":\"", "\"}\n")]
    public void A_record_over_the_bound_is_an_error_that_names_its_line(string format, string start, string end)
    {
        var error = Fails(format, start + new string('x', 10_000_000) + end, ReadOptions.Default with { MaxRecordBytes = 1_000_000 });

        Assert.Equal("LimitExceeded", error.Id);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Json", "[{\"a\":\"", "\"}]")]
    [InlineData("NdJson", "{\"a\":\"", "\"}\n")]
    public void A_field_of_ten_megabytes_is_read(string format, string start, string end)
    {
        var value = new string('x', 10_000_000);

        Assert.Equal([value], Read(format, start + value + end).Rows);
    }

    [Fact]
    public void An_unclosed_quote_in_a_large_file_is_found()
    {
        var rows = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{{\"a\":\"{i}\"}}\n"));

        var error = Fails("NdJson", rows + "{\"a\":\"x}\n" + rows);

        Assert.Equal(100_001, error.Reject!.Line);
        Assert.Equal(100_001, error.Reject.Row);
    }

    [Fact]
    public void Ten_thousand_columns_are_read()
    {
        var text = "{" + string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"\"c{i}\":{i}")) + "}";

        Assert.Equal(10_000, Read("NdJson", text + "\n" + text).Schema.FieldsList.Count);
    }

    [Fact]
    public void A_large_value_beside_the_records_is_passed_over_in_constant_memory()
    {
        var text = "{\"skip\":[" + string.Join(",", Enumerable.Repeat("\"" + new string('x', 1000) + "\"", 20_000)) + "],\"r\":[{\"a\":1}]}";

        Assert.Equal(["1"], Read("Json", text, ReadOptions.Default with { RecordPath = "r", MaxRecordBytes = 4096 }).Rows);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public void The_culture_of_the_machine_changes_nothing(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var read = Read("Json", "[{\"id\":1.5,\"I\":-2,\"t\":true,\"d\":12.50}]");

            Assert.Equal("id double; I int64; t bool; d decimal(18,2)", read.Columns);
            Assert.Equal("{\"id\":1.5,\"I\":-2,\"t\":true,\"d\":12.50}\n", Write("NdJson", read.Batches));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Disposing_early_stops_the_workers_and_closes_the_file()
    {
        var opened = new List<EndlessLines>();
        Stream Open()
        {
            opened.Add(new EndlessLines());
            return opened[^1];
        }

        using (var log = new RejectLog(new RejectPolicy()))
        using (var reader = new NdJsonFormat().OpenReader!(new DataSource("test", Open), new ReadContext(ReadOptions.Default, log, _ => { })))
        {
            Assert.NotNull(reader.ReadBatch(TestContext.Current.CancellationToken));
        }

        Assert.All(opened, o => Assert.True(o.IsClosed));
    }

    [Fact]
    public void Cancelling_stops_a_waiting_reader()
    {
        using var cancel = new CancellationTokenSource();
        using var log = new RejectLog(new RejectPolicy());
        using var reader = new NdJsonFormat().OpenReader!(new DataSource("test", () => new EndlessLines()), new ReadContext(ReadOptions.Default, log, _ => { }));
        cancel.CancelAfter(200);
        var watch = Stopwatch.StartNew();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (reader.ReadBatch(cancel.Token) is not null)
            {
            }
        });
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_file_that_breaks_off_is_a_read_error()
    {
        var source = new DataSource("test", () => new EndlessLines { BreakAfter = 10 << 20 });

        Assert.Equal("CannotRead", Assert.Throws<DataException>(() => Read("NdJson", source)).Id);
    }

    private sealed class EndlessLines : Stream
    {
        private static readonly byte[] Line = "{\"a\":1,\"b\":\"0123456789012345678901234567890123456789\"}\n"u8.ToArray();

        private long _position;

        public long BreakAfter { get; init; } = long.MaxValue;

        public bool IsClosed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_position > BreakAfter)
            {
                throw new IOException("the disk is gone");
            }

            for (var i = 0; i < count; i++)
            {
                buffer[offset + i] = Line[(_position + i) % Line.Length];
            }

            _position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
