using DataTools.Errors;
using DataTools.Formats.Remote;
using ICSharpCode.SharpZipLib.GZip;

namespace DataTools.Formats;

/// <summary>A file to read: its name for messages, and its bytes as often as they are needed, decompressed.</summary>
public sealed class DataSource
{
    private const int SmallExpansion = 100 << 20;

    /// <summary>Files are served and stored compressed once more than their names say.</summary>
    private const int MostLayers = 2;

    private readonly Func<ReadOptions, Stream> _open;

    /// <summary>A source of any kind; <paramref name="open"/> gives its bytes from the start each time.</summary>
    public DataSource(string name, Func<Stream> open, string? path = null)
        : this(name, _ => open()) => Path = path;

    /// <summary>A source whose opening depends on the options.</summary>
    internal DataSource(string name, Func<ReadOptions, Stream> open)
    {
        Name = name;
        _open = open;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The file's path, or null where it is none.</summary>
    public string? Path { get; }

    /// <summary>A file of this machine.</summary>
    public static DataSource FromFile(string path) => new(path, () => OpenFile(path), path);

    /// <summary>
    /// A file of this machine that is read several times though it may be a pipe, which gives its bytes once: they are kept, and told to <paramref name="keep"/> to be
    /// let go of.
    /// </summary>
    internal static DataSource FromPipe(string path, Action<IDisposable> keep, CancellationToken cancellation)
    {
        SpooledSource? kept = null;
        return new DataSource(path, Open, path);

        Stream Open()
        {
            if (kept is null)
            {
                var stream = OpenFile(path);
                if (stream.CanSeek)
                {
                    return stream;
                }

                keep(kept = new SpooledSource(() => stream, cancellation));
            }

            return kept.Open();
        }
    }

    /// <summary>Opens the bytes: gz and zst, known by their first bytes, are decompressed within the bound of the options.</summary>
    public Stream Open(ReadOptions options)
    {
        var raw = _open(options);
        try
        {
            var counted = raw.CanSeek ? null : new CountedStream(raw);
            return Decompress(counted ?? raw, () => MostExpanded(counted?.Count ?? raw.Length, options), MostLayers);
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>How many bytes so many compressed ones may become.</summary>
    internal static long MostExpanded(long compressed, ReadOptions options) => Math.Max(SmallExpansion, compressed * options.MaxExpansion);

    private Stream Decompress(Stream raw, Func<long> limit, int layers)
    {
        var head = new byte[4];
        var read = raw.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        Stream whole = raw;
        if (raw.CanSeek)
        {
            raw.Position = 0;
        }
        else
        {
            whole = new PrefixedStream(head.AsMemory(0, read), raw);
        }

        var expanded = head switch
        {
            _ when layers == 0 => null,
            // The framework's own stream takes a file that is cut off for a shorter one.
            [0x1F, 0x8B, ..] => new BoundedStream(new GZipInputStream(whole, 1 << 16), Name, limit),
            [0x28, 0xB5, 0x2F, 0xFD] => new BoundedStream(new ZstdSharp.DecompressionStream(whole, leaveOpen: false), Name, limit),
            _ => null,
        };
        return expanded is null ? whole : Decompress(expanded, limit, layers - 1);
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw DataErrors.FileNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotOpen(path, e);
        }
    }
}
