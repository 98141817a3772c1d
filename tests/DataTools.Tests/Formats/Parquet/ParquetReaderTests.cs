using System.Data.SqlTypes;
using System.IO.Compression;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Expressions;
using DataTools.Formats;
using DataTools.Formats.Parquet;

namespace DataTools.Tests.Formats.Parquet;

public sealed class ParquetReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private static readonly string[] Ranged = ["n", "d", "m", "t", "f", "o"];

    private readonly ParquetFormat _format = new();

    private string File => _folder["x.parquet"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("snappy")]
    [InlineData("none")]
    [InlineData("zstd")]
    [InlineData("gzip")]
    [InlineData("lz4")]
    public void Every_type_comes_back_as_it_was_written(string codec)
    {
        var structure = new StructDataType([KeyValuePair.Create<string, DataType>("a", DataTypes.Int64), KeyValuePair.Create<string, DataType>("b", new ListDataType(DataTypes.Text))]);
        var batch = Columns.Batch(
            ("i8", DataTypes.Int8, [-128, null, 127]), ("i16", DataTypes.Int16, [-32768, null, 32767]),
            ("i32", DataTypes.Int32, [int.MinValue, null, int.MaxValue]), ("i64", DataTypes.Int64, [long.MinValue, null, long.MaxValue]),
            ("u64", DataTypes.UInt64, [0UL, null, ulong.MaxValue]), ("f", DataTypes.Float, [float.NaN, null, float.MinValue]),
            ("d", DataTypes.Double, [double.Epsilon, null, double.PositiveInfinity]), ("b", DataTypes.Bool, [true, null, false]),
            ("dec9", new DecimalType(9, 4), [-12345.6789m, null, 0.0001m]), ("dec18", new DecimalType(18, 2), [9999999999999999.99m, null, -0.01m]),
            ("dec38", new DecimalType(38, 10), [SqlDecimal.Parse("-9999999999999999999999999999.9999999999"), null, SqlDecimal.Parse("1.0000000000")]),
            ("t", DataTypes.Text, ["", null, "ä\0😀"]), ("j", DataTypes.Json, ["{\"a\":[1,2]}", null, "null"]),
            ("long", DataTypes.DecimalText, ["123456789012345678901234567890123456789012.5", null, "-1"]),
            ("bin", DataTypes.Binary, [System.Array.Empty<byte>(), null, new byte[] { 0, 255 }]),
            ("date", DataTypes.Date, [new DateOnly(1, 1, 1), null, new DateOnly(9999, 12, 31)]),
            ("time", DataTypes.Time, [TimeOnly.MinValue, null, new TimeOnly(23, 59, 59, 999, 999)]),
            ("ts", DataTypes.Timestamp, [DateTime.MinValue, null, new DateTime(9999, 12, 31, 23, 59, 59, 999, 999)]),
            ("tz", DataTypes.TimestampUtc, [new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), null, DateTime.UnixEpoch]),
            ("dur", DataTypes.Duration, [TimeSpan.FromDays(-5), null, TimeSpan.FromMicroseconds(1)]),
            ("id", DataTypes.Uuid, [Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), null, Guid.Empty]),
            ("list", new ListDataType(DataTypes.Text), [new object?[] { "a", null }, null, System.Array.Empty<object>()]),
            ("lists", new ListDataType(new ListDataType(DataTypes.Uuid)), [new object?[] { new object?[] { Guid.Empty, null }, null }, null, System.Array.Empty<object>()]),
            ("struct", structure, [Map(("a", 1L), ("b", new object?[] { "x" })), null, Map(("a", null), ("b", null))]),
            ("structs", new ListDataType(structure), [new object?[] { Map(("a", 5L)), null }, null, System.Array.Empty<object>()]));

        Columns.Write(_format, File, new WriteOptions { Compression = codec }, batch);
        var (schema, batches) = Columns.Read(_format, File);

        Assert.Equal(Columns.Types(batch.Schema), Columns.Types(schema));
        var read = Assert.Single(batches);
        for (var column = 0; column < batch.ColumnCount; column++)
        {
            Assert.Equal(Columns.Values(batch, column), Columns.Values(read, column));
        }
    }

    [Fact]
    public void Marks_of_columns_and_the_files_metadata_come_back()
    {
        var field = DataTypes.Text.ToField("n", false, new Dictionary<string, string> { [FieldMarks.SourceType] = "varchar(10)" });
        var batch = new RecordBatch(new Schema([field], null), [Columns.Batch(("n", DataTypes.Text, ["a"])).Column(0)], 1);
        Columns.Write(_format, File, new WriteOptions { Metadata = new Dictionary<string, string> { ["owner"] = "me" } }, batch);

        var schema = Columns.Read(_format, File).Schema;

        Assert.Equal("varchar(10)", schema.GetFieldByIndex(0).Metadata[FieldMarks.SourceType]);
        Assert.False(schema.GetFieldByIndex(0).IsNullable);
        Assert.Equal("me", schema.Metadata["owner"]);
        Assert.DoesNotContain("ARROW:schema", schema.Metadata.Keys);
    }

    [Fact]
    public void The_numbers_of_fields_stay_with_their_file()
    {
        Duck.Query($"copy (select 1 a) to '{File}' (format parquet, field_ids {{a: 7}})");

        Assert.False(Columns.Read(_format, File).Schema.GetFieldByIndex(0).HasMetadata);
    }

    [Fact]
    public void Only_the_named_columns_are_read_in_their_order()
    {
        var item = new StructDataType([KeyValuePair.Create<string, DataType>("x", DataTypes.Int64), KeyValuePair.Create<string, DataType>("y", DataTypes.Int64)]);
        Columns.Write(_format, File, WriteOptions.Default, Columns.Batch(
            ("a", DataTypes.Int64, [1L]), ("s", item, [Map(("x", 2L), ("y", 3L))]), ("b", DataTypes.Text, ["t"]), ("c", DataTypes.Bool, [true])));

        var (schema, batches) = Columns.Read(_format, File, new ReadOptions { Columns = ["C", "s", "a*"] });

        Assert.Equal(["c", "s", "a"], schema.FieldsList.Select(f => f.Name));
        Assert.Equal([true], Columns.Values(batches[0], 0));
        Assert.Equal([1L], Columns.Values(batches[0], 2));
        Assert.Equal(nameof(DataErrors.ColumnNotFound), Assert.Throws<DataException>(() => Columns.Read(_format, File, new ReadOptions { Columns = ["z"] })).Id);
    }

    [Fact]
    public void Row_groups_in_which_nothing_can_match_are_passed_over()
    {
        var values = Enumerable.Range(0, 3000).ToArray();
        Columns.Write(_format, File, new WriteOptions { RowGroupSize = 1000 }, Columns.Batch(
            ("n", DataTypes.Int64, [.. values.Select(v => (object)(long)v)]),
            ("d", DataTypes.Date, [.. values.Select(v => (object)new DateOnly(2000, 1, 1).AddDays(v))]),
            ("m", new DecimalType(18, 2), [.. values.Select(v => (object)(v / 100m))]),
            ("t", DataTypes.Text, [.. values.Select(v => $"k{v:D4}")]),
            ("f", DataTypes.Double, [.. values.Select(v => (object)(double)v)]),
            ("o", DataTypes.Int64, [.. values.Select(v => v % 7 == 0 ? null : (object)(long)v)])));
        var seen = new List<string>();
        var filter = new Filter(range =>
        {
            seen.Add(string.Join("; ", Ranged.Select(c => range(c) is { } r ? FormattableString.Invariant($"{r.Min}..{r.Max}") : "?")));
            return (long)range("n")!.Value.Min == 1000L;
        });

        var batches = Columns.Read(_format, File, filter: filter).Batches;

        Assert.Equal(Enumerable.Range(1000, 1000).Select(n => (object)(long)n), batches.SelectMany(b => Columns.Values(b, 0)));
        Assert.Equal("0..999; 01/01/2000..09/26/2002; 0.00..9.99; k0000..k0999; ?; ?", seen[0]);
    }

    [Fact]
    public void Batches_are_no_larger_than_the_usual_and_in_order()
    {
        var batch = Columns.Batch(("n", DataTypes.Int64, [.. Enumerable.Range(0, 150_000).Select(n => (object)(long)n)]));
        Columns.Write(_format, File, WriteOptions.Default, batch);

        var batches = Columns.Read(_format, File).Batches;

        Assert.All(batches, b => Assert.InRange(b.Length, 1, BatchBuilder.DefaultRows));
        Assert.Equal(Columns.Values(batch, 0), batches.SelectMany(b => Columns.Values(b, 0)));
    }

    [Fact]
    public void Columns_that_differ_only_in_case_get_a_suffix_and_a_warning()
    {
        Columns.Write(_format, File, WriteOptions.Default, Columns.Batch(("a", DataTypes.Int64, [1L]), ("A", DataTypes.Int64, [2L])));
        var warnings = new List<string>();

        var (schema, batches) = Columns.Read(_format, File, warn: warnings.Add);

        Assert.Equal(["a", "A_2"], schema.FieldsList.Select(f => f.Name));
        Assert.Equal("A", schema.GetFieldByIndex(1).Metadata[FieldMarks.OriginalName]);
        Assert.Equal([2L], Columns.Values(batches[0], 1));
        Assert.Single(warnings);
    }

    [Fact]
    public void A_file_of_another_writer_is_read_with_its_types()
    {
        Duck.Query($$"""
            copy (select 1::utinyint a, 2::usmallint b, 4294967295::uinteger c, 5::hugeint::decimal(38,0) d, 1.5::decimal(4,1) e, 'x'::varchar f,
              'a'::enum('a','b') g, '{"k":1}'::json h, '01234567-89ab-cdef-0123-456789abcdef'::uuid i, map {'k': 1, 'l': null} j,
              [{'p': 1, 'q': [true]}] k, timestamp_ns '2020-01-02 03:04:05.123456' l, timestamp_ms '2020-01-02 03:04:05.123' m,
              timestamptz '2020-01-02 03:04:05+00' n, time '01:02:03.5' o, '\x01\xFF'::blob p, date '0001-01-01' q, null r, 1.5::float s)
            to '{{File}}' (format parquet)
            """);

        var (schema, batches) = Columns.Read(_format, File);

        Assert.Equal(
            ["int16", "int32", "int64", "decimal(38,0)", "decimal(4,1)", "text", "text", "json", "uuid", "list<struct<key: text, value: int32>>",
             "list<struct<p: int32, q: list<bool>>>", "timestamp", "timestamp", "timestamptz", "time", "binary", "date", "int32", "float"],
            Columns.Types(schema));
        var row = Enumerable.Range(0, schema.FieldsList.Count).Select(c => DataTypes.Of(schema.GetFieldByIndex(c)) is var t && batches[0].Column(c).IsNull(0) ? "NULL" : Text(t, batches[0].Column(c)));
        Assert.Equal(
            "1|2|4294967295|5|1.5|x|a|{\"k\":1}|01234567-89ab-cdef-0123-456789abcdef|[{\"key\":\"k\",\"value\":1},{\"key\":\"l\",\"value\":null}]"
            + "|[{\"p\":1,\"q\":[true]}]|2020-01-02T03:04:05.123456|2020-01-02T03:04:05.123|2020-01-02T03:04:05Z|01:02:03.5|Af8=|0001-01-01|NULL|1.5",
            string.Join("|", row));
    }

    [Theory]
    [InlineData("timestamp_ns '2020-01-02 03:04:05.123456789'", nameof(DataErrors.BadRow))]
    [InlineData("timestamp 'infinity'", nameof(DataErrors.BadRow))]
    [InlineData("date '-0001-01-01'", nameof(DataErrors.BadRow))]
    [InlineData("interval 1 month", nameof(DataErrors.TypeNotSupported))]
    public void What_no_type_holds_is_an_error_that_names_the_column(string value, string error)
    {
        Duck.Query($"copy (select 1 a, {value} odd) to '{File}' (format parquet)");

        var e = Assert.Throws<DataException>(() => Columns.Read(_format, File));

        Assert.Equal(error, e.Id);
        Assert.Contains("'odd'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_timestamps_keep_every_year_and_refuse_what_they_would_lose()
    {
        WriteInt96((2440588, 1_000_000_000), (1721426, 0), (5373484, 86_399_999_999_000));
        Assert.Equal(
            [DateTime.UnixEpoch.AddSeconds(1), new DateTime(1, 1, 1), new DateTime(9999, 12, 31, 23, 59, 59, 999, 999)],
            Columns.Read(_format, File).Batches.SelectMany(b => Columns.Values(b, 0)));

        WriteInt96((2440588, 0), (2440588, 1));
        var e = Assert.Throws<DataException>(() => Columns.Read(_format, File));
        Assert.Equal(nameof(DataErrors.BadRow), e.Id);
        Assert.Contains("row 2, column 'old'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_rows_gives_its_schema()
    {
        Columns.Write(_format, File, WriteOptions.Default, Columns.Batch(("t", DataTypes.Text, [])));

        var (schema, batches) = Columns.Read(_format, File);

        Assert.Equal(["text"], Columns.Types(schema));
        Assert.Equal(0, batches.Sum(b => b.Length));
    }

    [Fact]
    public void A_file_compressed_as_a_whole_is_read()
    {
        Columns.Write(_format, File, WriteOptions.Default, Columns.Batch(("t", DataTypes.Text, ["a"])));
        using (var gzip = new GZipStream(System.IO.File.Create(_folder["x.parquet.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write(System.IO.File.ReadAllBytes(File));
        }

        Assert.Equal(["a"], Columns.Values(Columns.Read(_format, _folder["x.parquet.gz"]).Batches[0], 0));
    }

    [Fact]
    public void An_empty_or_foreign_file_is_an_error_that_names_it()
    {
        System.IO.File.WriteAllText(File, "");
        Assert.Equal(nameof(DataErrors.EmptyFile), Assert.Throws<DataException>(() => Columns.Read(_format, File)).Id);
        System.IO.File.WriteAllText(File, "id,name\n1,a\n2,b\n");
        Assert.Equal(nameof(DataErrors.MalformedFile), Assert.Throws<DataException>(() => Columns.Read(_format, File)).Id);
        System.IO.File.WriteAllText(File, "PARE and more");
        Assert.Equal(nameof(DataErrors.EncryptedFile), Assert.Throws<DataException>(() => Columns.Read(_format, File)).Id);
    }

    [Fact]
    public void A_damaged_file_ends_in_an_error_or_in_rows_never_otherwise()
    {
        Columns.Write(_format, File, new WriteOptions { RowGroupSize = 500 }, Columns.Batch(
            ("n", DataTypes.Int64, [.. Enumerable.Range(0, 1000).Select(n => (object)(long)(n * n))]),
            ("t", DataTypes.Text, [.. Enumerable.Range(0, 1000).Select(n => $"v{n % 13}")])));
        var whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var damaged = i % 2 == 0 ? whole[..random.Next(1, whole.Length)] : [.. whole];
            if (i % 2 == 1)
            {
                random.NextBytes(damaged.AsSpan(random.Next(4, whole.Length - 12), 4));
            }

            System.IO.File.WriteAllBytes(_folder["y.parquet"], damaged);
            try
            {
                Columns.Read(_format, _folder["y.parquet"]);
                Assert.True(i % 2 == 1, "a truncated file was read");
            }
            catch (DataException e)
            {
                Assert.Contains("y.parquet", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private void WriteInt96(params (int Day, long Nanoseconds)[] values)
    {
        using var file = new ParquetSharp.ParquetFileWriter(File, [new ParquetSharp.Column<ParquetSharp.Int96>("old")]);
        using var group = file.AppendRowGroup();
        using var column = (ParquetSharp.ColumnWriter<ParquetSharp.Int96>)group.NextColumn();
        column.WriteBatch([.. values.Select(v => new ParquetSharp.Int96((int)v.Nanoseconds, (int)(v.Nanoseconds >> 32), v.Day))]);
        file.Close();
    }

    private static System.Collections.Specialized.OrderedDictionary Map(params (string Key, object? Value)[] entries)
    {
        var map = new System.Collections.Specialized.OrderedDictionary();
        foreach (var (key, value) in entries)
        {
            map[key] = value;
        }

        return map;
    }

    private static string Text(DataType type, IArrowArray array)
    {
        var text = new byte[type.MaxTextLength(array, 0)];
        Assert.True(type.TryFormat(array, 0, text, out var written));
        return System.Text.Encoding.UTF8.GetString(text, 0, written);
    }

    private sealed class Filter(Func<Func<string, (object Min, object Max)?>, bool> test) : IRangeFilter
    {
        public IReadOnlyCollection<string> Columns => [];

        public bool MayMatch(Func<string, (object Min, object Max)?> range) => test(range);
    }
}
