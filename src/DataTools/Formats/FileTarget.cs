using System.IO.Compression;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>How a file comes into being.</summary>
/// <param name="Append">Rows are added to a file that exists; a failed run leaves it as it was.</param>
/// <param name="NoClobber">A file that exists is an error.</param>
/// <param name="Force">A read-only file, or a folder that holds files, is replaced.</param>
public sealed record TargetMode(bool Append = false, bool NoClobber = false, bool Force = false);

/// <summary>
/// Writes a file under a temporary name in the same folder and renames it when it is complete, so that nobody ever sees half of it.
/// Compresses when the name ends in .gz or .zst.
/// </summary>
public sealed class FileTarget : IBatchWriter
{
    private readonly string _path;
    private readonly string _written;
    private readonly long _before;
    private readonly Stream _file;
    private readonly Stream _stream;
    private readonly IBatchWriter _writer;
    private readonly Action _sidecar;
    private bool _complete;

    private FileTarget(string path, IDataFormat format, Schema schema, WriteContext context, bool append)
    {
        _path = path;
        _sidecar = () => FormatSidecar.Write(path, format, schema, context.Options);
        var open = OpenStream(path, append);
        var inPlace = append || open is not null || (File.Exists(path) && IsSpecial(path));
        _written = inPlace ? path : Path.Combine(
            Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            _file = open ?? new FileStream(_written, Mode(path, append), FileAccess.Write, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(path, e);
        }

        _before = append && _file.CanSeek ? _file.Length : 0;
        try
        {
            _stream = Compress(_file, path);
            _writer = format.OpenWriter!(_stream, schema, context);
        }
        catch
        {
            _file.Dispose();
            Discard();
            throw;
        }
    }

    /// <summary>Opens a file for writing; <paramref name="path"/> must be absolute.</summary>
    public static FileTarget Create(string path, IDataFormat format, Schema schema, WriteContext context, TargetMode mode)
    {
        if (format.OpenWriter is null)
        {
            throw DataErrors.FormatCannot(format.Name, "written");
        }

        // A link is followed: what it points to is replaced, not the link.
        var target = IsDevice(path) || new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        Check(path, target, mode);
        return new FileTarget(target, format, schema, context, mode.Append && File.Exists(target));
    }

    private static void Check(string path, string target, TargetMode mode)
    {
        if (mode.NoClobber && !mode.Append && File.Exists(target))
        {
            throw DataErrors.TargetExists(path);
        }

        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly) && !mode.Force)
        {
            throw DataErrors.CannotWrite(path, new UnauthorizedAccessException("the file is read-only; use -Force to replace it"));
        }

        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            throw DataErrors.CannotWrite(path, new DirectoryNotFoundException($"the folder '{folder}' does not exist"));
        }
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation) => Guard(() => _writer.WriteBatch(batch, cancellation));

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        Guard(() =>
        {
            _writer.Complete(cancellation);
            _writer.Dispose();
            _stream.Dispose();
            _file.Dispose();
            _sidecar();
            if (_written != _path)
            {
                KeepMode();
                File.Move(_written, _path, overwrite: true);
            }
        });
        _complete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_complete)
        {
            return;
        }

        _complete = true;
        // What the closing of an abandoned writer complains of is not the user's concern: the run has failed already.
        Quietly(_writer.Dispose);
        Quietly(_stream.Dispose);
        Quietly(_file.Dispose);
        Discard();
    }

    /// <summary>.NET does not tell a device of Unix from a file, but they are all in one place, as the standard output is.</summary>
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>What is behind a name of /dev/fd, open for somebody else, may be a file that holds rows already.</summary>
    private static FileMode Mode(string path, bool append) => append || IsDevice(path) ? FileMode.Append : FileMode.Create;

    /// <summary>What is not opened by its name as a file is; null for a file.</summary>
    private static Stream? OpenStream(string path, bool append) => IsDevice(path) ? OpenStandard(path) : append ? null : OpenPipe(path);

    /// <summary>
    /// The standard output or error, at the place to which this process has written; null for anything else. Where it is a file, opening that by its name would begin at the file's
    /// beginning.
    /// </summary>
    private static BufferedStream? OpenStandard(string path) => path switch
    {
        "/dev/stdout" or "/dev/fd/1" => new BufferedStream(Console.OpenStandardOutput(), 1 << 16),
        "/dev/stderr" or "/dev/fd/2" => new BufferedStream(Console.OpenStandardError(), 1 << 16),
        _ => null,
    };

    /// <summary>Whether a path is a device, which is written to and must not be replaced by a file.</summary>
    private static bool IsSpecial(string path) => IsDevice(path) || (File.GetAttributes(path) & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0;

    /// <summary>
    /// A pipe, which is written to as well; null for anything else. It is opened once: its reader would take the end of a first look at it for the end of all, and be gone at the second.
    /// </summary>
    private static FileStream? OpenPipe(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path) || IsSpecial(path) || new FileInfo(path).Length > 0)
        {
            return null;
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
            if (!file.CanSeek)
            {
                return file;
            }

            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be written to may still be replaced.
        }

        return null;
    }

    private static Stream Compress(Stream file, string path) => DataFormats.CompressionOf(path) switch
    {
        ".gz" => new GZipStream(file, CompressionLevel.Optimal),
        ".zst" => new ZstdSharp.CompressionStream(file, leaveOpen: true),
        _ => file,
    };

    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_path))
        {
            File.SetUnixFileMode(_written, File.GetUnixFileMode(_path));
        }
    }

    private void Discard() => Quietly(() =>
    {
        if (_written != _path)
        {
            File.Delete(_written);
        }
        else if (_before > 0)
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Write);
            file.SetLength(_before);
        }
    });

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
        {
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(_path, e);
        }
    }
}
