using System.Management.Automation;
using System.Text.RegularExpressions;

namespace DataTools.Tests;

/// <summary>What the repository promises about itself.</summary>
public sealed partial class RepositoryRulesTests
{
    private const int LongestFile = 400;
    private static readonly string[] TextExtensions = [".cs", ".ps1", ".psm1", ".psd1", ".ps1xml", ".csproj", ".props", ".targets", ".md", ".sh", ".yml"];

    // Written in parts, so that this file does not find itself.
    private static readonly string[] Forbidden =
        ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "/ho" + "me/", "/ro" + "ot/", "/tm" + "p/", "/wo" + "rk/", @"C:\Us" + "ers"];

    internal static IEnumerable<string> ManifestCmdlets
    {
        get
        {
            var manifest = File.ReadAllText(Path.Combine(TestPlaces.Repository, "DataTools.psd1"));
            var list = CmdletList().Match(manifest).Groups[1].Value;
            return QuotedName().Matches(list).Select(match => match.Groups[1].Value).Order();
        }
    }

    [Fact]
    public void Source_files_are_short() =>
        Assert.Empty(
            from path in SourceFiles(".cs", ".ps1", ".psm1")
            let lines = File.ReadLines(path).Count()
            where lines > LongestFile
            select $"{Relative(path)}: {lines} lines");

    [Fact]
    public void No_file_holds_leftovers_or_paths_of_a_machine() =>
        Assert.Empty(
            from path in SourceFiles(TextExtensions)
            let text = File.ReadAllText(path)
            from word in Forbidden
            where text.Contains(word, StringComparison.Ordinal)
            select $"{Relative(path)}: {word}");

    [Fact]
    public void Manifest_exports_exactly_the_cmdlets_that_exist() =>
        Assert.Equal(Cmdlets().Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order(), ManifestCmdlets);

    [Fact]
    public void Cmdlet_files_hold_one_cmdlet_each() =>
        Assert.Empty(SourceFiles(".cs")
            .Where(path => Relative(path).StartsWith("src/DataTools.Module", StringComparison.Ordinal))
            .Where(path => CmdletAttributeUse().Count(File.ReadAllText(path)) > 1)
            .Select(Relative));

    private static IEnumerable<CmdletAttribute> Cmdlets() =>
        System.Reflection.Assembly.Load("DataTools.Module").GetTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false))
            .Cast<CmdletAttribute>();

    private static IEnumerable<string> SourceFiles(params string[] extensions) =>
        new DirectoryInfo(TestPlaces.Repository)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(file => extensions.Contains(file.Extension))
            .Select(file => file.FullName)
            .Where(path => !Generated().IsMatch(Relative(path)));

    private static string Relative(string path) => Path.GetRelativePath(TestPlaces.Repository, path).Replace('\\', '/');

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\(([^)]*)\)")]
    private static partial Regex CmdletList();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"^\s*\[Cmdlet\(", RegexOptions.Multiline)]
    private static partial Regex CmdletAttributeUse();

    [GeneratedRegex("(^|/)(bin|obj|artifacts|[.]git|[.]vs|TestResults)/")]
    private static partial Regex Generated();
}
