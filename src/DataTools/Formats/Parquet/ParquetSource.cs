using DataTools.Errors;

namespace DataTools.Formats.Parquet;

/// <summary>The bytes of a Parquet file, which is read from its end.</summary>
internal static class ParquetSource
{
    /// <summary>A footer's length and two magic words.</summary>
    private const int LeastLength = 12;

    /// <summary>
    /// A file gives its path, for the library's own reading; anything else a stream that can seek: what is compressed as a whole is
    /// decompressed to a temporary file first.
    /// </summary>
    public static Stream? Open(DataSource source, ReadOptions options, out string? path)
    {
        var stream = source.Open(options);
        try
        {
            path = stream.CanSeek ? source.Path : null;
            if (!stream.CanSeek)
            {
                var temporary = Temporary();
                stream.CopyTo(temporary);
                stream.Dispose();
                stream = temporary;
            }

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

    private static FileStream Temporary() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });

    private static void Check(Stream stream, string name)
    {
        if (stream.Length == 0)
        {
            throw DataErrors.EmptyFile(name);
        }

        stream.Position = 0;
        var head = new byte[4];
        stream.ReadExactly(head.AsSpan(0, (int)Math.Min(stream.Length, head.Length)));
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
