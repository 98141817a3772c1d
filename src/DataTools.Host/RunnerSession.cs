using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace DataTools.Host;

/// <summary>Opens the engine with the module, and with what the engine lacks where no PowerShell is installed.</summary>
internal static class RunnerSession
{
    internal static Runspace Open(RunnerHost host, bool noProgress)
    {
        // Sessions that a script opens, as ForEach-Object -Parallel does, find both modules by the names of their commands.
        const string Places = "PSModulePath";
        Environment.SetEnvironmentVariable(Places, string.Join(Path.PathSeparator, new[] { Environment.GetEnvironmentVariable(Places), AppContext.BaseDirectory }.Where(p => !string.IsNullOrEmpty(p))));
        var state = CreateState();
        state.Commands.Add(new SessionStateCmdletEntry(RunScriptCommand.Name, typeof(RunScriptCommand), null));
        if (noProgress)
        {
            state.Variables.Add(new SessionStateVariableEntry("ProgressPreference", ActionPreference.SilentlyContinue, ""));
        }

        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        return runspace;
    }

    /// <summary>What a session starts with: the engine's commands, those it lacks here, and the module.</summary>
    internal static InitialSessionState CreateState()
    {
        // The engine reports its start to its makers otherwise.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        if (!Terminal.HasColour)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }

        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        }

        if (!HasUtilityModule())
        {
            AddFormatting(state);
            state.ImportPSModule([Path.Combine(AppContext.BaseDirectory, "DataTools.Utility", "DataTools.Utility.psd1")]);
        }

        state.ImportPSModule([Path.Combine(AppContext.BaseDirectory, "DataTools", "DataTools.psd1")]);
        return state;
    }

    private static void AddFormatting(InitialSessionState state)
    {
        state.Commands.Add(new SessionStateCmdletEntry("Format-Table", typeof(FormatTableCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Format-List", typeof(FormatListCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Out-FormattedLine", typeof(OutFormattedLineCommand), null));
    }

    private static bool HasUtilityModule() =>
        Directory.Exists(Path.Combine(Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!, "Modules", "Microsoft.PowerShell.Utility"));
}
