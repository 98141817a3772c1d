using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace DataTools.Host;

/// <summary>The one look into the engine's formatting: its commands are public, what they run and write to is not.</summary>
public static class EngineFormatting
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>What <c>Out-FormattedLine</c> takes to write formatted lines to a writer.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="width">Characters in a line.</param>
    public static object LineOutput(TextWriter writer, int width) =>
        Engine("TextWriterLineOutput").GetConstructor(Hidden, [typeof(TextWriter), typeof(int)])!.Invoke([writer, width]);

    internal static void Use(FrontEndCommandBase command, string shape)
    {
        var shapes = Engine("FormatShape");
        var work = Engine("InnerFormatShapeCommand").GetConstructor(Hidden, [shapes])!.Invoke([Enum.Parse(shapes, shape)]);
        typeof(FrontEndCommandBase).GetField("implementation", Hidden)!.SetValue(command, work);
    }

    private static Type Engine(string name) =>
        typeof(FrontEndCommandBase).Assembly.GetType($"{typeof(FrontEndCommandBase).Namespace}.{name}", throwOnError: true)!;
}
