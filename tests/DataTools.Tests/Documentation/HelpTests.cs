using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using DataTools.Errors;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Documentation;

/// <summary>What Get-Help shows, with the module imported as users import it.</summary>
public sealed class HelpTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const int FewestExamples = 3;

    /// <summary>The server of the examples, for which one of the tests stands in.</summary>
    private const string MongoUrl = "mongodb://localhost/shop";

    /// <summary>The scheduler of Windows, where it is not there: an example that names a parameter wrongly still fails.</summary>
    private const string Scheduler = """
        function New-ScheduledTaskAction { param($Execute, $Argument, $WorkingDirectory) 'action' }
        function New-ScheduledTaskTrigger { param([switch] $Daily, [datetime] $At) 'trigger' }
        function Register-ScheduledTask { param($TaskName, $Action, $Trigger) if (-not ($TaskName -and $Action -and $Trigger)) { throw 'An argument is missing.' } }
        """;

    public static TheoryData<string> Commands => [.. RepositoryRulesTests.ManifestCmdlets];

    public static TheoryData<string> Topics => [.. Directory.GetFiles(HelpFolder, "about_*.help.txt").Select(path => System.IO.Path.GetFileName(path).Replace(".help.txt", "", StringComparison.Ordinal))];

    private static string HelpFolder => System.IO.Path.Combine(TestPlaces.Repository, "module", "en-US");

    [Fact]
    public void Every_page_is_about_a_command_and_every_command_has_a_page() =>
        Assert.Equal(RepositoryRulesTests.ManifestCmdlets, Directory.GetFiles(HelpFolder, "*.md").Select(path => System.IO.Path.GetFileNameWithoutExtension(path)).Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_has_all_its_parts(string command)
    {
        Assert.Empty(session.Values(
            """
            $help = Get-Help $args[0] -Full
            $text = { param($paragraphs) -join $paragraphs.Text }
            if ($help.Name -ne $args[0] -or $help.Synopsis -notmatch '^[A-Z].*\.$') { 'no synopsis' }
            if ((& $text $help.description).Length -lt 80) { 'no description' }
            if (-not (& $text $help.alertSet.alert)) { 'no notes' }
            if (@($help.examples.example).Count -lt $args[1]) { 'too few examples' }
            if (@($help.syntax.syntaxItem).Count -ne (Get-Command $args[0]).ParameterSets.Count) { 'syntax' }
            foreach ($part in $help.inputTypes.inputType, $help.returnValues.returnValue) { if (-not $part.type.name) { 'no types in and out' } }
            """,
            command,
            FewestExamples));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_describes_the_parameters_that_the_command_has(string command)
    {
        Assert.Empty(session.Values(
            """
            $documented = @{}
            foreach ($parameter in (Get-Help $args[0] -Full).parameters.parameter) { $documented[$parameter.name] = $parameter }
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters
            foreach ($parameter in (Get-Command $args[0]).Parameters.Values | Where-Object { $_.Name -notin $common }) {
                $help = $documented[$parameter.Name]
                $documented.Remove($parameter.Name)
                if (-not $help) { "-$($parameter.Name) is not there"; continue }
                if ((-join $help.description.Text).Length -lt 10) { "-$($parameter.Name) has no description" }
                $aliases = if ($help.aliases -eq 'none') { '' } else { $help.aliases }
                if ($aliases -ne ($parameter.Aliases -join ', ')) { "-$($parameter.Name) has the aliases $aliases" }
                $uses = @($parameter.ParameterSets.Values)
                if ([bool]::Parse($help.required) -ne $uses[0].IsMandatory) { "-$($parameter.Name) is required: $($help.required)" }
                if (($help.pipelineInput -like 'True*') -ne [bool] ($uses | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName })) { "-$($parameter.Name) from the pipeline" }
            }
            $documented.Keys
            """,
            command));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_runs(string command)
    {
        var codes = session.Values("foreach ($example in (Get-Help $args[0] -Full).examples.example) { [string] $example.code }", command);
        Assert.NotEmpty(codes);
        foreach (var code in codes)
        {
            using var folder = new SampleFolder(session);
            using var mongo = code!.ToString()!.Contains(MongoUrl, StringComparison.Ordinal) ? TestDatabase.Make("MongoDb") : null;
            var script = mongo is null ? code : code.ToString()!.Replace(MongoUrl, $"'{mongo.Url}'", StringComparison.Ordinal);
            try
            {
                session.Run($"& {{ $ErrorActionPreference = 'Stop'; {Scheduler}\n{script}\n}} 4> $null");
            }
            catch (RuntimeException e)
            {
                Assert.Fail($"{e.Message}\nin: {code}");
            }

            Assert.Empty(session.Errors);
        }
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void About_topics_are_found(string topic)
    {
        var text = Assert.IsType<string>(Assert.Single(session.Values("Get-Help $args[0]", topic)));

        Assert.StartsWith("TOPIC", text.TrimStart(), StringComparison.Ordinal);
        Assert.Contains(topic, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_to_commands_and_topics_that_exist() =>
        Assert.Empty(
            from page in Directory.GetFiles(HelpFolder)
            from match in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(page), @"about_DataTools\w*").Select(m => m.Value).Distinct()
            where !File.Exists(System.IO.Path.Combine(HelpFolder, match + ".help.txt"))
            select $"{System.IO.Path.GetFileName(page)}: {match}");

    [Fact]
    public void The_topic_about_bad_input_lists_the_ids_of_all_errors()
    {
        var text = File.ReadAllText(System.IO.Path.Combine(HelpFolder, "about_DataTools_BadInput.help.txt")).ReplaceLineEndings("\n");
        var listed = text.Split("version:\n\n")[1].Split("\n\n")[0].Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var known = typeof(DataErrors).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name);

        Assert.Equal(known.Order(), listed.Order());
    }

    /// <summary>Indented lines that begin a command are code; a topic's code must at least be PowerShell.</summary>
    [Theory]
    [InlineData("about_DataTools_Scheduling", "REGISTER-SCHEDULEDTASK")]
    [InlineData("about_DataTools_BadInput", "A script can tell them apart:")]
    [InlineData("about_DataTools_Types", "EXAMPLES")]
    public void Code_of_topics_is_PowerShell(string topic, string after)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(HelpFolder, topic + ".help.txt")).ReplaceLineEndings("\n");
        var code = string.Join('\n', text[text.IndexOf(after, StringComparison.Ordinal)..].Split('\n')
            .SkipWhile(line => !line.StartsWith("        ", StringComparison.Ordinal))
            .TakeWhile(line => line.Length == 0 || line.StartsWith("        ", StringComparison.Ordinal)));
        Parser.ParseInput(code, out _, out var errors);

        Assert.NotEmpty(code.Trim());
        Assert.Empty(errors);
    }
}
