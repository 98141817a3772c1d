using System.Management.Automation.Language;

namespace DataTools.Tests.Documentation;

/// <summary>The tests for users with PowerShell and Pester, which do not run here: they are at least well-formed and complete.</summary>
public sealed class PesterFileTests
{
    private static readonly string Folder = Path.Combine(TestPlaces.Repository, "tests", "Pester");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.ps1").Select(path => Path.GetFileName(path)).Order()];

    [Fact]
    public void Every_command_has_its_tests() =>
        Assert.Equal(RepositoryRulesTests.ManifestCmdlets, Directory.GetFiles(Folder, "*.Tests.ps1").Select(path => Path.GetFileName(path).Replace(".Tests.ps1", "", StringComparison.Ordinal)).Order());

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_PowerShell_and_imports_the_module(string file)
    {
        var script = Parser.ParseFile(Path.Combine(Folder, file), out _, out var errors);
        var commands = script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()).ToList();

        Assert.Empty(errors);
        Assert.Contains("BeforeAll", commands);
        Assert.True(commands.Count(name => name == "It") >= 3, "A command has at least three tests.");
    }
}
