using System.IO.Compression;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>Files within zip archives: <c>archive.zip!*.csv</c>. They are read where they are; nothing is written, so their names lead nowhere.</summary>
internal static class ZipEntries
{
    private const string Mark = ".zip!";

    /// <summary>Cuts a path at the archive's end; false where it names none. A file of that very name goes before.</summary>
    public static bool TrySplit(string path, out string archive, out string pattern)
    {
        var at = path.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        archive = at < 0 ? path : path[..(at + Mark.Length - 1)];
        pattern = at < 0 ? "" : path[(at + Mark.Length)..];
        return at >= 0 && !File.Exists(path);
    }

    /// <summary>
    /// The entries that a pattern names, in the order of their names. One without / is of file names, whatever their folder; without a format that was
    /// named, a wildcard stands for entries of known formats.
    /// </summary>
    public static List<DataPart> Find(string archive, string pattern, string? format)
    {
        using var zip = Open(archive);
        var names = zip.Entries.Where(e => e.Name.Length > 0 && IsMatch(e, pattern)).Select(e => e.FullName).Distinct().Order(StringComparer.Ordinal);
        var isOne = !pattern.AsSpan().ContainsAny('*', '?');
        var parts = names.Where(n => isOne || format is not null || DataFormats.IsKnown(n))
            .Select(n => new DataPart(new DataSource($"{archive}!{n}", o => OpenEntry(archive, n, o)), DataFormats.Find(format, n), []))
            .ToList();
        return parts.Count > 0 ? parts : throw DataErrors.EntryNotFound(archive, pattern, zip.Entries.Select(e => e.FullName).Where(n => !n.EndsWith('/')));
    }

    private static bool IsMatch(ZipArchiveEntry entry, string pattern) =>
        ColumnNames.IsMatch(pattern.Contains('/', StringComparison.Ordinal) ? entry.FullName : entry.Name, pattern);

    private static ZipArchive Open(string archive)
    {
        if (!File.Exists(archive))
        {
            throw DataErrors.FileNotFound(archive);
        }

        var stream = DataSource.FromFile(archive).Open(ReadOptions.Default);
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read);
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw DataErrors.MalformedFile(archive, "zip", e.Message.TrimEnd('.'), e);
        }
    }

    private static EntryStream OpenEntry(string archive, string name, ReadOptions options)
    {
        var zip = Open(archive);
        try
        {
            var entry = zip.GetEntry(name) ?? throw DataErrors.SourceChanged(archive);
            return entry.IsEncrypted
                ? throw DataErrors.EncryptedFile($"{archive}!{name}", null)
                : new EntryStream(zip, new BoundedStream(entry.Open(), $"{archive}!{name}", () => DataSource.MostExpanded(entry.CompressedLength, options)));
        }
        catch (InvalidDataException e)
        {
            zip.Dispose();
            throw DataErrors.MalformedFile(archive, "zip", e.Message.TrimEnd('.'), e);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of an entry, and the archive that is open for them.</summary>
    private sealed class EntryStream(ZipArchive zip, Stream inner) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            zip.Dispose();
            base.Dispose(disposing);
        }
    }
}
