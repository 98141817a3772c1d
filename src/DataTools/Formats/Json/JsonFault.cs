using System.Text.Json;

namespace DataTools.Formats.Json;

/// <summary>Why a record could not be taken. One instance serves one thread.</summary>
internal sealed class JsonFault
{
    /// <summary>The column, or null where the whole record is at fault.</summary>
    public string? Column { get; private set; }

    /// <summary>The raw value.</summary>
    public string? Value { get; private set; }

    /// <summary>The reason, as a clause.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Notes the fault; always false, for callers to return.</summary>
    public bool Set(string? column, string? value, string reason)
    {
        Column = column;
        Value = value;
        Reason = reason;
        return false;
    }

    /// <summary>The parser's message without the place, which is told elsewhere and relative to the whole file.</summary>
    public static string Shorten(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }
}
