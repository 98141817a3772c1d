using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Arrow;

namespace DataTools.Tests.Formats.Arrow;

public sealed class ArrowFormatTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string File => _folder["x.arrow"];

    public static TheoryData<bool, string?> Kinds => new() { { true, null }, { true, "zstd" }, { true, "lz4" }, { false, "none" }, { false, "zstd" }, { false, "lz4" } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_type_comes_back_as_it_was_written(bool isFile, string? codec)
    {
        var batch = Columns.Batch(
            ("i8", DataTypes.Int8, [-128, null, 127]), ("u64", DataTypes.UInt64, [0UL, null, ulong.MaxValue]), ("f", DataTypes.Float, [1.5f, null, float.NaN]),
            ("b", DataTypes.Bool, [true, null, false]), ("dec", new DecimalType(18, 2), [1.25m, null, -0.01m]), ("t", DataTypes.Text, ["", null, "ä😀"]),
            ("j", DataTypes.Json, ["{}", null, "1"]), ("long", DataTypes.DecimalText, ["1.0", null, "2"]), ("bin", DataTypes.Binary, [new byte[] { 0 }, null, System.Array.Empty<byte>()]),
            ("date", DataTypes.Date, [DateOnly.MinValue, null, DateOnly.MaxValue]), ("time", DataTypes.Time, [TimeOnly.MinValue, null, new TimeOnly(1, 2)]),
            ("ts", DataTypes.Timestamp, [DateTime.MinValue, null, new DateTime(9999, 12, 31)]), ("tz", DataTypes.TimestampUtc, [DateTime.UnixEpoch, null, DateTime.UnixEpoch]),
            ("dur", DataTypes.Duration, [TimeSpan.FromDays(-1), null, TimeSpan.Zero]), ("id", DataTypes.Uuid, [Guid.Empty, null, Guid.AllBitsSet]),
            ("list", new ListDataType(DataTypes.Text), [new object?[] { "a", null }, null, System.Array.Empty<object>()]));

        Columns.Write(Format(isFile), File, new WriteOptions { Compression = codec }, batch, batch.Slice(1, 2), batch);
        var (schema, batches) = Columns.Read(Format(isFile), File);

        Assert.Equal(Columns.Types(batch.Schema), Columns.Types(schema));
        for (var column = 0; column < batch.ColumnCount; column++)
        {
            var values = Columns.Values(batch, column);
            Assert.Equal([.. values, .. values[1..], .. values], batches.SelectMany(b => Columns.Values(b, column)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Metadata_columns_by_name_and_tables_without_rows(bool isFile)
    {
        var options = new WriteOptions { Metadata = new Dictionary<string, string> { ["owner"] = "me" } };
        Columns.Write(Format(isFile), File, options, Columns.Batch(("a", DataTypes.Int64, []), ("b", DataTypes.Text, [])));

        var (schema, batches) = Columns.Read(Format(isFile), File, new ReadOptions { Columns = ["b", "a"] });

        Assert.Equal(["b", "a"], schema.FieldsList.Select(f => f.Name));
        Assert.Equal("me", schema.Metadata["owner"]);
        Assert.Equal(0, batches.Sum(b => b.Length));
    }

    [Fact]
    public void Both_formats_are_told_apart_by_content()
    {
        Columns.Write(Format(false), File, WriteOptions.Default, Columns.Batch(("a", DataTypes.Int64, [1L])));

        Assert.Equal([1L], Columns.Values(Columns.Read(Format(true), File).Batches[0], 0));
    }

    [Fact]
    public void Large_batches_are_cut()
    {
        var batch = Columns.Batch(("n", DataTypes.Int64, [.. Enumerable.Range(0, 150_000).Select(n => (object)(long)n)]), ("t", DataTypes.Text, [.. Enumerable.Range(0, 150_000).Select(n => n % 3 == 0 ? null : $"{n}")]));
        Columns.Write(Format(true), File, WriteOptions.Default, batch);

        var batches = Columns.Read(Format(true), File).Batches;

        Assert.Equal([65_536, 65_536, 18_928], batches.Select(b => b.Length));
        Assert.Equal(Columns.Values(batch, 1), batches.SelectMany(b => Columns.Values(b, 1)));
    }

    [Fact]
    public void An_empty_or_foreign_file_is_an_error_that_names_it()
    {
        System.IO.File.WriteAllText(File, "");
        Assert.Equal(nameof(DataErrors.EmptyFile), Assert.Throws<DataException>(() => Columns.Read(Format(true), File)).Id);
        System.IO.File.WriteAllText(File, "id,name\n1,a\n2,b\n");
        Assert.Equal(nameof(DataErrors.MalformedFile), Assert.Throws<DataException>(() => Columns.Read(Format(true), File)).Id);
    }

    [Theory]
    [InlineData("snappy", null)]
    [InlineData("lz4", 3)]
    public void An_impossible_codec_or_level_is_an_error(string codec, int? level) =>
        Assert.Equal(
            nameof(DataErrors.InvalidOption),
            Assert.Throws<DataException>(() => Columns.Write(Format(true), File, new WriteOptions { Compression = codec, CompressionLevel = level }, Columns.Batch(("a", DataTypes.Int64, [1L])))).Id);

    [Theory]
    [InlineData(true, "none")]
    [InlineData(true, "zstd")]
    [InlineData(false, "none")]
    [InlineData(false, "lz4")]
    public void A_damaged_file_ends_in_an_error_or_in_rows_never_otherwise(bool isFile, string codec)
    {
        Columns.Write(Format(isFile), File, new WriteOptions { Compression = codec }, Columns.Batch(
            ("n", DataTypes.Int64, [.. Enumerable.Range(0, 1000).Select(n => (object)(long)(n * n))]),
            ("t", DataTypes.Text, [.. Enumerable.Range(0, 1000).Select(n => $"v{n % 13}")])));
        var whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var damaged = i % 2 == 0 ? whole[..random.Next(1, whole.Length - 8)] : [.. whole];
            if (i % 2 == 1)
            {
                random.NextBytes(damaged.AsSpan(random.Next(0, i % 4 == 1 ? 600 : whole.Length - 4), 4));
            }

            System.IO.File.WriteAllBytes(_folder["y.arrow"], damaged);
            try
            {
                Columns.Read(Format(isFile), _folder["y.arrow"]);
                Assert.True(i % 2 == 1, $"a file truncated to {damaged.Length} of {whole.Length} bytes was read");
            }
            catch (DataException e)
            {
                Assert.Contains("y.arrow", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static IDataFormat Format(bool isFile) => isFile ? new ArrowFormat() : new ArrowStreamFormat();
}
