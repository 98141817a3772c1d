using DataTools.Formats;
using static DataTools.Tests.Formats.Json.JsonTesting;

namespace DataTools.Tests.Formats.Json;

/// <summary>Files as the world has them.</summary>
public class JsonFileTests
{
    [Fact]
    public void Films_keep_mixed_titles_and_dates_as_text()
    {
        var read = Read("Json", File("movies.json"));

        Assert.StartsWith("Title text; US Gross int64; Worldwide Gross int64; US DVD Sales text; Production Budget int64; Release Date text;", read.Columns, StringComparison.Ordinal);
        Assert.Equal(60, read.Rows.Length);
        Assert.StartsWith("The Land Girls|146083|146083|∅|8000000|Jun 12 1998|R|∅|Gramercy", read.Rows[0], StringComparison.Ordinal);
        Assert.Contains(read.Rows, r => r.StartsWith("1776|", StringComparison.Ordinal));
        Assert.Contains("'Title'", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Earthquakes_are_the_records_at_their_path()
    {
        var read = Read("Json", File("earthquakes.json"), ReadOptions.Default with { RecordPath = "features", Flatten = true });

        Assert.StartsWith("type text; properties.mag double; properties.place text; properties.time int64;", read.Columns, StringComparison.Ordinal);
        Assert.EndsWith("geometry.type text; geometry.coordinates list<double>; id text", read.Columns, StringComparison.Ordinal);
        Assert.Equal(61, read.Rows.Length);
        Assert.EndsWith("|Point|[-122.197,46.2035,3.28]|uw61345682", read.Rows[60], StringComparison.Ordinal);
    }

    [Fact]
    public void Flattened_columns_nest_again()
    {
        var flat = Read("Json", File("earthquakes.json"), ReadOptions.Default with { RecordPath = "features", Flatten = true });
        var whole = Read("Json", File("earthquakes.json"), ReadOptions.Default with { RecordPath = "features" });

        Assert.Equal(Write("NdJson", whole.Batches), Write("NdJson", flat.Batches, WriteOptions.Default with { NestSeparator = "." }));
    }

    private static DataSource File(string name) => DataSource.FromFile(Path.Combine(TestPlaces.Repository, "tests", "data", name));
}
