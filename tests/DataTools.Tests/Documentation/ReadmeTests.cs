using System.Management.Automation;
using System.Text.RegularExpressions;
using DataTools.Databases;
using DataTools.Formats;
using DataTools.Tests.Formats.Matrix;

namespace DataTools.Tests.Documentation;

/// <summary>The README says what is so.</summary>
public sealed partial class ReadmeTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestPlaces.Repository, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_tour_runs_from_top_to_bottom_and_prints_what_it_shows()
    {
        using var folder = new SampleFolder(session);
        var blocks = Blocks().Matches(Section("A tour"));
        Assert.NotEmpty(blocks);
        foreach (Match block in blocks)
        {
            string printed;
            try
            {
                printed = string.Concat(session.Values($$"""$ErrorActionPreference = 'Stop'; . { {{block.Groups[1].Value}} } | Out-String -Width 120"""));
            }
            catch (RuntimeException e)
            {
                throw new InvalidOperationException($"{e.Message}\nin the README's:\n{block.Groups[1].Value}", e);
            }

            if (block.Groups[2].Success)
            {
                Assert.Equal(Lines(block.Groups[2].Value), Lines(printed));
            }
        }
    }

    [Fact]
    public void The_table_of_formats_is_that_of_the_code()
    {
        var expected = DataFormats.All.Select(f => (
            f.Name, string.Join(" ", f.Extensions.Select(e => $"`{e}`")), f.OpenReader is null ? "no" : "yes", f.OpenWriter is null ? "no" : "yes",
            FormatContracts.Of(f.Name).InWords));
        var rows = Rows("Formats").Select(cells => (cells[0].Trim('`'), cells[1], cells[2], cells[3], cells[4]));

        Assert.Equal(expected.Order(), rows.Order());
    }

    [Fact]
    public void The_table_of_databases_is_that_of_the_code() => Assert.Equal(
        KnownDatabases.All.Select(d => (d.Name, string.Join(" ", d.Schemes.Select(s => $"`{s}:`")))).Order(),
        Rows("Databases").Select(cells => (cells[0].Trim('`'), cells[1])).Order());

    [Fact]
    public void The_table_of_commands_is_that_of_the_manifest()
    {
        var commands = Rows("Commands").Select(cells => CommandLink().Match(cells[0])).ToList();

        Assert.Equal(RepositoryRulesTests.ManifestCmdlets, commands.Select(link => link.Groups[1].Value).Order());
        Assert.All(commands, link => Assert.True(File.Exists(Path.Combine(TestPlaces.Repository, link.Groups[2].Value))));
    }

    [Fact]
    public void Links_lead_to_files_that_exist() =>
        Assert.All(LocalLink().Matches(Text).Select(m => m.Groups[1].Value), path => Assert.True(Path.Exists(Path.Combine(TestPlaces.Repository, path)), path));

    private static string Section(string heading) =>
        Text.Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal));

    /// <summary>The cells of a section's table, without its head.</summary>
    private static IEnumerable<string[]> Rows(string heading) =>
        Section(heading).Split('\n').Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static IEnumerable<string> Lines(string text) => text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);

    [GeneratedRegex("```powershell\n(.*?)```(?:\n\n```text\n(.*?)```)?", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex CommandLink();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex LocalLink();
}
