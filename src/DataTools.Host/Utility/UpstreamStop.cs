using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace DataTools.Host;

/// <summary>Ends the commands before one in its pipeline, as <c>Select-Object -First</c> does when it has enough.</summary>
public static class UpstreamStop
{
    /// <summary>Does not return.</summary>
    /// <param name="command">The command that has enough.</param>
    public static void Now(PSCmdlet command)
    {
        // The engine's own exception for this is not public; no other way ends only what comes before.
        var stop = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        var exception = Activator.CreateInstance(stop, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, null, [command], null)!;
        ExceptionDispatchInfo.Throw((Exception)exception);
    }
}
