using Apache.Arrow;
using DataTools.Data;
using DataTools.Validation;

namespace DataTools.Tests.Validation;

/// <summary>Rows that differ and are more than a comparison holds in memory go to temporary files, which are gone however it ends.</summary>
public sealed class ComparisonSpillTests
{
    private const int Rows = 60_000;

    private readonly HashSet<string> _before = [.. Files()];
    private int _seen;

    private static CompareOptions Options => new() { Key = ["id"], MemoryBytes = 1000 };

    [Fact]
    public void What_differs_is_found_as_in_memory()
    {
        var (spilled, held) = (Run(Options), Run(Options with { MemoryBytes = long.MaxValue }));

        Assert.True(_seen > 0, "Nothing was spilled.");
        Assert.Equal(61 + 1, spilled.Count);
        Assert.Empty(new[] { "Missing id=0", "Different id=1000", "Different id=60000", "Extra id=60001" }.Except(spilled));
        Assert.Equal(held, spilled);
        AssertGone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_of_one_side_removes_the_files_of_both(bool source)
    {
        var error = Assert.Throws<InvalidDataException>(() => Run(Options, (side, read) =>
        {
            if (side == source && read == 1)
            {
                // The other side is through, or on its way.
                Thread.Sleep(500);
                throw new InvalidDataException("planted");
            }
        }));

        Assert.Equal("planted", error.Message);
        Assert.True(_seen > 0, "Nothing was spilled.");
        AssertGone();
    }

    [Fact]
    public void A_run_that_is_cancelled_removes_its_files()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(Options, (side, read) =>
        {
            if (!side && read == 1)
            {
                stop.Cancel();
            }
        }, stop));

        Assert.True(_seen > 0, "Nothing was spilled.");
        AssertGone();
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Path.GetTempPath(), "datatools-*.spill");

    /// <summary>Other tests have such files as well, but not for long.</summary>
    private void AssertGone()
    {
        var left = Files().Except(_before).ToList();
        Assert.True(SpinWait.SpinUntil(() => !left.Exists(File.Exists), TimeSpan.FromSeconds(20)), "A file was left.");
    }

    /// <summary>What a comparison finds; <paramref name="atEnd"/> is called with the side and the number of the reading, behind the last row.</summary>
    private List<string> Run(CompareOptions options, Action<bool, int>? atEnd = null, CancellationTokenSource? stop = null)
    {
        using var source = new Side("source", 0, Rows, read => AtEnd(true, read));
        using var destination = new Side("destination", 1, Rows + 1, read => AtEnd(false, read));
        var checks = new TableComparer("t", source, destination, options, new CompareContext(_ => { }, _ => { }, stop?.Token ?? TestContext.Current.CancellationToken)).Run();
        return [.. checks.SelectMany(c => c.Differences).Select(d => $"{d.Kind} {d.Key}").Order(StringComparer.Ordinal)];

        void AtEnd(bool side, int read)
        {
            Interlocked.Add(ref _seen, read == 1 && options.MemoryBytes < long.MaxValue ? Files().Except(_before).Count() : 0);
            atEnd?.Invoke(side, read);
        }
    }

    /// <summary>Rows from one number to another; the destination's thousands are others.</summary>
    private sealed class Side(string name, int from, int to, Action<int> atEnd) : CompareSource
    {
        private int _reads;

        public override string Name => name;

        public override IBatchReader Read(IReadOnlyList<string>? columns, string? condition) => new Reader(from, to, () => atEnd(_reads++));
    }

    private sealed class Reader(int from, int to, Action atEnd) : IBatchReader
    {
        private const int BatchRows = 5000;

        private readonly bool _isSource = from == 0;
        private int _next = from;

        public Schema Schema { get; } = new([DataTypes.Int64.ToField("id"), DataTypes.Text.ToField("v")], null);

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_next > to)
            {
                atEnd();
                return null;
            }

            var builder = new BatchBuilder(Schema);
            for (var end = Math.Min(_next + BatchRows, to + 1); _next < end; _next++)
            {
                builder.Columns[0].TryAppend((long)_next);
                builder.Columns[1].TryAppend(!_isSource && _next % 1000 == 0 ? "another" : "a text of some length");
                builder.EndRow();
            }

            return builder.Finish();
        }

        public void Dispose()
        {
        }
    }
}
