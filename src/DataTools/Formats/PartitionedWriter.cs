using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>
/// Writes rows into one file per combination of the values of some columns. The files grow in a temporary folder beside the target, which takes its
/// place when all are complete.
/// </summary>
public sealed class PartitionedWriter : IBatchWriter
{
    /// <summary>More open files than this would exhaust the machine.</summary>
    private const int MaxPartitions = 1000;

    private readonly string _root;
    private readonly string _temporary;
    private readonly TargetMode _mode;
    private readonly IDataFormat _format;
    private readonly WriteContext _context;
    private readonly int[] _keys;
    private readonly int[] _rest;
    private readonly Schema _schema;
    private readonly Schema _inner;
    private readonly Dictionary<string, IBatchWriter> _writers = new(StringComparer.Ordinal);
    private readonly string _fileName;

    /// <summary>Writes below the folder <paramref name="root"/>, an absolute path, with folders named by <paramref name="columns"/>.</summary>
    public PartitionedWriter(string root, Schema schema, IReadOnlyList<string> columns, IDataFormat format, WriteContext context, TargetMode mode)
    {
        (_root, _mode, _format, _context, _schema) = (root, mode, format, context, schema);
        _keys = [.. columns.Select(c => schema.Require(c, "The data"))];
        _rest = [.. Enumerable.Range(0, schema.FieldsList.Count).Except(_keys)];
        if (_rest.Length == 0)
        {
            throw DataErrors.InvalidOption("-PartitionBy names every column; at least one must stay in the files.");
        }

        if (!mode.Append && !(mode.Force && !mode.NoClobber) && (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())))
        {
            throw DataErrors.FolderNotEmpty(root);
        }

        _inner = schema.Project(_rest);
        _temporary = Path.Combine(Path.GetDirectoryName(root)!, $".{Path.GetFileName(root)}.{Guid.NewGuid():N}.tmp");
        // Files that are added must not meet those that are there.
        _fileName = mode.Append ? $"data-{Guid.NewGuid():N}{format.Extensions[0]}" : $"data{format.Extensions[0]}";
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        var rows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var row = 0; row < batch.Length; row++)
        {
            var folder = Folder(batch, row);
            if (!rows.TryGetValue(folder, out var list))
            {
                rows.Add(folder, list = []);
            }

            list.Add(row);
        }

        var projected = batch.Project(_inner, _rest);
        foreach (var (folder, list) in rows)
        {
            WriterOf(folder).WriteBatch(Take.Rows(projected, CollectionsMarshal.AsSpan(list)), cancellation);
        }
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        foreach (var writer in _writers.Values)
        {
            writer.Complete(cancellation);
        }

        try
        {
            Directory.CreateDirectory(_temporary);
            Place();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(_root, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        if (Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private void Place()
    {
        if (!_mode.Append || !Directory.Exists(_root))
        {
            Replace();
            return;
        }

        foreach (var file in Directory.EnumerateFiles(_temporary, "*", SearchOption.AllDirectories).ToList())
        {
            var target = Path.Combine(_root, Path.GetRelativePath(_temporary, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target);
        }
    }

    /// <summary>The old folder goes only when the new one is in its place.</summary>
    private void Replace()
    {
        var old = _temporary + ".old";
        if (Directory.Exists(_root))
        {
            Directory.Move(_root, old);
        }

        try
        {
            Directory.Move(_temporary, _root);
        }
        catch
        {
            if (Directory.Exists(old))
            {
                Directory.Move(old, _root);
            }

            throw;
        }

        if (Directory.Exists(old))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    private string Folder(RecordBatch batch, int row) => Path.Combine([.. _keys.Select(k => FolderOf(batch, k, row))]);

    private string FolderOf(RecordBatch batch, int key, int row)
    {
        var field = _schema.GetFieldByIndex(key);
        var array = batch.Column(key);
        return HivePartitions.FolderName(field.Name, array.IsNull(row) ? null : Cast.TextAt(array, DataTypes.Of(field), row));
    }

    private IBatchWriter WriterOf(string folder)
    {
        if (_writers.TryGetValue(folder, out var writer))
        {
            return writer;
        }

        if (_writers.Count == MaxPartitions)
        {
            throw DataErrors.LimitExceeded(_root, $"-PartitionBy makes more than {MaxPartitions} folders. Partition by a column with fewer values.");
        }

        var path = Path.Combine(_temporary, folder);
        Directory.CreateDirectory(path);
        writer = FileTarget.Create(Path.Combine(path, _fileName), _format, _inner, _context, new TargetMode());
        _writers.Add(folder, writer);
        return writer;
    }
}
