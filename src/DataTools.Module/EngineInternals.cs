using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace DataTools.Module;

/// <summary>
/// The only place that looks into PowerShell's internals. Each look may fail, with another version or host, and then answers what is always right:
/// the neighbour is a stranger, an object may have members of its own, upstream goes on.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly Func<object, bool>? HasInstanceMembersCall = MakeHasInstanceMembers();

    /// <summary>Whether the command that reads this one's output is one of ours.</summary>
    public static bool FeedsOurs(PSCmdlet cmdlet)
    {
        try
        {
            var pipe = Get(cmdlet.CommandRuntime, "OutputPipe");
            var downstream = Get(pipe, "DownstreamCmdlet");
            return Get(downstream, "Command") is DataCmdlet;
        }
        catch (Exception e) when (e is TargetException or TargetInvocationException or AmbiguousMatchException)
        {
            return false;
        }
    }

    /// <summary>Whether a script has added members to an object.</summary>
    public static bool HasInstanceMembers(object value) => HasInstanceMembersCall?.Invoke(value) ?? true;

    private static readonly Type? StopUpstreamType = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException");

    /// <summary>Whether a later command wants no more.</summary>
    public static bool IsStopUpstream(Exception exception) => StopUpstreamType?.IsInstanceOfType(exception) == true;

    /// <summary>The exception that ends the commands before this one, or null where PowerShell has none.</summary>
    public static Exception? StopUpstream(Cmdlet cmdlet)
    {
        var constructor = StopUpstreamType?.GetConstructors(Hidden).FirstOrDefault(c => c.GetParameters() is [var only] && only.ParameterType.IsInstanceOfType(cmdlet));
        return constructor?.Invoke([cmdlet]) as Exception;
    }

    private static object? Get(object? target, string property) => target?.GetType().GetProperty(property, Hidden)?.GetValue(target);

    private static Func<object, bool>? MakeHasInstanceMembers()
    {
        var method = typeof(PSObject).GetMethod("HasInstanceMembers", Hidden);
        if (method?.GetParameters() is not [var subject, var members] || subject.ParameterType != typeof(object) || !members.ParameterType.IsByRef)
        {
            return null;
        }

        var call = new DynamicMethod("HasInstanceMembers", typeof(bool), [typeof(object)], typeof(PSObject).Module, skipVisibility: true);
        var il = call.GetILGenerator();
        var found = il.DeclareLocal(members.ParameterType.GetElementType()!);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloca, found);
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Ret);
        return call.CreateDelegate<Func<object, bool>>();
    }
}
