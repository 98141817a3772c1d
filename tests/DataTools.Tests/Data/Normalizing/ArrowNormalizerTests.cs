using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using DataTools.Data;
using DataTools.Data.Normalizing;
using DataTools.Errors;
using DataTools.Tests.Formats;
using DurationType = Apache.Arrow.Types.DurationType;
using TimestampType = Apache.Arrow.Types.TimestampType;

namespace DataTools.Tests.Data.Normalizing;

public class ArrowNormalizerTests
{
    private const long Second = 1_577_934_245;

    private static readonly DateTime Time = DateTime.UnixEpoch.AddSeconds(Second);

    [Fact]
    public void Integers_are_widened()
    {
        Check("int16", [255, 0], Convert(UInt8Type.Default, new byte[] { 255, 0 }));
        Check("int32", [65535, 0], Convert(UInt16Type.Default, new ushort[] { 65535, 0 }));
        Check("int64", [4294967295L, 0L], Convert(UInt32Type.Default, new uint[] { uint.MaxValue, 0 }));
        Check("float", [1.5f], Convert(HalfFloatType.Default, new[] { (Half)1.5 }));
    }

    [Fact]
    public void Times_of_every_unit_become_microseconds()
    {
        var utc = DateTime.SpecifyKind(Time, DateTimeKind.Utc);
        var local = DateTime.SpecifyKind(Time, DateTimeKind.Unspecified);
        Check("timestamp", [local], Convert(new TimestampType(TimeUnit.Second, (string?)null), new[] { Second }));
        Check("timestamp", [local.AddMilliseconds(1)], Convert(new TimestampType(TimeUnit.Millisecond, (string?)null), new[] { (Second * 1000) + 1 }));
        Check("timestamptz", [utc], Convert(new TimestampType(TimeUnit.Nanosecond, "Europe/Berlin"), new[] { Second * 1_000_000_000 }));
        Check("date", [new DateOnly(1970, 1, 3)], Convert(Date64Type.Default, new[] { 2 * 86_400_000L }));
        Check("time", [new TimeOnly(0, 0, 1)], Convert(new Time32Type(TimeUnit.Millisecond), new[] { 1000 }));
        Check("time", [new TimeOnly(0, 0, 1)], Convert(new Time64Type(TimeUnit.Nanosecond), new[] { 1_000_000_000L }));
        Check("duration", [TimeSpan.FromSeconds(-2)], Convert(DurationType.Second, new[] { -2L }));
    }

    [Fact]
    public void A_zone_other_than_utc_stays_in_the_metadata()
    {
        var schema = new ArrowNormalizer(new Schema([new Field("t", new TimestampType(TimeUnit.Microsecond, "Europe/Berlin"), true)], null), "test").Schema;

        Assert.Equal("Europe/Berlin", schema.GetFieldByIndex(0).Metadata[FieldMarks.TimeZone]);
        Assert.Same(DataTypes.TimestampUtc, DataTypes.Of(schema.GetFieldByIndex(0)));
    }

