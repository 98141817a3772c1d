using DataTools.Errors;

namespace DataTools.Formats.Parquet;

/// <summary>The bytes of a Parquet file, which is read from its end.</summary>
internal static class ParquetSource
{
    /// <summary>Two magic words and a footer's length.</summary>
    private const int LeastLength = 12;

    /// <summary>
    /// A file gives its path, for the library's own reading; anything else a stream that can seek.
    /// </summary>
    public static Stream? Open(DataSource source, ReadOptions options, out string? path)
    {
        var stream = SeekableSource.Open(source, options, out var isCopy);
        try
        {
            path = isCopy ? null : source.Path;
            Check(stream, source.Name);
            if (path is null)
            {
                return stream;
            }

            stream.Dispose();
            return null;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Check(Stream stream, string name)
    {
        if (stream.Length == 0)
        {
            throw DataErrors.EmptyFile(name);
        }

        var head = new byte[4];
        stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (head.AsSpan().SequenceEqual("PARE"u8))
        {
            throw DataErrors.EncryptedFile(name, null);
        }

        if (stream.Length < LeastLength || !head.AsSpan().SequenceEqual("PAR1"u8))
        {
            throw DataErrors.MalformedFile(name, "Parquet", "it does not begin with the bytes PAR1");
        }
    }
}
