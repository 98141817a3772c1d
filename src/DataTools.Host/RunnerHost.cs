using System.Globalization;
using System.Management.Automation.Host;

namespace DataTools.Host;

/// <summary>The engine's view of the process: its streams, its culture and its exit code.</summary>
internal sealed class RunnerHost(RunnerUserInterface userInterface) : PSHost
{
    /// <summary>The code of <c>exit</c>, once a script has called it.</summary>
    internal int? ExitCode { get; private set; }

    public override string Name => "datatools";

    public override Version Version { get; } = typeof(RunnerHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => userInterface;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new HostException("datatools has no nested prompt.");

    public override void ExitNestedPrompt() => throw new HostException("datatools has no nested prompt.");

    // A native command writes to the terminal itself: what we show there must not stand in its way.
    public override void NotifyBeginApplication() => userInterface.ClearProgress();

    public override void NotifyEndApplication()
    {
    }
}