    [Fact]
    public void Decimals_of_other_widths_keep_every_digit()
    {
        Check("decimal(5,2)", [-123.45m], Convert(new Decimal32Type(5, 2), new[] { -12345 }));
        Check("decimal(18,2)", [0.01m], Convert(new Decimal64Type(18, 2), new[] { 1L }));
        var wide = new byte[32];
        wide[0] = 5;
        wide[31] = 0x01;
        var (type, values) = Convert(new Decimal256Type(76, 2), wide, 1);
        Assert.Equal("decimal", type);
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 248) + 5, System.Numerics.BigInteger.Parse(((string)values[0]!).Replace(".", "", StringComparison.Ordinal), null));
        Check("decimal", ["1200"], Convert(new Decimal128Type(5, -2), new[] { (Int128)12 }));
        Check("decimal(38,3)", ["-0.005"], Text(Convert(new Decimal256Type(38, 3), [0xFB, .. Enumerable.Repeat((byte)0xFF, 31)], 1)));
    }

    [Fact]
    public void Text_and_bytes_of_every_layout()
    {
        var offsets = MemoryMarshal.AsBytes<long>([0, 1, 3]).ToArray();
        var large = new ArrayData(LargeStringType.Default, 2, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(offsets), new ArrowBuffer("aä"u8.ToArray())]);
        Check("text", ["a", "ä"], Convert(ArrowArrayFactory.BuildArray(large)));
        Check("text", ["short", null, "a text longer than twelve bytes"], Convert(new StringViewArray.Builder().Append("short").AppendNull().Append("a text longer than twelve bytes").Build()));
        Check("binary", [new byte[] { 1, 2, 3 }], Convert(new FixedSizeBinaryType(3), [1, 2, 3], 1));
        Check("text", [null, null], Convert(new NullArray(2)));
    }

    [Fact]
    public void Dictionaries_become_their_values_also_in_a_slice()
    {
        var indices = new Int8Array.Builder().Append(1).AppendNull().Append(0).Append(1).Build();
        var words = new StringArray.Builder().Append("a").Append("b").Build();
        var array = new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), indices, words);
        var numbers = new DictionaryArray(new DictionaryType(Int8Type.Default, Int64Type.Default, false), indices, new Int64Array.Builder().Append(5).Append(6).Build());

        Check("text", ["b", null, "a", "b"], Convert(array));
        Check("text", [null, "a"], Convert(ArrowArrayFactory.Slice(array, 1, 2)));
        Check("int64", [6L, null, 5L, 6L], Convert(numbers));
    }

    [Fact]
    public void Slices_of_every_layout_give_their_own_rows()
    {
        var structure = new StructDataType([KeyValuePair.Create<string, DataType>("a", DataTypes.Text)]);
        var batch = Columns.Batch(
            ("b", DataTypes.Bool, [.. Enumerable.Range(0, 40).Select(n => n % 3 == 0 ? null : (object)(n % 2 == 0))]),
            ("i", DataTypes.Int32, [.. Enumerable.Range(0, 40).Select(n => n % 4 == 0 ? null : (object)n)]),
            ("t", DataTypes.Text, [.. Enumerable.Range(0, 40).Select(n => n % 5 == 0 ? null : $"{n}")]),
            ("l", new ListDataType(DataTypes.Text), [.. Enumerable.Range(0, 40).Select(n => n % 7 == 0 ? null : (object)new object?[] { $"{n}", null })]),
            ("s", structure, [.. Enumerable.Range(0, 40).Select(n => n % 6 == 0 ? null : (object)new Dictionary<string, object?> { ["a"] = $"{n}" })]));

        foreach (var (start, length) in new[] { (0, 40), (1, 38), (8, 16), (13, 27), (39, 1), (20, 0) })
        {
            var slice = batch.Slice(start, length);
            var whole = new ArrowNormalizer(batch.Schema, "test").Normalize(slice);
            for (var column = 0; column < batch.ColumnCount; column++)
            {
                Assert.Equal(0, whole.Column(column).Data.Offset);
                Assert.Equal(Columns.Values(batch, column)[start..(start + length)], Columns.Values(whole, column));
            }
        }
    }

    [Fact]
    public void A_map_is_a_list_of_its_entries()
    {
        var builder = new MapArray.Builder(new MapType(StringType.Default, Int64Type.Default));
        builder.Append();
        ((StringArray.Builder)builder.KeyBuilder).Append("k");
        ((Int64Array.Builder)builder.ValueBuilder).Append(1);
        builder.AppendNull();

        var (type, values) = Text(Convert(builder.Build()));

        Assert.Equal("list<struct<key: text, value: int64>>", type);
        Assert.Equal(["[{\"key\":\"k\",\"value\":1}]", null], values);
    }

    [Fact]
    public void Lists_of_fixed_size_and_large_lists()
    {
        var items = new Int64Array.Builder().Append(1).Append(2).Append(3).Append(4).Build();
        var pairs = new FixedSizeListArray(new ArrayData(new FixedSizeListType(Int64Type.Default, 2), 2, 0, 0, [ArrowBuffer.Empty], [items.Data]));
        var large = new LargeListArray(new ArrayData(new LargeListType(Int64Type.Default), 2, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(MemoryMarshal.AsBytes<long>([0, 3, 4]).ToArray())], [items.Data]));

        Assert.Equal(["[1,2]", "[3,4]"], Text(Convert(pairs)).Values);
        Assert.Equal(["[3,4]"], Text(Convert(ArrowArrayFactory.Slice(pairs, 1, 1))).Values);
        Assert.Equal(["[1,2,3]", "[4]"], Text(Convert(large)).Values);
        Assert.Equal(["[4]"], Text(Convert(ArrowArrayFactory.Slice(large, 1, 1))).Values);
    }

    [Fact]
    public void What_would_be_lost_is_an_error_that_says_where()
    {
        Lost("is not a whole number", new TimestampType(TimeUnit.Nanosecond, (string?)null), new[] { 1000L, 1001L });
        Lost("outside the range", new TimestampType(TimeUnit.Microsecond, (string?)null), new[] { 0L, long.MaxValue });
        Lost("is not a whole day", Date64Type.Default, new[] { 0L, 1L });
        Lost("no time of day", new Time64Type(TimeUnit.Nanosecond), new[] { 0L, 86_400_000_000_000L });
        Lost("outside the range", Date32Type.Default, new[] { 0, int.MaxValue });
        var text = new ArrayData(StringType.Default, 2, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(MemoryMarshal.AsBytes<int>([0, 1, 2]).ToArray()), new ArrowBuffer(new byte[] { 0x61, 0xFF })]);
        Lost("is not UTF-8", ArrowArrayFactory.BuildArray(text));
    }

    [Fact]
    public void A_null_may_hold_anything()
    {
        var type = new TimestampType(TimeUnit.Nanosecond, (string?)null);
        var data = new ArrayData(type, 2, 1, 0, [new ArrowBuffer(new byte[] { 1 }), new ArrowBuffer(MemoryMarshal.AsBytes<long>([0, 1]).ToArray())]);

        Check("timestamp", [new DateTime(1970, 1, 1), null], Convert(ArrowArrayFactory.BuildArray(data)));
    }

    [Fact]
    public void A_type_that_cannot_be_converted_is_an_error_that_names_the_column()
    {
        var e = Assert.Throws<DataException>(() => new ArrowNormalizer(new Schema([new Field("odd", IntervalType.YearMonth, true)], null), "test"));

        Assert.Equal(nameof(DataErrors.TypeNotSupported), e.Id);
        Assert.Contains("'odd'", e.Message, StringComparison.Ordinal);
    }

    private static void Check(string type, object?[] values, (string Type, object?[] Values) actual)
    {
        Assert.Equal(type, actual.Type);
        Assert.Equal(values, actual.Values);
    }

    private static void Lost<T>(string reason, IArrowType type, T[] values)
        where T : unmanaged => Lost(reason, Fixed(type, MemoryMarshal.AsBytes(values.AsSpan()), values.Length));

    private static void Lost(string reason, IArrowArray array)
    {
        var e = Assert.Throws<DataException>(() => Convert(array));
        Assert.Equal(nameof(DataErrors.ValueNotRepresentable), e.Id);
        Assert.Contains("row 2, column 'c'", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static (string Type, object?[] Values) Convert<T>(IArrowType type, T[] values)
        where T : unmanaged => Convert(Fixed(type, MemoryMarshal.AsBytes(values.AsSpan()), values.Length));

    private static (string Type, object?[] Values) Convert(IArrowType type, byte[] values, int count) => Convert(Fixed(type, values, count));

    private static (string Type, object?[] Values) Convert(IArrowArray array)
    {
        var schema = new Schema([new Field("c", array.Data.DataType, true)], null);
        var normalizer = new ArrowNormalizer(schema, "test");
        var batch = normalizer.Normalize(new RecordBatch(schema, [array], array.Length));
        return (DataTypes.Of(batch.Schema.GetFieldByIndex(0)).Name, Columns.Values(batch, 0));
    }

    private static IArrowArray Fixed(IArrowType type, ReadOnlySpan<byte> values, int count) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, count, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(values.ToArray())]));

    private static (string Type, object?[] Values) Text((string Type, object?[] Values) column) =>
        (column.Type, [.. column.Values.Select(v => v is null ? null : v is System.Data.SqlTypes.SqlDecimal d ? d.ToString() : (object)Encoding.UTF8.GetString(NestedText.ToJson(v)))]);
}
