using System.Management.Automation;
using System.Management.Automation.Internal;

namespace DataTools.Host;

/// <summary>What the three standard streams are connected to.</summary>
internal static class Terminal
{
    private const int WidthWithoutTerminal = 120;

    internal static bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Escape codes are for a terminal only, and for one that wants them (https://no-color.org).</summary>
    internal static bool HasColour { get; } = !Console.IsOutputRedirected && WantsColour;

    internal static bool ErrorHasColour { get; } = !Console.IsErrorRedirected && WantsColour;

    internal static bool ShowsProgress { get; } = !Console.IsErrorRedirected && !IsDumb;

    internal static int Width { get; } = Console.IsOutputRedirected || Console.WindowWidth == 0 ? WidthWithoutTerminal : Console.WindowWidth;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    private static bool WantsColour => !IsDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    internal static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);
}
