using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataTools.Module;

/// <summary>The account of one run of a command, written as a line of JSON.</summary>
internal sealed class RunLog
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DateTime _start = DateTime.UtcNow;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly string _command;
    private bool _complete;

    private RunLog(string command) => _command = command;

    public string? Path { get; set; }

    public string? Source { get; set; }

    public string? Target { get; set; }

    public long Rows { get; set; }

    public long Rejects { get; set; }

    public string? Error { get; set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public static RunLog Start(string command) => new(command);

    /// <summary>The run came to its end.</summary>
    public void Complete() => _complete = true;

    /// <summary>Appends the line. A run that did not complete and has no error of its own was ended by another command or by the user.</summary>
    public void Write()
    {
        if (Path is null)
        {
            return;
        }

        var error = Error ?? (_complete ? null : "stopped before the end");
        var line = JsonSerializer.Serialize(
            new
            {
                start = _start, end = DateTime.UtcNow, command = _command, source = Source, target = Target, rows = Rows, rejects = Rejects,
                succeeded = error is null, error,
            },
            Json);
        try
        {
            File.AppendAllText(Path, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The pipeline is over, so there is no stream left to write to but the process's own.
            Console.Error.WriteLine($"The log '{Path}' cannot be written: {e.Message}");
        }
    }
}
