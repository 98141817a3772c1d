using System.Diagnostics;

namespace DataTools.Tests.Host;

public sealed class RunnerTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("function Leave { exit 8 }; Leave", 8)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("'first'; $x = 1 / 0; 'last'", 0)]
    [InlineData("dotnet --no-such-option *>$null; $LASTEXITCODE", 0)]
    [InlineData("if (", 1)]
    public async Task Exit_code_of_a_script_is_that_of_exit_or_tells_a_terminating_error(string script, int code) =>
        Assert.Equal(code, (await RunScript(script)).ExitCode);

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 4", 4)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("Get-Nothing", 1)]
    [InlineData("Get-Nothing; 'done'", 0)]
    [InlineData("'done' # with a comment", 0)]
    [InlineData("if (", 1)]
    public async Task Exit_code_of_a_command_tells_whether_its_last_statement_failed(string command, int code) =>
        Assert.Equal(code, (await RunnerProcess.Command(command)).ExitCode);

    [Fact]
    public async Task Output_before_exit_is_shown_to_its_last_row()
    {
        var result = await RunScript("[pscustomobject]@{ Name = 'x' }\nexit 3");
        Assert.Equal((3, "x"), (result.ExitCode, result.Lines[^1]));
    }

    /// <summary>The output is a file, to which the shell, the runner and the command write in turn.</summary>
    [Theory]
    [InlineData("/dev/stdout", ">all.csv")]
    [InlineData("/dev/stderr", ">all.csv 2>&1")]
    [InlineData("/dev/fd/3", ">>all.csv 3>&1")]
    [InlineData("/dev/stdout -Append", ">>all.csv")]
    public async Task What_is_written_to_an_open_output_follows_what_is_there(string target, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such names.");
        }

        var header = target.EndsWith("-Append", StringComparison.Ordinal) ? "" : "id,v\n";
        var first = header.Length == 0 ? "id,v" : "first";
        folder.Write("all.csv", "");
        await RunnerProcess.Shell($"{{ echo {first}; \"$@\" -Command \"'{first}'; [pscustomobject]@{{ id = 1; v = 'x' }} | Export-DataFile {target} -Format csv; 'last'\"; echo end; }} {to}", folder.Path);
        Assert.Equal($"{first}\n{first}\n{header}1,x\nlast\nend\n", File.ReadAllText(folder["all.csv"]));
    }

    [Fact]
    public async Task Exit_of_a_called_script_ends_only_that_script()
    {
        folder.Write("called.ps1", "exit 5");
        var result = await RunScript("& ./called.ps1\n\"code $LASTEXITCODE\"");
        Assert.Equal((0, "code 5"), (result.ExitCode, result.Lines[^1]));
    }

    [Fact]
    public async Task Arguments_bind_by_name_by_switch_and_by_position()
    {
        var result = await RunScript(
            "param([string] $Task, [switch] $Full, [int] $Count, [switch] $Off, [Parameter(ValueFromRemainingArguments)] $Rest)\n"
            + "\"$Task|$Full|$Count|$Off|$Rest\"",
            "-Task", "Test", "-Full", "-Count:5", "-Off:$false", "one", "-2");
        Assert.Equal(["Test|True|5|False|one -2"], result.Lines);
    }

    [Fact]
    public async Task Script_knows_its_own_place()
    {
        var result = await RunScript("$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Path");
        Assert.Equal([folder.Path, folder["script.ps1"], folder["script.ps1"]], result.Lines);
    }

    [Fact]
    public async Task Errors_go_to_standard_error_and_name_the_line()
    {
        var result = await RunScript("'before'\n$x = 1 / 0\n'after'\nthrow 'the end'");
        Assert.Equal(["before", "after"], result.Lines);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("Attempted to divide by zero.", result.Error, StringComparison.Ordinal);
        Assert.Contains("script.ps1:4", result.Error, StringComparison.Ordinal);
        Assert.Contains("the end", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_script_is_a_usage_error_that_names_it()
    {
        var result = await RunnerProcess.Run(["missing.ps1"]);
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("'missing.ps1' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_option_is_a_usage_error()
    {
        var result = await RunnerProcess.Run(["-Bogus"]);
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("'-Bogus' is not an option", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Help")]
    [InlineData(null)]
    public async Task Help_is_shown_on_request_and_without_arguments(string? argument)
    {
        var result = await RunnerProcess.Run(argument is null ? [] : [argument]);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("datatools <script.ps1>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_the_manifests()
    {
        var result = await RunnerProcess.Run(["-Version"]);
        Assert.Contains($"'{result.Output.Trim()}'", await File.ReadAllTextAsync(TestPlaces.Manifest, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirected_input_is_the_input_of_a_command() =>
        Assert.Equal(["<a>", "<b>"], (await RunnerProcess.Command("$input | ForEach-Object { \"<$_>\" }", "a\nb\n")).Lines);

    [Fact]
    public async Task Redirected_input_reaches_a_scripts_process_block()
    {
        folder.Write("script.ps1", "process { \"<$_>\" } end { 'end' }");
        Assert.Equal(["<a>", "<b>", "end"], (await RunnerProcess.Run([folder["script.ps1"]], "a\nb\n")).Lines);
    }

    [Fact]
    public async Task Script_that_reads_no_input_does_not_wait_for_it() =>
        Assert.Equal(["done"], (await RunnerProcess.Command("'done'", input: null)).Lines);

    [Fact]
    public async Task Output_is_formatted_as_PowerShell_formats_it()
    {
        var result = await RunnerProcess.Command("[pscustomobject]@{ Name = 'x'; Count = 1 }, [pscustomobject]@{ Name = 'yy'; Count = 22 }");
        Assert.Equal(["Name Count", "---- -----", "x        1", "yy      22"], result.Lines);
    }

    [Fact]
    public async Task Output_has_no_escape_codes_without_a_terminal()
    {
        var result = await RunnerProcess.Command(
            "[pscustomobject]@{ Name = 'x' }; \"`e[31mred`e[0m\"; Write-Warning 'careful'; Write-Host 'hi' -ForegroundColor Red; Get-Nothing");
        Assert.DoesNotContain('\e', result.Output + result.Error);
        Assert.Contains("red", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_without_a_terminal_is_an_error_that_names_the_way_out()
    {
        var result = await RunScript("function Remove-It { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('it')) { 'gone' } }\nRemove-It");
        Assert.DoesNotContain("gone", result.Output, StringComparison.Ordinal);
        Assert.Contains("-Confirm:$false", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_mandatory_parameter_without_a_terminal_is_an_error()
    {
        var result = await RunScript("param([Parameter(Mandatory)] $Needed) 'ran'");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Needed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_not_shown_without_a_terminal()
    {
        var result = await RunnerProcess.Command("Write-Progress -Activity 'Working' -Status 'hard'; 'done'");
        Assert.Equal(["done"], result.Lines);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Sessions_of_the_script_know_the_commands_too() =>
        Assert.Equal(["1", "2"], (await RunnerProcess.Command("1, 2 | ForEach-Object -Parallel { Write-Output (ConvertFrom-DataText \"id`n$_\" -Format Csv).id }")).Lines.Order());

    [Fact]
    public async Task NoProgress_silences_the_progress_of_every_command() =>
        Assert.Equal(["SilentlyContinue"], (await RunnerProcess.Run(["-NoProgress", "-Command", "$ProgressPreference"])).Lines);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Signal_stops_the_pipeline_which_still_cleans_up(string signal, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        folder.Write("script.ps1", "try { 'running'; while ($true) { [System.Threading.Thread]::Sleep(20) } } finally { [Console]::WriteLine('cleaned') }");
        using var process = RunnerProcess.Start([folder["script.ps1"]]);
        Assert.Equal("running", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await RunnerProcess.End(process);
        Assert.Equal("cleaned", (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(code, process.ExitCode);
    }

    private Task<RunnerResult> RunScript(string script, params string[] arguments)
    {
        folder.Write("script.ps1", script);
        return RunnerProcess.Run(["script.ps1", .. arguments], folder: folder.Path);
    }
}
