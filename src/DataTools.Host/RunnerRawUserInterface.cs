using System.Management.Automation.Host;

namespace DataTools.Host;

/// <summary>Tells the engine how wide a line is; there is no screen buffer to read or write.</summary>
internal sealed class RunnerRawUserInterface : PSHostRawUserInterface
{
    private const string NoScreen = "datatools has no screen buffer.";

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 1;

    public override Size BufferSize { get; set; } = new(Terminal.Width, 3000);

    public override Size WindowSize { get; set; } = new(Terminal.Width, 50);

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override string WindowTitle { get; set; } = "datatools";

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        RunnerUserInterface.RequireTerminal();
        var key = Console.ReadKey(intercept: options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new HostException(NoScreen);

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new HostException(NoScreen);

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new HostException(NoScreen);

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (Terminal.HasColour)
        {
            Console.Clear();
        }
    }
}
