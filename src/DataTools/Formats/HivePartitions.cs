using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>Folders named <c>column=value</c>, as Hive, Spark and DuckDB write them.</summary>
public static class HivePartitions
{
    /// <summary>What stands for null.</summary>
    public const string NullName = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The columns that the folders between <paramref name="root"/> and a file name.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string root, string file) =>
    [
        .. Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1]))),
    ];

    /// <summary>The folder's name for a value. Characters that paths or readers take for their own are escaped, so no value leaves the target.</summary>
    public static string FolderName(string column, string? value) => $"{Escape(column)}={(value is null ? NullName : Escape(value))}";

    private static string Escape(string text)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var plain = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)' ' || (b == (byte)'.' && result.Length > 0);
            result.Append(plain ? ((char)b).ToString() : $"%{b:X2}");
        }

        return result.ToString();
    }
}

/// <summary>
/// Writes rows into one file per combination of the values of some columns. All files are complete or none is: each is written under a temporary
/// name, and they are renamed at the end.
/// </summary>
public sealed class PartitionedWriter : IBatchWriter
{
    /// <summary>More open files than this would exhaust the machine.</summary>
    private const int MaxPartitions = 1000;

    private readonly string _root;
    private readonly int[] _keys;
    private readonly int[] _rest;
    private readonly Schema _schema;
    private readonly Schema _inner;
    private readonly Func<string, Schema, IBatchWriter> _open;
    private readonly Dictionary<string, IBatchWriter> _writers = new(StringComparer.Ordinal);

    /// <summary>
    /// Writes below the folder <paramref name="root"/>; <paramref name="open"/> makes the writer of a file in a folder that exists.
    /// </summary>
    public PartitionedWriter(string root, Schema schema, IReadOnlyList<string> columns, Func<string, Schema, IBatchWriter> open)
    {
        _root = root;
        _schema = schema;
        _keys = [.. columns.Select(c => schema.Require(c, "The data"))];
        _rest = [.. Enumerable.Range(0, schema.FieldsList.Count).Except(_keys)];
        if (_rest.Length == 0)
        {
            throw DataErrors.InvalidOption("-PartitionBy names every column; at least one must stay in the files.");
        }

        _inner = schema.Project(_rest);
        _open = open;
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
            WriterOf(folder).WriteBatch(Take.Rows(projected, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list)), cancellation);
        }
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        foreach (var writer in _writers.Values)
        {
            writer.Complete(cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
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

        var path = Path.Combine(_root, folder);
        Directory.CreateDirectory(path);
        _writers.Add(folder, writer = _open(path, _inner));
        return writer;
    }
}
