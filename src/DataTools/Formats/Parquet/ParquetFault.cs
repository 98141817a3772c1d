namespace DataTools.Formats.Parquet;

/// <summary>What went wrong in the library, which wraps a stream's words and its own into the names of C++ and .NET exceptions.</summary>
internal static class ParquetFault
{
    private const string ExceptionMark = "Exception: ";
    private const string MessageMark = "(message: '";

    /// <summary>The reason alone, in one line.</summary>
    public static string Reason(Exception e)
    {
        var line = e.Message.Split('\n')[0].TrimEnd('\r');
        line = After(line, MessageMark).TrimEnd(')', '\'');
        return After(line, ExceptionMark);
    }

    private static string After(string text, string mark)
    {
        var at = text.LastIndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? text : text[(at + mark.Length)..];
    }
}
