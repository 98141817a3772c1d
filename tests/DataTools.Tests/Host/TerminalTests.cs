using System.Diagnostics;
using System.Text;

namespace DataTools.Tests.Host;

/// <summary>The runner at a terminal, which <c>script</c> of util-linux plays.</summary>
public sealed class TerminalTests
{
    private const string Question = "function f { [CmdletBinding(SupportsShouldProcess)] param([Parameter(Mandatory)] [string] $Name) if ($PSCmdlet.ShouldProcess($Name)) { \"did $Name\" } }; ";

    [Fact]
    public async Task What_is_asked_is_answered()
    {
        using var terminal = Terminal.Start(Question + "f -Confirm");
        await terminal.Expect("Name: ");
        await terminal.Type("x y\n");
        await terminal.Expect("x y\"");
        await terminal.Type("y\n");
        await terminal.Expect("did x y");
        Assert.Equal(0, await terminal.End());
    }

    [Theory]
    [InlineData("f", "Name: ")]
    [InlineData("$null = $Host.UI.PromptForCredential('c', 'm', '', '')", "User: ")]
    [InlineData("$null = $Host.UI.ReadLineAsSecureString()", "ready")]
    [InlineData("f x -Confirm", "default is")]
    public async Task A_question_is_stopped_as_everything_else(string command, string question)
    {
        using var terminal = Terminal.Start(Question + "'ready'; " + command);
        await terminal.Expect(question);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await terminal.Type("\u0003");
        Assert.Equal(130, await terminal.End());
    }

    [Fact]
    public async Task Progress_is_shown_and_taken_away()
    {
        using var terminal = Terminal.Start("1..40 | ForEach-Object { Write-Progress -Activity 'Counting' -Status \"at $_\" -PercentComplete $_; Start-Sleep -Milliseconds 50 }; 'end'");
        await terminal.Expect("Counting");
        await terminal.Expect("end");
        Assert.Equal(0, await terminal.End());
    }

    private sealed class Terminal(Process process) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly StringBuilder _seen = new();

        public static Terminal Start(string command)
        {
            Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no program that plays a terminal (script of util-linux).");
            var start = new ProcessStartInfo("/usr/bin/script", ["-qefc", $"{string.Join(' ', RunnerProcess.Dotnet)} '{TestPlaces.Runner}' -Command '{command.Replace("'", "'\\''", StringComparison.Ordinal)}'", "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["TERM"] = "xterm", ["SHELL"] = "/bin/sh" },
            };
            return new Terminal(Process.Start(start)!);
        }

        /// <summary>Reads until a text has come.</summary>
        public async Task Expect(string text)
        {
            using var limit = new CancellationTokenSource(Patience);
            var buffer = new char[1024];
            while (!_seen.ToString().Contains(text, StringComparison.Ordinal))
            {
                int count;
                try
                {
                    count = await process.StandardOutput.ReadAsync(buffer, limit.Token);
                }
                catch (OperationCanceledException)
                {
                    count = 0;
                }

                Assert.True(count > 0, $"'{text}' does not come: {_seen}");
                _seen.Append(buffer, 0, count);
            }
        }

        public async Task Type(string text)
        {
            await process.StandardInput.WriteAsync(text);
            await process.StandardInput.FlushAsync();
        }

        public async Task<int> End()
        {
            var rest = process.StandardOutput.ReadToEndAsync();
            await RunnerProcess.End(process);
            await rest.WaitAsync(Patience);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }
    }
}
