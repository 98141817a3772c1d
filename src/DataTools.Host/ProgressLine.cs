using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace DataTools.Host;

/// <summary>Shows progress in one line of standard error that is overwritten, a few times a second at most.</summary>
internal sealed class ProgressLine(TextWriter writer, int width)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private long lastShown;
    private bool visible;

    internal void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        if (lastShown != 0 && Stopwatch.GetElapsedTime(lastShown) < Interval)
        {
            return;
        }

        lastShown = Stopwatch.GetTimestamp();
        var text = Text(record);
        writer.Write($"\r{(text.Length < width ? text : text[..(width - 1)])}\e[K");
        visible = true;
    }

    /// <summary>Takes the line away, so that something else can be written where it stood.</summary>
    internal void Clear()
    {
        if (visible)
        {
            writer.Write("\r\e[K");
            visible = false;
        }
    }

    private static string Text(ProgressRecord record)
    {
        var percent = record.PercentComplete < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {record.PercentComplete} %");
        var remaining = record.SecondsRemaining < 0 ? "" : $", {TimeSpan.FromSeconds(record.SecondsRemaining):c} left";
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? "" : $" {record.CurrentOperation}";
        return $"{record.Activity}: {record.StatusDescription}{percent}{remaining}{operation}".ReplaceLineEndings(" ");
    }
}
