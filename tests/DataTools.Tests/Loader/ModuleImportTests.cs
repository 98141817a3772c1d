using DataTools.Tests.Host;

namespace DataTools.Tests.Loader;

public sealed class ModuleImportTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Exported = "(Get-Command -Module DataTools | ForEach-Object { $_.Name }) -join ' '";

    [Fact]
    public void Every_cmdlet_of_the_manifest_is_exported() =>
        Assert.Equal(RepositoryRulesTests.ManifestCmdlets, ((string)session.Values(Exported)[0]!).Split(' ').Order());

    [Fact]
    public void Import_with_force_exports_the_cmdlets_again()
    {
        var expected = session.Values(Exported);
        session.Run("Import-Module -Force $args[0]", TestPlaces.Manifest);
        Assert.Equal(expected, session.Values(Exported));
    }

    [Fact]
    public void Import_after_removal_exports_the_cmdlets_again()
    {
        var expected = session.Values(Exported);
        session.Run("Remove-Module DataTools");
        Assert.Empty(session.Run("Get-Module DataTools"));
        session.Run("Import-Module $args[0]", TestPlaces.Manifest);
        Assert.Equal(expected, session.Values(Exported));
    }

    [Fact]
    public void Second_session_of_the_process_gets_the_cmdlets_too()
    {
        using var other = new PowerShellSession();
        Assert.Equal(session.Values(Exported), other.Values(Exported));
    }

    [Fact]
    public void Module_lives_in_a_load_context_of_its_own()
    {
        var context = session.Values(
            "[System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext((Get-Command Import-DataFile).ImplementingType.Assembly).Name");
        Assert.Equal(["DataTools"], context);
    }

    [Fact]
    public async Task Import_loads_no_format_or_database_library()
    {
        var result = await RunnerProcess.Command("[System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name }");
        Assert.Contains("DataTools.Loader", result.Lines);
        var bin = Path.Combine(Path.GetDirectoryName(TestPlaces.Runner)!, "DataTools", "module", "bin");
        string[] libraries = [.. Directory.GetFiles(bin, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => !n.StartsWith("DataTools", StringComparison.Ordinal))];
        Assert.Contains("Apache.Arrow", libraries);
        Assert.Empty(result.Lines.Intersect(libraries));
    }

    [Fact]
    public async Task Loaded_assemblies_are_those_compiled_for_this_platform_where_there_are_any()
    {
        var result = await RunnerProcess.Command("(Get-Command Import-DataFile).ImplementingType.Assembly.Location");
        var compiled = Path.Combine(Path.GetDirectoryName(TestPlaces.Runner)!, "DataTools", "module", "bin", "r2r");
        Assert.Equal(Directory.Exists(compiled), result.Output.Contains(Path.Combine("bin", "r2r"), StringComparison.Ordinal));
    }
}
