using System.Globalization;
using System.Management.Automation.Host;

namespace DataTools.Host;

/// <summary>The engine's view of the process: its streams and its culture.</summary>
internal sealed class RunnerHost(RunnerUserInterface userInterface) : PSHost
{
    public override string Name => "datatools";

    public override Version Version { get; } = typeof(RunnerHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => userInterface;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    // The runner learns the code of `exit` from the script itself (ScriptOutcome).
    public override void SetShouldExit(int exitCode)
    {
    }

    public override void EnterNestedPrompt() => throw new HostException("datatools has no nested prompt.");

    public override void ExitNestedPrompt() => throw new HostException("datatools has no nested prompt.");

    // A native command writes to the terminal itself: what we show there must not stand in its way.
    public override void NotifyBeginApplication() => userInterface.ClearProgress();

    public override void NotifyEndApplication()
    {
    }
}
