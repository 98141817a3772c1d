namespace DataTools.Formats;

/// <summary>The bytes of a file whose format is not read from its beginning to its end.</summary>
internal static class SeekableSource
{
    /// <summary>
    /// A stream that can seek. What is compressed as a whole is decompressed, within the bound of the options, to a temporary file that goes
    /// away with the stream; then <paramref name="isCopy"/> is true.
    /// </summary>
    public static Stream Open(DataSource source, ReadOptions options, out bool isCopy)
    {
        var stream = source.Open(options);
        isCopy = !stream.CanSeek;
        return isCopy ? Copied(stream) : stream;
    }

    /// <summary>A new temporary file that goes away with its stream.</summary>
    public static FileStream NewTemporary() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });

    private static FileStream Copied(Stream stream)
    {
        var copy = NewTemporary();
        try
        {
            using (stream)
            {
                stream.CopyTo(copy);
            }

            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
