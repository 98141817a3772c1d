using System.Management.Automation.Language;

namespace DataTools.Tests.Documentation;

/// <summary>
/// The tests for users with PowerShell and Pester. Where Pester is not, they are well-formed and complete, and hold as a stand-in for Pester
/// runs them; those of commands that the engine alone lacks are passed over.
/// </summary>
public sealed class PesterFileTests(PowerShellSession session) : IClassFixture<PowerShellSession>
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

    [Theory]
    [MemberData(nameof(Files))]
    public void Tests_hold(string file)
    {
        using var folder = new TestFolder();
        Environment.SetEnvironmentVariable("DATATOOLS_MODULE", TestPlaces.Manifest);
        Environment.SetEnvironmentVariable("DATATOOLS_TEST_MONGODB", Databases.TestServers.MongoDb);

        var standIn = Path.Combine(TestPlaces.Repository, "tests", "DataTools.Tests", "Documentation", "PesterStandIn.ps1");
        var tests = session.Run("& $args[0] -File $args[1] -TestDrive $args[2]", standIn, Path.Combine(Folder, file), folder.Path);

        Assert.Empty(tests.Where(t => (string)t.Properties["Result"].Value == "Failed").Select(t => $"{t.Properties["Name"].Value}: {t.Properties["Message"].Value}"));
        Assert.Contains(tests, t => (string)t.Properties["Result"].Value == "Passed");
    }
}
