using System.Text;
using CsCheck;
using DataTools.Formats;
using DataTools.Formats.Json;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

public class JsonChunkTests
{
    private static readonly string[] Names = ["a", "b", "c", "ä", "x y"];

    /// <summary>Values of every kind, nested; names from a small set, so that records share and lack properties.</summary>
    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, inner) =>
        depth > 3
            ? Scalar
            : Gen.Frequency(
                (4, Scalar),
                (1, inner.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]")),
                (1, Members(inner))));

    private static readonly Gen<string> Record = Members(Value);

    private static Gen<string> Scalar => Gen.OneOf(
        Gen.Const("null"),
        Gen.Bool.Select(b => b ? "true" : "false"),
        Gen.Long.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double.Where(double.IsFinite).Select(n => n.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Decimal.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.String.Where(s => s.EnumerateRunes().All(r => r.Value != 0xFFFD)).Select(s => System.Text.Json.JsonSerializer.Serialize(s)));

    [Theory]
    [InlineData("Json")]
    [InlineData("NdJson")]
    public void Any_records_are_read_written_and_read_as_the_same(string format) =>
        Record.Array[1, 8].Sample(
            records =>
            {
                var first = Read(format, format == "Json" ? $"[{string.Join(",\n", records)}]" : string.Join("\n", records));
                var text = Write(format, first.Batches);
                var second = Read(format, text, ReadOptions.Default with { Types = first.Schema.FieldsList.ToDictionary(f => f.Name, DataTools.Data.DataTypes.Of) });

                Assert.Equal(records.Length, first.Rows.Length);
                Assert.Equal(first.Columns, second.Columns);
                Assert.Equal(first.Rows, second.Rows);
            },
            iter: 300);

    [Fact]
    public void Where_the_chunks_are_cut_does_not_matter() =>
        Gen.Select(Record.Array[1, 10], Gen.Int[16, 300], Gen.Bool).Sample(
            (records, chunk, lines) =>
            {
                var text = lines ? string.Join("\r\n", records) : $" [{string.Join(" ,\n", records)}]\n";
                var found = Cut(text, chunk, lines);

                Assert.Equal(records, found.Select(f => f.Text));
                Assert.Equal(records.Select((_, i) => i + 1L), found.Select(f => f.Line));
            },
            iter: 500);

    [Fact]
    public void A_file_of_many_chunks_comes_in_order_with_its_rejects()
    {
        var text = new StringBuilder();
        for (var i = 1; i <= 400_000; i++)
        {
            text.Append(i % 100_000 == 0 ? "oops" : $"{{\"id\":{i},\"text\":\"some text of the row {i}\"}}").Append('\n');
        }

        var read = Read("NdJson", text.ToString(), maxErrors: 10);

        Assert.True(read.Batches.Count > 4);
        Assert.Equal(Enumerable.Range(1, 400_000).Where(i => i % 100_000 != 0), read.Batches.SelectMany(b => ((Apache.Arrow.Int64Array)b.Column(0)).Values.ToArray()).Select(v => (int)v));
        Assert.Equal([100_000L, 200_000, 300_000, 400_000], read.Rejects.Select(r => System.Text.Json.JsonDocument.Parse(r).RootElement.GetProperty("row").GetInt64()));
    }

    private static List<(string Text, long Line)> Cut(string text, int chunkBytes, bool lines)
    {
        var input = JsonInput.Open(Source(text), ReadOptions.Default);
        using IJsonSplitter splitter = lines ? new LineSplitter(input, ReadOptions.Default, chunkBytes) : new ValueSplitter(input, ReadOptions.Default, chunkBytes);
        var found = new List<(string, long)>();
        while (splitter.Next(TestContext.Current.CancellationToken) is { } chunk)
        {
            foreach (var record in new JsonRecords(chunk, "test", int.MaxValue))
            {
                var line = chunk.FirstLine + chunk.Bytes[..record.Start.Value].Count((byte)'\n');
                found.Add((Encoding.UTF8.GetString(chunk.Bytes[record]).TrimEnd('\r'), line));
            }

            chunk.Release();
        }

        return found;
    }

    private static Gen<string> Members(Gen<string> value) =>
        Gen.Select(Gen.Int[0, 4].Select(i => Names[i]).HashSet[0, 4], value.Array[4])
            .Select((names, values) => $"{{{string.Join(", ", names.Select((n, i) => $"\"{n}\": {values[i]}"))}}}");
}
