using System.Text;
using CsCheck;
using DataTools.Data;
using DataTools.Formats;

namespace DataTools.Tests.Formats.Delimited;

public class ParallelRowsTests
{
    private static readonly ReadOptions AsText = new() { Types = new Dictionary<string, DataType> { ["*"] = DataTypes.Text }, Delimiter = ",", SampleRows = 1 };

    private static readonly int[] Sizes = [8, 17, 64];

    private static readonly Gen<string> Field = Gen.OneOf<string>(
        Gen.String[Gen.OneOf('a', 'ß', '\uFEFF', ' '), 0, 6],
        Gen.String[Gen.OneOf('a', ',', '\n', '\r', '"'), 0, 6].Select(s => $"\"{s.Replace("\"", "\"\"")}\""),
        Gen.OneOf("a\"b", "\"a\"b", "\"", "x,y", "x\ny", ""),
        Gen.Const("1"));

    /// <summary>Records of two fields, most of them well formed.</summary>
    private static readonly Gen<string> Text = Gen.Select(
        Field, Gen.Frequency((9, Field), (1, Gen.Const("1,2,3"))), Gen.OneOf("\n", "\r\n", "\n\n"), (a, b, end) => $"{a},{b}{end}")
        .Array[0, 30].Select(string.Concat);

    [Fact]
    public void Pieces_side_by_side_read_as_the_whole_does() =>
        Text.Sample(
            text =>
            {
                var whole = Lenient("h1,h2\n" + text, 1 << 20);
                foreach (var size in Sizes)
                {
                    var pieces = Lenient("h1,h2\n" + text, size);
                    Assert.Equal(whole.Rejects, pieces.Rejects);
                    Assert.Equal(whole.Rows, pieces.Rows);
                }
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Rows_and_lines_are_counted_over_pieces()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"{i},\"x\ny\"\n")) + "oops,\"\"\n";
        var error = Assert.Throws<DataTools.Errors.DataException>(() => new TextFile(text) { PieceBytes = 100, Options = new() { SampleRows = 10 } }.Read());

        Assert.Equal((501, 1002), (error.Reject!.Row, error.Reject.Line));
    }

    [Fact]
    public void Cancellation_ends_the_run()
    {
        using var log = new DataTools.Errors.RejectLog(new());
        using var reader = DataTools.Formats.Delimited.DelimitedFormat.Csv.Open(new TextFile("a\n" + string.Concat(Enumerable.Repeat("1\n", 10000))).Source, new ReadContext(ReadOptions.Default, log, _ => { }), 100);
        using var cancel = new CancellationTokenSource();
        reader.ReadBatch(cancel.Token);
        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (reader.ReadBatch(cancel.Token) is not null)
            {
            }
        });
    }

    private static Table Lenient(string text, int size) =>
        new TextFile(Encoding.UTF8.GetBytes(text)) { Options = AsText, PieceBytes = size, Policy = new() { MaxErrors = long.MaxValue } }.Read();
}
