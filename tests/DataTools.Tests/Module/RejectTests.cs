using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using DataTools.Tests.Formats.Parquet;

namespace DataTools.Tests.Module;

/// <summary>What happens to bad rows, whatever they come from.</summary>
public sealed class RejectTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_value_in_Parquet_that_no_type_holds_is_a_bad_row()
    {
        var path = _folder["odd.parquet"];
        Duck.Query(
            "copy (select i::int id, case i when 3 then timestamp 'infinity' when 2000 then timestamp 'infinity' else timestamp '2020-01-02' end moment, "
            + $"case i when 2 then date '-0001-01-01' when 3 then date '-0001-01-01' else date '2020-01-02' end d from range(3000) r(i)) to '{path}' (format parquet)");

        Assert.StartsWith("BadRow,", session.Error("Import-DataFile $args[0]", path).FullyQualifiedErrorId, StringComparison.Ordinal);
        var ids = session.Values("(Import-DataFile $args[0] -MaxErrors 3 -RejectPath $args[1]).id", path, _folder["r.ndjson"]);

        Assert.Equal(Enumerable.Range(0, 3000).Where(i => i is not (2 or 3 or 2000)).Cast<object>(), ids);
        var rejects = File.ReadAllLines(_folder["r.ndjson"]).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([(3L, "d"), (4L, "moment"), (2001L, "moment")], rejects.Select(r => (r.GetProperty("row").GetInt64(), r.GetProperty("column").GetString()!)));
        Assert.StartsWith("""{"id":3,"moment":""", rejects[1].GetProperty("raw").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_an_entry_of_a_dictionary_in_Arrow_where_a_row_uses_it()
    {
        var path = _folder["odd.arrow"];
        var days = new Date32Array.Builder().Append(new DateTime(2020, 1, 2)).Build();
        var values = ArrowArrayFactory.BuildArray(new ArrayData(Date32Type.Default, 3, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer.Builder<int>().AppendRange([18263, int.MaxValue, int.MinValue]).Build()]));
        var type = new DictionaryType(Int32Type.Default, days.Data.DataType, false);
        var column = new DictionaryArray(type, new Int32Array.Builder().AppendRange([0, 2, 0]).Build(), values);
        var schema = new Schema([new Field("day", type, true)], null);
        using (var stream = File.Create(path))
        using (var writer = new ArrowFileWriter(stream, schema))
        {
            writer.WriteRecordBatch(new RecordBatch(schema, [column], 3));
            writer.WriteEnd();
        }

        var read = session.Values("(Import-DataFile $args[0] -MaxErrors 1 -RejectPath $args[1]).day", path, _folder["r.ndjson"]);

        Assert.Equal([new DateOnly(2020, 1, 2), new DateOnly(2020, 1, 2)], read);
        Assert.Contains("\"row\":2,", File.ReadAllText(_folder["r.ndjson"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_a_query_reads_twice_has_each_bad_row_once()
    {
        var path = Misfits(12_000, 2);
        var query = $"select count(x.a) + count(y.a) n from '{path}' x join '{path}' y on x.a = y.a";

        Assert.Equal(["23996"], session.Values("\"$((Invoke-DataQuery $args[0] -MaxErrors 2 -RejectPath $args[1]).n)\"", query, _folder["r.ndjson"]));
        Assert.Contains(session.Warnings, w => w.StartsWith("2 rows were rejected", StringComparison.Ordinal));
        Assert.Equal(2, File.ReadAllLines(_folder["r.ndjson"]).Length);
    }

    [Theory]
    [InlineData("Invoke-DataQuery \"select count(a) n from '$($args[0])'\" -MaxErrors 1%")]
    [InlineData("Measure-Data $args[0] -MaxErrors 1%")]
    [InlineData("Import-DataFile $args[0] -MaxErrors 1% | Export-DataFile ($args[0] + '.parquet')")]
    public void A_share_of_bad_rows_is_a_share_of_all_rows(string command)
    {
        session.Run(command, Misfits(12_000, 20));
        Assert.Contains(session.Warnings, w => w.StartsWith("20 rows were rejected", StringComparison.Ordinal));
    }

    [Fact]
    public void More_than_the_share_is_an_error() =>
        Assert.StartsWith("TooManyRejects,", session.Error("Measure-Data $args[0] -MaxErrors 0.1%", Misfits(10_500, 20)).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_run_without_bad_rows_leaves_no_rejects_of_an_earlier_one()
    {
        var rejects = _folder["r.ndjson"];
        var path = _folder.Write("good.csv", "a\n1\n");
        session.Run("Import-DataFile $args[0] -MaxErrors 5 -RejectPath $args[1]", Misfits(12_000, 2), rejects);

        session.Run("Import-DataFile $args[0] | Export-DataFile $args[2] -MaxErrors 1 -RejectPath $args[1] -WhatIf", path, rejects, _folder["x.csv"]);
        Assert.True(File.Exists(rejects));
        session.Run("Import-DataFile $args[0] -MaxErrors 1 -RejectPath $args[1]", path, rejects);
        Assert.False(File.Exists(rejects));
    }

    [Fact]
    public void A_file_that_holds_something_else_than_rejects_is_kept()
    {
        var good = _folder.Write("good.csv", "a\n1\n");
        session.Run("Import-DataFile $args[0] -MaxErrors 5 -RejectPath $args[0]", good);
        Assert.Equal("a\n1\n", File.ReadAllText(good));

        var bad = Misfits(12_000, 2);
        var before = File.ReadAllText(bad);
        Assert.StartsWith("InvalidOption,", session.Error("Import-DataFile $args[0] -MaxErrors 5 -RejectPath $args[0]", bad).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(bad));
    }

    /// <summary>A file of whole numbers, behind the rows of the sample with some that are none.</summary>
    private string Misfits(int rows, int bad) =>
        _folder.Write("bad.csv", "a\n" + string.Concat(Enumerable.Range(0, rows).Select(i => i < rows - bad ? $"{i}\n" : "x\n")));
}
