using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DataTools.Host;

/// <summary>Runs one script or command in the engine and turns how it ended into an exit code.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private const int Failure = 1;
    private readonly CommandLine line;
    private readonly RunnerHost host;
    private readonly Runspace runspace;
    private readonly PowerShell shell;
    private readonly List<PosixSignalRegistration> signals = [];
    private int? signalCode;

    internal ScriptRunner(CommandLine line)
    {
        this.line = line;
        host = new RunnerHost(new RunnerUserInterface(!line.NoProgress));
        runspace = RunnerSession.Open(host, line.NoProgress);
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
            Report(exception.ErrorRecord ?? new ErrorRecord(exception, "datatools", ErrorCategory.NotSpecified, null));
        }

        ((RunnerUserInterface)host.UI).ClearProgress();
        return signalCode ?? host.ExitCode ?? (failed ? Failure : 0);
    }

    public void Dispose()
    {
        signals.ForEach(signal => signal.Dispose());
        shell.Dispose();
        runspace.Dispose();
    }

    private void Invoke()
    {
        var syntax = line.Script is null ? AddCommandText(line.Command!) : AddScriptFile(line.Script);
        var show = new Command("Out-Default");
        show.MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output;
        shell.Commands.AddCommand(show);
        shell.Invoke(StandardInput.For(syntax), new PSDataCollection<object>(), null);
    }

    private ScriptBlockAst AddScriptFile(string script)
    {
        var command = new Command(script, isScript: false, useLocalScope: false);
        line.Arguments.ToList().ForEach(command.Parameters.Add);
        shell.Commands.AddCommand(command);
        LetExitEndTheRun();
        return Parser.ParseFile(script, out _, out _);
    }

    private ScriptBlockAst AddCommandText(string text)
    {
        var syntax = Parser.ParseInput(text, out _, out var errors);
        if (errors.Length > 0)
        {
            throw new ParseException(errors);
        }

        // The engine forgets `$?` when the pipeline ends, so the command itself has to look at it.
        var isPlain = syntax is { BeginBlock: null, ProcessBlock: null, CleanBlock: null, EndBlock.Unnamed: true };
        shell.AddScript(isPlain ? $"{text}\nif (-not $?) {{ exit {Failure} }}" : text);
        return syntax;
    }

    /// <summary>
    /// A script called by its name swallows <c>exit</c>, which then ends only that script. The engine has a switch that makes it
    /// end the run with the code, but only for its own host; without it the code is still in <c>$LASTEXITCODE</c>.
    /// </summary>
    private void LetExitEndTheRun()
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        var context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)?.GetValue(runspace);
        context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)?.SetValue(context, true);
    }

    private void Report(ErrorRecord record)
    {
        using var reporter = PowerShell.Create(runspace);
        var shown = PSObject.AsPSObject(record);
        shown.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        reporter.AddCommand("Out-Default").Invoke(new[] { shown });
    }

    private void Stop(PosixSignalContext context, int code)
    {
        // A second signal finds the first one still at work and gets the system's answer: the end of the process.
        if (signalCode is null)
        {
            signalCode = code;
            context.Cancel = true;
            shell.BeginStop(null, null);
        }
    }
}
