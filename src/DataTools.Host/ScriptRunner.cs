using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace DataTools.Host;

/// <summary>Runs one script or command in the engine and turns how it ended into an exit code.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private const int Failure = 1;
    private readonly CommandLine line;
    private readonly RunnerUserInterface userInterface;
    private readonly ScriptOutcome outcome = new();
    private readonly Runspace runspace;
    private readonly PowerShell shell;
    private readonly List<PosixSignalRegistration> signals = [];
    private int? signalCode;

    internal ScriptRunner(CommandLine line)
    {
        this.line = line;
        userInterface = new RunnerUserInterface(!line.NoProgress);
        runspace = RunnerSession.Open(new RunnerHost(userInterface), line.NoProgress);
        shell = PowerShell.Create(runspace);
    }

    internal int Run()
    {
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 130)));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 143)));
        var failed = false;
        try
        {
            Invoke();
        }
        catch (PipelineStoppedException)
        {
            failed = true;
        }
        catch (RuntimeException exception)
        {
            failed = true;
            Report(outcome.Failure ?? exception.ErrorRecord);
        }

        userInterface.ClearProgress();
        return signalCode ?? outcome.ExitCode ?? (failed ? Failure : 0);
    }

    public void Dispose()
    {
        signals.ForEach(signal => signal.Dispose());
        shell.Dispose();
        runspace.Dispose();
    }

    private void Invoke()
    {
        var (script, syntax) = Parse();
        shell.AddCommand(RunScriptCommand.Name)
            .AddParameter(nameof(RunScriptCommand.Script), script)
            .AddParameter(nameof(RunScriptCommand.Arguments), line.Arguments.ToArray())
            .AddParameter(nameof(RunScriptCommand.Parameters), line.Parameters)
            .AddParameter(nameof(RunScriptCommand.Outcome), outcome);
        shell.Commands.AddCommand(
            new Command("Out-Default") { MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output });
        shell.Invoke(StandardInput.For(syntax), new PSDataCollection<object>(), null);
    }

    private (object Script, ScriptBlockAst Syntax) Parse()
    {
        var syntax = line.Script is null ? Parser.ParseInput(line.Command, out _, out var errors) : Parser.ParseFile(line.Script, out _, out errors);
        if (errors.Length > 0)
        {
            throw new ParseException(errors);
        }

        if (line.Script is not null)
        {
            return (line.Script, syntax);
        }

        // The engine forgets `$?` when the pipeline ends, so the command itself has to look at it.
        var isPlain = syntax is { BeginBlock: null, ProcessBlock: null, CleanBlock: null, EndBlock.Unnamed: true };
        return (ScriptBlock.Create(isPlain ? $"{line.Command}\nif (-not $?) {{ exit {Failure} }}" : line.Command), syntax);
    }

    /// <summary>Shows an error that ended the script as any other error: by the engine's formatting, on standard error.</summary>
    private void Report(ErrorRecord record)
    {
        userInterface.WritesToError = true;
        using var reporter = PowerShell.Create(runspace);
        reporter.AddCommand("Out-Default").Invoke(new[] { record });
        userInterface.WritesToError = false;
    }

    private void Stop(PosixSignalContext context, int code)
    {
        // A second signal finds the first one still at work and gets the system's answer: the end of the process.
        if (signalCode is null)
        {
            signalCode = code;
            context.Cancel = true;
            shell.BeginStop(null, null);
            userInterface.Stop();
        }
    }
}
