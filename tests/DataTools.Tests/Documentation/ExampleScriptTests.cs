using DataTools.Tests.Host;

namespace DataTools.Tests.Documentation;

/// <summary>The scripts in examples, run as the README says.</summary>
public sealed class ExampleScriptTests
{
    private static readonly string Folder = Path.Combine(TestPlaces.Repository, "examples");

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Folder, "*.ps1").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Example_runs_and_writes_only_where_it_is_told(string script)
    {
        using var output = new TestFolder();
        var before = Files();
        var run = await RunnerProcess.Run([Path.Combine(Folder, script), "-OutputFolder", output.Path]);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Lines);
        Assert.NotEmpty(Directory.EnumerateFiles(output.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task The_main_example_shows_what_it_wrote()
    {
        using var output = new TestFolder();
        var run = await RunnerProcess.Run([Path.Combine(Folder, "01-csv-to-parquet.ps1"), "-OutputFolder", output.Path]);

        Assert.Contains(run.Lines, line => line.TrimStart().StartsWith("35 ", StringComparison.Ordinal) && line.Contains("birdstrikes.parquet", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.StartsWith("Flight Date", StringComparison.Ordinal) && line.TrimEnd().EndsWith("date", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_scheduled_job_logs_its_failure_and_ends_with_its_exit_code()
    {
        using var output = new TestFolder();
        var bad = output.Write("bad.csv", "id,n\n1,2\n3\n");
        var run = await RunnerProcess.Run([Path.Combine(Folder, "06-scheduled-job.ps1"), "-InputPath", bad, "-OutputFolder", output.Path]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("The orders were not converted", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"succeeded\":false", await File.ReadAllTextAsync(output["runs.ndjson"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(output["orders.parquet"]));
    }

    private static string[] Files() => [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order()];
}
