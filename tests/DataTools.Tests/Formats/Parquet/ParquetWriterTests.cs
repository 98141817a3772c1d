using System.Data.SqlTypes;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Parquet;

namespace DataTools.Tests.Formats.Parquet;

public sealed class ParquetWriterTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ParquetFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Types_are_written_by_their_logical_types()
    {
        Write(null, Columns.Batch(
            ("i8", DataTypes.Int8, [1]), ("i16", DataTypes.Int16, [1]), ("i32", DataTypes.Int32, [1]), ("i64", DataTypes.Int64, [1L]),
            ("u64", DataTypes.UInt64, [ulong.MaxValue]), ("f", DataTypes.Float, [1f]), ("d", DataTypes.Double, [1d]), ("b", DataTypes.Bool, [true]),
            ("dec9", new DecimalType(9, 2), [1.25m]), ("dec18", new DecimalType(18, 2), [1.25m]), ("dec38", new DecimalType(38, 2), [1.25m]),
            ("t", DataTypes.Text, ["x"]), ("j", DataTypes.Json, ["{}"]), ("bin", DataTypes.Binary, [new byte[] { 1 }]),
            ("date", DataTypes.Date, [new DateOnly(2026, 1, 2)]), ("time", DataTypes.Time, [new TimeOnly(1, 2)]),
            ("ts", DataTypes.Timestamp, [new DateTime(2026, 1, 2)]), ("tz", DataTypes.TimestampUtc, [DateTime.UnixEpoch]),
            ("dur", DataTypes.Duration, [TimeSpan.FromSeconds(1)]), ("id", DataTypes.Uuid, [Guid.Empty])));

        var schema = Duck.Query($"select name, type, coalesce(logical_type::varchar, '') from parquet_schema('{_folder["x.parquet"]}') where type is not null")
            .ToDictionary(r => (string)r[0]!, r => $"{r[1]} {r[2]}".Trim());

        Assert.StartsWith("INT32 IntType(bitWidth=\b, isSigned=1", Plain(schema["i8"]));
        Assert.StartsWith("INT64 IntType(bitWidth=@, isSigned=0", Plain(schema["u64"]));
        Assert.StartsWith("INT32 DecimalType(scale=2, precision=9", Plain(schema["dec9"]));
        Assert.StartsWith("INT64 DecimalType(scale=2, precision=18", Plain(schema["dec18"]));
        Assert.StartsWith("FIXED_LEN_BYTE_ARRAY DecimalType(scale=2, precision=38", Plain(schema["dec38"]));
        Assert.StartsWith("BYTE_ARRAY StringType", Plain(schema["t"]));
        Assert.StartsWith("BYTE_ARRAY JsonType", Plain(schema["j"]));
        Assert.Equal("BYTE_ARRAY", Plain(schema["bin"]));
        Assert.StartsWith("INT32 DateType", Plain(schema["date"]));
        Assert.Contains("MICROS", schema["time"], StringComparison.Ordinal);
        Assert.Contains("isAdjustedToUTC=0", schema["ts"], StringComparison.Ordinal);
        Assert.Contains("isAdjustedToUTC=1", schema["tz"], StringComparison.Ordinal);
        Assert.Equal("INT64", schema["dur"]);
        Assert.StartsWith("FIXED_LEN_BYTE_ARRAY UUIDType", Plain(schema["id"]));
    }

    [Fact]
    public void Another_reader_sees_the_same_values()
    {
        var id = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
        Write(null, Columns.Batch(
            ("i", DataTypes.Int64, [long.MinValue, null, long.MaxValue]),
            ("dec", new DecimalType(38, 2), [SqlDecimal.Parse("-999999999999999999999999999999999999.99"), null, 0.01m]),
            ("t", DataTypes.Text, ["", null, "ä😀"]),
            ("date", DataTypes.Date, [new DateOnly(1, 1, 1), null, new DateOnly(9999, 12, 31)]),
            ("ts", DataTypes.Timestamp, [new DateTime(1, 1, 1), null, new DateTime(9999, 12, 31, 23, 59, 59)]),
            ("id", DataTypes.Uuid, [id, null, Guid.Empty]),
            ("b", DataTypes.Bool, [true, null, false]),
            ("l", new ListDataType(DataTypes.Int64), [new object?[] { 1L, null }, null, System.Array.Empty<object>()])));

        Assert.Equal(
            [
                "-9223372036854775808|-999999999999999999999999999999999999.99||0001-01-01|0001-01-01 00:00:00|01234567-89ab-cdef-0123-456789abcdef|true|[1, NULL]",
                "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
                "9223372036854775807|0.01|ä😀|9999-12-31|9999-12-31 23:59:59|00000000-0000-0000-0000-000000000000|false|[]",
            ],
            Duck.Text($"select * from '{_folder["x.parquet"]}'"));
    }

    [Fact]
    public void A_row_group_has_the_size_that_was_asked_for_whatever_the_batches()
    {
        var numbers = Enumerable.Range(0, 700).Select(n => (object?)(long)n).ToArray();
        var batch = Columns.Batch(("n", DataTypes.Int64, numbers));
        Write(new WriteOptions { RowGroupSize = 1000 }, batch, batch.Slice(100, 600), batch);

        var groups = Duck.Query($"select distinct row_group_id, row_group_num_rows from parquet_metadata('{_folder["x.parquet"]}') order by 1");
        Assert.Equal([1000L, 1000L], groups.Select(g => (long)g[1]!));
        Assert.Equal("729000", Duck.Text($"select sum(n) from '{_folder["x.parquet"]}'")[0]);
    }

    [Theory]
    [InlineData(null, null, "SNAPPY")]
    [InlineData("snappy", null, "SNAPPY")]
    [InlineData("none", null, "UNCOMPRESSED")]
    [InlineData("zstd", 19, "ZSTD")]
    [InlineData("gzip", 9, "GZIP")]
    [InlineData("lz4", null, "LZ4_RAW")]
    public void Each_codec_is_written(string? codec, int? level, string expected)
    {
        Write(new WriteOptions { Compression = codec, CompressionLevel = level }, Columns.Batch(("t", DataTypes.Text, ["a", "b"])));

        Assert.Equal(expected, Duck.Text($"select compression from parquet_metadata('{_folder["x.parquet"]}')")[0]);
        Assert.Equal(["a", "b"], Duck.Text($"select t from '{_folder["x.parquet"]}'"));
    }

    [Theory]
    [InlineData("rar", null)]
    [InlineData("snappy", 3)]
    [InlineData("zstd", 99)]
    public void An_impossible_codec_or_level_is_an_error(string codec, int? level)
    {
        var error = Assert.Throws<DataException>(() =>
            Write(new WriteOptions { Compression = codec, CompressionLevel = level }, Columns.Batch(("t", DataTypes.Text, ["a"]))));
        Assert.Equal(nameof(DataErrors.InvalidOption), error.Id);
    }

    [Fact]
    public void Statistics_hold_least_greatest_and_nulls()
    {
        // U+FFFD comes before U+1F600 in UTF-8, after it in UTF-16.
        Write(null, Columns.Batch(("n", DataTypes.Int64, [3L, null, -1L]), ("t", DataTypes.Text, ["\uFFFD", null, "😀"])));

        Assert.Equal(
            ["-1|3|1", "\uFFFD|😀|1"],
            Duck.Text($"select stats_min_value, stats_max_value, stats_null_count from parquet_metadata('{_folder["x.parquet"]}') order by column_id"));
    }

    [Fact]
    public void Values_that_repeat_get_a_dictionary_unless_forbidden()
    {
        var repeated = Columns.Batch(
            ("c", DataTypes.Text, [.. Enumerable.Range(0, 5000).Select(n => $"category {n % 7}")]),
            ("u", DataTypes.Text, [.. Enumerable.Range(0, 5000).Select(n => $"note {n}")]),
            ("n", DataTypes.Int64, [.. Enumerable.Range(0, 5000).Select(n => (object?)(long)n)]));
        var sql = $"select encodings from parquet_metadata('{_folder["x.parquet"]}') order by column_id";

        Write(null, repeated);
        var chosen = Duck.Text(sql);
        Write(new WriteOptions { NoDictionary = true }, repeated);

        Assert.Contains("DICTIONARY", chosen[0], StringComparison.Ordinal);
        Assert.DoesNotContain("DICTIONARY", chosen[1], StringComparison.Ordinal);
        Assert.Contains("DELTA_BINARY_PACKED", chosen[2], StringComparison.Ordinal);
        Assert.DoesNotContain(Duck.Text(sql), e => e.Contains("DICTIONARY", StringComparison.Ordinal));
    }

    [Fact]
    public void The_users_metadata_is_in_the_file()
    {
        Write(new WriteOptions { Metadata = new Dictionary<string, string> { ["owner"] = "me" } }, Columns.Batch(("t", DataTypes.Text, ["a"])));

        Assert.Contains("owner|me", Duck.Text($"select decode(key), decode(value) from parquet_kv_metadata('{_folder["x.parquet"]}')"));
    }

    [Fact]
    public void A_table_without_rows_is_a_file_with_its_columns()
    {
        Write(null, Columns.Batch(("t", DataTypes.Text, [])));

        Assert.Equal(["0"], Duck.Text($"select count(t) from '{_folder["x.parquet"]}'"));
    }

    [Fact]
    public void A_target_that_fails_is_an_error_that_names_it()
    {
        using var full = new FullStream();
        var batch = Columns.Batch(("t", DataTypes.Text, ["a"]));

        var error = Assert.Throws<DataException>(() =>
        {
            using var writer = _format.OpenWriter!(full, batch.Schema, new WriteContext(WriteOptions.Default, "out.parquet", _ => { }));
            writer.WriteBatch(batch, CancellationToken.None);
            writer.Complete(CancellationToken.None);
        });

        Assert.Equal(nameof(DataErrors.CannotWrite), error.Id);
        Assert.Equal("'out.parquet' cannot be written: disk full", error.Message);
    }

    private static string Plain(string logical) => logical.Replace("<null>", "", StringComparison.Ordinal).TrimEnd('(', ')');

    private void Write(WriteOptions? options, params Apache.Arrow.RecordBatch[] batches) =>
        Columns.Write(_format, _folder["x.parquet"], options ?? WriteOptions.Default, batches);

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("disk full");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("disk full");
    }
}
