namespace DataTools.Formats;

/// <summary>Writes texts under another name first, so that nobody ever sees half of one.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file as UTF-8, in place of one that is there. The system's errors come as they are.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
