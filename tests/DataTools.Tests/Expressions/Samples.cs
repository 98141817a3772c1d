using Apache.Arrow;
using CsCheck;
using DataTools.Data;

namespace DataTools.Tests.Expressions;

/// <summary>Batches with a column of each type, nulls and awkward values in them.</summary>
internal static class Samples
{
    public static readonly Schema Schema = new(
    [
        DataTypes.Int32.ToField("i"), DataTypes.Int32.ToField("i2"), DataTypes.Int16.ToField("sh"), DataTypes.Int64.ToField("l"), DataTypes.Int64.ToField("l2"),
        DataTypes.Double.ToField("d"), DataTypes.Double.ToField("d2"), DataTypes.Float.ToField("f"),
        new DecimalType(18, 2).ToField("m"), new DecimalType(28, 4).ToField("m2"), DataTypes.Text.ToField("s"), DataTypes.Text.ToField("s2"),
        DataTypes.Bool.ToField("b"), DataTypes.Timestamp.ToField("t"), DataTypes.TimestampUtc.ToField("tz"), DataTypes.Date.ToField("da"),
        DataTypes.Time.ToField("ti"), DataTypes.Duration.ToField("du"), DataTypes.Uuid.ToField("u"), DataTypes.Text.ToField("name with space"),
        DataTypes.UInt64.ToField("ul"), new ListDataType(DataTypes.Int64).ToField("list"),
    ], null);

    private static readonly Gen<object?>[] Columns =
    [
        Integers<int>(int.MinValue, int.MaxValue), Integers<int>(int.MinValue, int.MaxValue), Gen.Short[-300, 300].Select(v => (object?)v),
        Integers<long>(long.MinValue, long.MaxValue), Integers<long>(long.MinValue, long.MaxValue), Doubles, Doubles,
        OneOf(0f, 0.1f, -1.5f, 100f, 3e20f, float.NaN), Decimals(2, 99_999_999_999_999), Decimals(4, 100_000),
        Texts, Texts, Gen.Bool.Select(v => (object?)v), Times(DateTimeKind.Unspecified), Times(DateTimeKind.Utc),
        OneOf(new DateOnly(1, 1, 1), new DateOnly(2020, 2, 29), new DateOnly(2024, 12, 31), new DateOnly(1970, 1, 1), new DateOnly(9999, 12, 31)),
        OneOf(TimeOnly.MinValue, new TimeOnly(9, 0), new TimeOnly(10, 30, 15, 250), new TimeOnly(23, 59, 59)),
        OneOf(TimeSpan.Zero, TimeSpan.FromHours(-5), TimeSpan.FromMilliseconds(90061001), TimeSpan.FromDays(400)),
        OneOf(Guid.Empty, new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), new Guid("00000000-0000-0000-0000-000000000001")),
        Texts, OneOf(0UL, 5UL, ulong.MaxValue), OneOf(System.Array.Empty<object>(), new object[] { 1L, 2L }),
    ];

    public static readonly Gen<RecordBatch> Batches = Gen.Int[1, 24].SelectMany(rows => Gen.Select(
        Columns.Select(c => Gen.Select(Gen.Int[0, 5], c, (kind, value) => kind == 0 ? null : value).Array[rows]).Aggregate(
            Gen.Const(new List<object?[]>()), (all, column) => Gen.Select(all, column, (a, c) => new List<object?[]>(a) { c })),
        Gen.Int[0, 3],
        (columns, skip) => Batch(columns, rows, Math.Min(skip, rows - 1))));

    private static Gen<object?> OneOf(params object?[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<object?> Doubles => Gen.Frequency(
        (3, OneOf(0d, -0d, 0.1, 1.5, 2.5, -2.5, 100d, 1e20, -1e30, double.NaN, double.PositiveInfinity, 9007199254740993d)),
        (3, Gen.Double[-1000, 1000].Select(v => (object?)Math.Round(v, 2))));

    private static Gen<object?> Texts => Gen.Frequency(
        (4, OneOf(
            "", "a", "A", "abc", "ABC", "EU", "eu", "Eu", "US", "i", "I", "ı", "İ", "ß", "ss", "é", "e\u0301", "É", "a\u00AD", "a\0", "a,b,c", "x-y", " pad ", "10", "9", "1e1", "1,5",
            " 10 ", "true", "2020-01-02", "0", "-a", "co-op", "coop", "a'b", "\t", "日本", "😀")),
        (1, Gen.String[Gen.Char[' ', '~'], 0, 5].Select(v => (object?)v)));

    private static Gen<object?> Integers<T>(long min, long max) => Gen.Frequency(
        (1, OneOf(min, max, 9007199254740993 % max, (long)int.MaxValue, (long)int.MinValue)),
        (6, Gen.Long[-12, 120].Select(v => (object?)v)));

    private static Gen<object?> Decimals(int scale, long most) => Gen.Frequency(
        (5, Gen.Long[-1500, 30000].Select(v => (object?)(new decimal(v) / (decimal)Math.Pow(10, scale)))),
        (1, Gen.Long[-most, most].Select(v => (object?)new decimal(v))));

    private static Gen<object?> Times(DateTimeKind kind) => OneOf(
        DateTime.MinValue, new DateTime(2020, 1, 2), new DateTime(2020, 1, 2, 3, 4, 5, 678), new DateTime(2024, 2, 29, 23, 59, 59), new DateTime(1969, 12, 31, 12, 0, 0),
        new DateTime(9999, 12, 31)).Select(v => (object?)DateTime.SpecifyKind((DateTime)v!, kind));

    private static RecordBatch Batch(List<object?[]> columns, int rows, int skip)
    {
        var builder = new BatchBuilder(Schema);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                Assert.True(builder.Columns[i].TryAppend(columns[i][row]), $"{columns[i][row]} {Schema.FieldsList[i].Name}");
            }

            builder.EndRow();
        }

        return builder.Finish().Slice(skip, rows - skip);
    }
}
