using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace DataTools.Host;

/// <summary>How a script ended, where it did not simply end.</summary>
public sealed class ScriptOutcome
{
    /// <summary>The code of <c>exit</c>.</summary>
    public int? ExitCode { get; internal set; }

    /// <summary>The error that ended it.</summary>
    public ErrorRecord? Failure { get; internal set; }
}

/// <summary>
/// Runs the user's script or command as the first of a pipeline and keeps its <c>exit</c> from ending that pipeline: what comes
/// behind (the formatting, which holds the first rows of a table back) ends in good order.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "RunnerScript")]
public sealed class RunScriptCommand : PSCmdlet, IDisposable
{
    internal const string Name = "Invoke-RunnerScript";
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
    private SteppablePipeline? script;

    /// <summary>The path of a script, or a script block.</summary>
    [Parameter(Mandatory = true)]
    public object Script { get; set; } = null!;

    /// <summary>What the script gets as arguments: texts, some of them marked as the names of parameters.</summary>
    [Parameter]
    public IReadOnlyList<object> Arguments { get; set; } = [];

    /// <summary>Parameters that come with their value.</summary>
    [Parameter]
    public Hashtable Parameters { get; set; } = [];

    /// <summary>Receives what <c>exit</c> or an error said.</summary>
    [Parameter(Mandatory = true)]
    public ScriptOutcome Outcome { get; set; } = null!;

    /// <summary>What the script gets as input.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => UntilExit(() =>
    {
        LetExitLeaveTheScript();
        script = ScriptBlock.Create("param($Script, $Parameters, $Arguments) . $Script @Parameters @Arguments")
            .GetSteppablePipeline(CommandOrigin.Runspace, [Script, Parameters, Arguments.ToArray()]);
        script.Begin(this);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => UntilExit(() =>
    {
        if (MyInvocation.ExpectingInput)
        {
            script?.Process(InputObject);
        }
        else
        {
            script?.Process();
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => UntilExit(() => script?.End());

    /// <inheritdoc/>
    public void Dispose() => script?.Dispose();

    private void UntilExit(Action step)
    {
        try
        {
            step();
        }
        catch (ExitException exit)
        {
            Outcome.ExitCode = LanguagePrimitives.TryConvertTo<int>(exit.Argument, out var code) ? code : 0;
            script?.Dispose();
            script = null;
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            // On its way out it would become an error of this command.
            Outcome.Failure = exception.ErrorRecord;
            throw;
        }
    }

    /// <summary>
    /// A script file swallows <c>exit</c>. The engine has a switch for its own host that lets it through; should a later engine lack
    /// the switch, the code is still in <c>$LASTEXITCODE</c>.
    /// </summary>
    private void LetExitLeaveTheScript()
    {
        var context = typeof(PSCmdlet).GetProperty("Context", Hidden | BindingFlags.FlattenHierarchy)?.GetValue(this);
        context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)?.SetValue(context, true);
    }
}
