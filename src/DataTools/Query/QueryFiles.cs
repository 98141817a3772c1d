using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Query;

/// <summary>
/// The files that SQL names: by relative or absolute path, several by wildcards (*, ?, and ** for folders at any depth), or a folder, which
/// stands for the files below it.
/// </summary>
public sealed class QueryFiles : IQueryFiles
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<DataPart>> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _warnings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RowCount> _rows = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly ReadContext _context;

    /// <summary>The files below <paramref name="folder"/>, from which relative names start, and elsewhere.</summary>
    /// <param name="folder">Where relative names start.</param>
    /// <param name="context">How the files are read; its columns are the query's.</param>
    public QueryFiles(string folder, ReadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _folder = folder;
        // A query opens a file more than once: for its columns, then for each time that it reads it.
        _context = context with { Warn = message => Warn(message, context.Warn) };
    }

    /// <summary>The names that the query has opened.</summary>
    public ICollection<string> Opened => _parts.Keys;

    /// <inheritdoc/>
    public bool IsFile(string name) => DataFormats.IsKnown(name) || Directory.Exists(FullPath(name));

    /// <inheritdoc/>
    public IBatchReader Open(string name, IReadOnlyList<string> columns) =>
        new CountedReader(
            MultiFileReader.Open(_parts.GetOrAdd(name, Find), _context with { Options = _context.Options with { Columns = columns } }),
            _rows.GetOrAdd(name, _ => new RowCount(_context.Rejects)));

    private DataPart[] Find(string name) => [.. FileFinder.Find(Expand(name), null, includeSource: false)];

    private void Warn(string message, Action<string> warn)
    {
        if (_warnings.TryAdd(message, true))
        {
            warn(message);
        }
    }

    private string FullPath(string name)
    {
        var rest = name.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + name[1..] : name;
        return Path.GetFullPath(rest, _folder);
    }

    private string[] Expand(string name)
    {
        var full = FullPath(name);
        var wild = full.AsSpan().IndexOfAny('*', '?');
        if (wild < 0)
        {
            return [full];
        }

        var root = full[..(full.AsSpan(0, wild).LastIndexOf(Path.DirectorySeparatorChar) + 1)];
        var pattern = new Regex(Pattern(full[root.Length..].Replace('\\', '/')), RegexOptions.CultureInvariant | RegexOptions.Singleline);
        string[] found = Directory.Exists(root)
            ? [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(f => pattern.IsMatch(f[root.Length..].Replace('\\', '/')))
                .Order(StringComparer.Ordinal)]
            : [];
        return found.Length > 0 ? found : throw DataErrors.FileNotFound(name);
    }

    private static string Pattern(string wildcards) =>
        '^' + Regex.Escape(wildcards)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal) + '$';

    /// <summary>How many rows of a file have been read: those of its longest scan, for a query may scan it more than once.</summary>
    private sealed class RowCount(RejectLog rejects)
    {
        private readonly Lock _lock = new();
        private long _told;

        public void Reached(long rows)
        {
            lock (_lock)
            {
                rejects.CountRows(Math.Max(rows - _told, 0));
                _told = Math.Max(rows, _told);
            }
        }
    }

    /// <summary>One scan of a file, whose rows are counted.</summary>
    private sealed class CountedReader(IBatchReader inner, RowCount count) : IBatchReader
    {
        private long _rows;

        public Schema Schema => inner.Schema;

        public double? Progress => inner.Progress;

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            var batch = inner.ReadBatch(cancellation);
            _rows += batch?.Length ?? 0;
            count.Reached(_rows);
            return batch;
        }

        public void Dispose() => inner.Dispose();
    }
}
