using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using DataTools.Data;
using DataTools.Formats;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

/// <summary>The fast way through a record must decide as a full JSON parser does.</summary>
public class JsonScannerTests
{
    private const string Good = "{\"i\":1,\"d\":0.5,\"s\":\"x\",\"b\":true,\"l\":[1]}";

    private static readonly string[] Pieces =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud800", "\"i\"", "\"d\"", "\"s\"", "\"l\"", "0", "1", "-", ".", "e", "E+", "25", "true", "null", " ", "\t", "\r", "\u0001", "é", "00", "-0", "1e2", "\"x\"", "12345678901234567890"];

    [Fact]
    public void Damaged_records_are_taken_exactly_where_they_are_json() =>
        Gen.Select(Gen.Int[0, Good.Length], Gen.Int[0, 4], Gen.Int[0, Pieces.Length - 1], Gen.Int[0, Pieces.Length - 1]).Sample(
            (at, cut, first, second) =>
            {
                var damaged = Good[..at] + Pieces[first] + (second % 2 == 0 ? "" : Pieces[second]) + Good[Math.Min(Good.Length, at + cut)..];

                var read = Read("NdJson", $"{Good}\n{damaged}\n{Good}", ReadOptions.Default with { SampleRows = 1 }, maxErrors: 1);

                Assert.Equal(3, read.Rows.Length + read.Rejects.Length);
                if (Expected(damaged) is { } row)
                {
                    Assert.Equal(["1|0.5|x|true|[1]", row, "1|0.5|x|true|[1]"], read.Rows);
                }
                else
                {
                    Assert.True(read.Rejects.Length == 1, damaged);
                }
            },
            iter: 3000);

    [Theory]
    [InlineData("{ \"i\" : 1 , \"d\" : 2.5 , \"s\" : \"\" , \"b\" : false }")]
    [InlineData("{\"d\":2.5,\"s\":\"\",\"b\":false,\"i\":1}")]
    [InlineData("{\"i\":1,\"d\":25e-1,\"s\":\"\",\"b\":false,\"l\":null}")]
    [InlineData("{\"i\":1,\"d\":2.50,\"s\":\"\",\"\\u0062\":false}\r")]
    public void Blanks_order_and_spelling_do_not_matter(string record) =>
        Assert.Equal("1|2.5||false|∅", Read("NdJson", $"{Good}\n{record}").Rows[1]);

    [Fact]
    public void Names_with_quotes_are_not_mistaken_for_json()
    {
        var read = Read("NdJson", "{\"a\\\":1,\\\"b\":5}\n{\"a\":1,\"b\":2}", ReadOptions.Default with { FullScan = true });

        Assert.Equal(["5|∅|∅", "∅|1|2"], read.Rows);
    }

    [Fact]
    public void Short_decimals_are_the_doubles_next_to_them() =>
        Gen.Select(Gen.Long[-999_999_999_999_999, 999_999_999_999_999], Gen.Int[0, 15]).Array[50].Sample(numbers =>
        {
            var texts = numbers.Select(n => Decimal(n.Item1, n.Item2)).ToArray();

            var read = Read("NdJson", "{\"v\":0.5}\n" + string.Join("\n", texts.Select(t => $"{{\"v\":{t}}}")), ReadOptions.Default with { SampleRows = 1 });

            Assert.Equal(texts.Select(t => double.Parse(t, CultureInfo.InvariantCulture)), ((Apache.Arrow.DoubleArray)read.Batches[0].Column(0)).Values[1..].ToArray());
        });

    private static string Decimal(long digits, int scale)
    {
        var text = Math.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (digits < 0 ? "-" : "") + (scale == 0 ? text : $"{text[..^scale]}.{text[^scale..]}");
    }

    /// <summary>The row that the record means, or null where it is not JSON or not of the columns.</summary>
    private static string? Expected(string record)
    {
        try
        {
            using var document = JsonDocument.Parse(record);
            var members = document.RootElement.EnumerateObject().ToList();
            string[] names = ["i", "d", "s", "b", "l"];
            if (members.Select(m => m.Name).Distinct().Count() < members.Count || members.Exists(m => !names.Contains(m.Name)))
            {
                return null;
            }

            var texts = names.Select(n => members.Where(m => m.Name == n).Select(m => Text(n, m.Value)).FirstOrDefault("∅")).ToList();
            return texts.Contains(null) ? null : string.Join("|", texts);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(string name, JsonElement value) => (name, value.ValueKind) switch
    {
        (_, JsonValueKind.Null) => "∅",
        ("i", JsonValueKind.Number) => value.TryGetInt64(out var whole) && value.GetRawText() is not "-0" ? whole.ToString(CultureInfo.InvariantCulture) : null,
        ("d", JsonValueKind.Number) => DataTypes.Double.TryParse(Encoding.ASCII.GetBytes(value.GetRawText()), TextRules.Default, out var real) ? real.ToString("R", CultureInfo.InvariantCulture) : null,
        ("s", JsonValueKind.String) => value.GetString(),
        ("b", JsonValueKind.True) => "true",
        ("b", JsonValueKind.False) => "false",
        ("l", JsonValueKind.Array) => value.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? "null" : Text("i", e)).ToList() is var items && items.Contains(null) ? null : $"[{string.Join(",", items)}]",
        _ => null,
    };
}
