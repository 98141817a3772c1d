using System.Management.Automation;
using System.Management.Automation.Host;

namespace DataTools.Host;

/// <summary>Output on standard output, errors, progress and questions on standard error.</summary>
internal sealed partial class RunnerUserInterface(bool showProgress) : PSHostUserInterface
{
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private readonly ProgressLine? progress = showProgress && Terminal.ShowsProgress ? new(Console.Error, Terminal.Width) : null;
    private readonly Lock gate = new();
    private readonly TaskCompletionSource stopped = new();

    /// <summary>Whether what is written now belongs to an error.</summary>
    internal bool WritesToError { get; set; }

    private bool HasColour => WritesToError ? Terminal.ErrorHasColour : Terminal.HasColour;

    public override PSHostRawUserInterface RawUI { get; } = new RunnerRawUserInterface();

    public override bool SupportsVirtualTerminal => Terminal.HasColour;

    public override void Write(string value)
    {
        lock (gate)
        {
            progress?.Clear();
            (WritesToError ? error : output).Write(HasColour ? value : Terminal.Plain(value));
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Terminal.HasColour ? Colours(foregroundColor, backgroundColor) + value + PSStyle.Instance.Reset : value);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        Write(foregroundColor, backgroundColor, value);
        WriteLine();
    }

    public override void WriteErrorLine(string value)
    {
        lock (gate)
        {
            progress?.Clear();
            error.WriteLine(Terminal.ErrorHasColour ? value : Terminal.Plain(value));
        }
    }

    public override void WriteWarningLine(string message) => WriteStream(PSStyle.Instance.Formatting.Warning, "WARNING", message);

    public override void WriteVerboseLine(string message) => WriteStream(PSStyle.Instance.Formatting.Verbose, "VERBOSE", message);

    public override void WriteDebugLine(string message) => WriteStream(PSStyle.Instance.Formatting.Debug, "DEBUG", message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (progress is not null)
        {
            lock (gate)
            {
                progress.Show(record);
            }
        }
    }

    /// <summary>Ends a question that waits for its answer.</summary>
    internal void Stop() => stopped.TrySetResult();

    internal void ClearProgress()
    {
        lock (gate)
        {
            progress?.Clear();
        }
    }

    private static string Colours(ConsoleColor foreground, ConsoleColor background)
    {
        var text = PSStyle.MapForegroundColorToEscapeSequence(foreground);
        return background == ConsoleColor.Black ? text : text + PSStyle.MapBackgroundColorToEscapeSequence(background);
    }

    private void WriteStream(string style, string name, string message) =>
        WriteLine(Terminal.HasColour ? $"{style}{name}: {message}{PSStyle.Instance.Reset}" : $"{name}: {message}");
}
