using DataTools.Errors;
using DataTools.Formats.Remote;

namespace DataTools.Formats;

/// <summary>Finds the files that paths stand for.</summary>
public static class FileFinder
{
    /// <summary>The column that names the file of a row.</summary>
    public const string SourceColumn = "SourceFile";

    /// <summary>
    /// One part per file. A folder stands for all files below it that have a known extension (or the format that is named), with the columns
    /// of its Hive folders; names that begin with a dot or an underscore are passed over, as Hive does.
    /// </summary>
    /// <remarks>An archive's entries are named by <c>archive.zip!pattern</c>. With <paramref name="remote"/>, paths may lead elsewhere, too.</remarks>
    public static IEnumerable<DataPart> Find(IEnumerable<string> paths, string? format, bool includeSource, RemoteAccess? remote = null) =>
        paths.SelectMany(path => Parts(path, format, remote))
            .Select(part => includeSource
                ? part with { Constants = [.. part.Constants, KeyValuePair.Create(SourceColumn, part.Source.Name)] }
                : part);

    private static List<DataPart> Parts(string path, string? format, RemoteAccess? remote) =>
        remote is not null && RemoteAccess.IsRemote(path) ? [remote.Open(path, format)]
            : ZipEntries.TrySplit(path, out var archive, out var pattern) ? ZipEntries.Find(archive, pattern, format)
            : Directory.Exists(path) ? Below(path, format)
            : [Part(path, format, [])];

    private static List<DataPart> Below(string folder, string? format)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(p => p[0] is '.' or '_'))
            .Where(f => format is not null || DataFormats.IsKnown(f))
            .Order(StringComparer.Ordinal)
            .Select(f => Part(f, format, HivePartitions.Parse(folder, f)))
            .ToList();
        return files.Count > 0 ? files : throw DataErrors.NoFiles(folder);
    }

    private static DataPart Part(string path, string? format, IReadOnlyList<KeyValuePair<string, string>> constants) =>
        File.Exists(path)
            ? new DataPart(DataSource.FromFile(path), DataFormats.Find(format, path), constants)
            : throw DataErrors.FileNotFound(path);
}
