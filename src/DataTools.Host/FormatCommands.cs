using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace DataTools.Host;

/// <summary>Formats objects as a table. The engine holds the parameters and the work; only the command itself is missing from it.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    /// <summary>Creates the command.</summary>
    public FormatTableCommand() => EngineFormatting.Use(this, "Table");
}

/// <summary>Formats objects as a list. The engine holds the parameters and the work; only the command itself is missing from it.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    /// <summary>Creates the command.</summary>
    public FormatListCommand() => EngineFormatting.Use(this, "List");
}

/// <summary>The one look into the engine's formatting: its commands are public, what they run is not.</summary>
internal static class EngineFormatting
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    internal static void Use(FrontEndCommandBase command, string shape)
    {
        var engine = typeof(FrontEndCommandBase).Assembly;
        var space = typeof(FrontEndCommandBase).Namespace;
        var shapes = engine.GetType($"{space}.FormatShape", throwOnError: true)!;
        var work = engine.GetType($"{space}.InnerFormatShapeCommand", throwOnError: true)!
            .GetConstructor(Hidden, [shapes])!
            .Invoke([Enum.Parse(shapes, shape)]);
        typeof(FrontEndCommandBase).GetField("implementation", Hidden)!.SetValue(command, work);
    }
}
