using System.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Tests.Formats.Matrix;

/// <summary>What makes a value awkward: a format that cannot hold such values says so in <see cref="FormatContracts"/>.</summary>
public enum Trait
{
    /// <summary>Every format holds it.</summary>
    None,

    /// <summary>NaN and the infinities.</summary>
    NotANumber,

    /// <summary>Text without characters, which is not null.</summary>
    EmptyText,

    /// <summary>Text that begins or ends with a space or a tab.</summary>
    OuterSpaces,

    /// <summary>Text of several lines.</summary>
    LineBreak,

    /// <summary>Text with characters that are no characters to people: U+0000, U+0001, U+FFFF.</summary>
    ControlCharacter,

    /// <summary>Text longer than a spreadsheet's cell: 40,000 characters.</summary>
    LongText,

    /// <summary>Whole numbers beyond 2^53 and decimals of more than 15 digits.</summary>
    ManyDigits,

    /// <summary>Dates before 1900.</summary>
    EarlyDate,
}

/// <summary>A column of the table: values as the type writes them, or null.</summary>
public sealed record AwkwardColumn(string Name, DataType Type, Trait Trait, params string?[] Values)
{
    /// <summary>The column as a column of a batch.</summary>
    public IArrowArray ToArray(int rows)
    {
        var builder = Type.NewBuilder();
        for (var row = 0; row < rows; row++)
        {
            if (row < Values.Length && Values[row] is { } text)
            {
                Assert.True(builder.TryAppendText(Encoding.UTF8.GetBytes(text), TextRules.Default), $"{Name} does not take {text}");
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Finish();
    }
}

/// <summary>Values and names that go wrong between formats, each kind a column. Each column has nulls too, with which it ends.</summary>
public static class AwkwardTable
{
    private const int Rows = 6;

    private static readonly DataType Nested = new StructDataType(
        [KeyValuePair.Create("city", (DataType)DataTypes.Text), KeyValuePair.Create("tags", (DataType)new ListDataType(DataTypes.Text)), KeyValuePair.Create("n", (DataType)DataTypes.Int64)]);

    /// <summary>Every column.</summary>
    public static IReadOnlyList<AwkwardColumn> All { get; } =
    [
        new("plain", DataTypes.Text, Trait.None, "a", null, "b c", "Ümläut", "中文"),
        new("quotes", DataTypes.Text, Trait.None, "say \"x\"", "'", "\"", "\"\"", "`\\"),
        new("separators", DataTypes.Text, Trait.None, "a,b;c|d", "x\ty", ",", "=", "|"),
        new("beyond_bmp", DataTypes.Text, Trait.None, "😀", "𝒳𝒴", "e\u0301", "שלום", "👨‍👩‍👧"),
        new("leading_zeros", DataTypes.Text, Trait.None, "00501", "007", "0", "-01", "00"),
        new("like_numbers", DataTypes.Text, Trait.None, "1.10", "1e5", "+1", "1,000", "0x10"),
        new("whole_as_text", DataTypes.Text, Trait.None, "1", "2", "300"),
        new("like_values", DataTypes.Text, Trait.None, "null", "NULL", "N/A", "true", "2026-01-31"),
        new("formulas", DataTypes.Text, Trait.None, "=1+1", "@x", "-x", "+x", "#N/A"),
        new("markup", DataTypes.Text, Trait.None, "<a b='c'>&amp;</a>", "]]>", "{\"a\":1}", "[1]", "&#0;"),
        new("empty", DataTypes.Text, Trait.EmptyText, "", null, "x", "", null),
        new("spaces", DataTypes.Text, Trait.OuterSpaces, " x", "y ", " ", "\tz", "\u00A0"),
        new("lines", DataTypes.Text, Trait.LineBreak, "a\nb", "a\r\nb", "\n", "a\rb", "a\n\nb"),
        new("controls", DataTypes.Text, Trait.ControlCharacter, "a\u0001b", "a\0b", "a\uFFFFb", "a\u001Fb"),
        new("long", DataTypes.Text, Trait.LongText, new string('x', 40_000)),
        new("nothing", DataTypes.Text, Trait.None),
        new("flag", DataTypes.Bool, Trait.None, "true", "false", null, "true"),
        new("tiny", DataTypes.Int8, Trait.None, "-128", "127", "0", null, "-1"),
        new("whole", DataTypes.Int64, Trait.None, "0", "-1", "2147483648", "9007199254740991", "-9007199254740991"),
        new("big", DataTypes.Int64, Trait.ManyDigits, "9223372036854775807", "-9223372036854775808", "9007199254740993"),
        new("unsigned", DataTypes.UInt64, Trait.ManyDigits, "18446744073709551615", "0"),
        new("money", new DecimalType(12, 2), Trait.None, "0.10", "-1234567890.00", "0.00", null, "99.99"),
        new("digits", new DecimalType(38, 10), Trait.ManyDigits, "1234567890123456789012345678.0123456789", "-0.0000000001"),
        new("free_decimal", DataTypes.DecimalText, Trait.ManyDigits, "1234567890123456789012345678901234567890.10", "0.5", "-7"),
        new("real", DataTypes.Double, Trait.None, "0.1", "1E+300", "5E-324", "-123.456", "0.3333333333333333"),
        new("single", DataTypes.Float, Trait.None, "0.1", "3.4028235E+38", "-2.5", null, "16777216"),
        new("not_numbers", DataTypes.Double, Trait.NotANumber, "NaN", "Infinity", "-Infinity", "1.5"),
        new("day", DataTypes.Date, Trait.None, "1900-03-01", "2026-02-28", "9999-12-31", null, "2000-02-29"),
        new("early_day", DataTypes.Date, Trait.EarlyDate, "0001-01-01", "1582-10-15", "1899-12-31", "1900-01-01"),
        new("time", DataTypes.Time, Trait.None, "00:00:00", "23:59:59.999999", "12:30:00"),
        new("moment", DataTypes.Timestamp, Trait.None, "2026-01-31T12:34:56.789", "1970-01-01T00:00:00", "9999-12-31T23:59:59"),
        new("micro", DataTypes.Timestamp, Trait.ManyDigits, "2026-01-31T12:34:56.789123", "9999-12-31T23:59:59.999999"),
        new("early_moment", DataTypes.Timestamp, Trait.EarlyDate, "0001-01-01T00:00:00", "1899-12-31T23:59:59"),
        new("instant", DataTypes.TimestampUtc, Trait.None, "2026-01-31T12:34:56Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        new("span", DataTypes.Duration, Trait.None, "00:00:00", "1.02:03:04", "-00:00:01.500000"),
        new("id", DataTypes.Uuid, Trait.None, "00000000-0000-0000-0000-000000000000", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        new("no_bytes", DataTypes.Binary, Trait.EmptyText, "", null, "AA=="),
        new("bytes", DataTypes.Binary, Trait.None, "AAECAwT/", "Zm9v"),
        new("json", DataTypes.Json, Trait.None, "{\"a\":[1,null,\"x\"]}", "[true]"),
        new("numbers", new ListDataType(DataTypes.Int64), Trait.None, "[1,2,3]", "[]", null, "[null]", "[-5]"),
        new("texts", new ListDataType(DataTypes.Text), Trait.None, "[\"a\",null,\"\"]", "[\"1\"]", "[]"),
        new("nested", Nested, Trait.None, "{\"city\":\"Paris\",\"tags\":[\"x\",\"y\"],\"n\":1}", "{\"city\":null,\"tags\":[],\"n\":null}", null),
        new("first name", DataTypes.Text, Trait.None, "a name that has a space"),
        new("1x", DataTypes.Text, Trait.None, "one that begins with a digit"),
        new("a.b/c:d-e_f", DataTypes.Text, Trait.None, "one with the signs of paths"),
        new("quo\"te,com;ma|pipe\ttab<&>", DataTypes.Text, Trait.None, "one with the signs of formats"),
        new("Ünï😀", DataTypes.Text, Trait.None, "one beyond ASCII"),
        new("Count", DataTypes.Text, Trait.None, "one that objects have"),
    ];

    /// <summary>The columns whose traits are none of <paramref name="without"/>.</summary>
    public static IReadOnlyList<AwkwardColumn> Without(IEnumerable<Trait> without) => [.. All.Where(c => !without.Contains(c.Trait))];

    /// <summary>The columns as a batch, with the number of the row before them.</summary>
    public static RecordBatch ToBatch(IEnumerable<AwkwardColumn> columns)
    {
        AwkwardColumn[] all = [new("row", DataTypes.Int64, Trait.None, [.. Enumerable.Range(1, Rows).Select(i => $"{i}")]), .. columns];
        return new RecordBatch(new Schema([.. all.Select(c => c.Type.ToField(c.Name))], null), [.. all.Select(c => c.ToArray(Rows))], Rows);
    }

    /// <summary>The values of a column as text, nulls as null.</summary>
    public static string?[] Texts(RecordBatch batch, string column)
    {
        var index = batch.Schema.IndexOf(column);
        var type = DataTypes.Of(batch.Schema.GetFieldByIndex(index));
        var array = batch.Column(index);
        return [.. Enumerable.Range(0, batch.Length).Select(row => array.IsNull(row) ? null : Text(type, array, row))];
    }

    private static string Text(DataType type, IArrowArray array, int row)
    {
        var text = new byte[type.MaxTextLength(array, row)];
        Assert.True(type.TryFormat(array, row, text, out var written));
        return Encoding.UTF8.GetString(text, 0, written);
    }
}
