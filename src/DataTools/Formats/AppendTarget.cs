using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Delimited;

namespace DataTools.Formats;

/// <summary>Adds rows to a text file, in the order of its columns and in its encoding; what does not match the file is an error before anything is written.</summary>
public sealed class AppendTarget : IBatchWriter
{
    private const int Looked = 4 << 20;

    private readonly FileTarget _target;
    private readonly Schema _schema;
    private readonly int[] _columns;

    private AppendTarget(FileTarget target, Schema schema, int[] columns)
    {
        _target = target;
        _schema = schema.Project(columns);
        _columns = columns;
    }

    /// <summary>Opens a file for more rows; one that does not exist, or is empty, is made anew.</summary>
    public static IBatchWriter Open(string path, IDataFormat format, Schema schema, WriteContext context, TargetMode mode)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return FileTarget.Create(path, format, schema, context, mode with { Append = false });
        }

        if (format.RewritesToAppend)
        {
            return FileTarget.Create(path, format, schema, context with { Continues = Continuation.Rewritten }, mode with { Append = false, NoClobber = false });
        }

        if (!format.CanAppend)
        {
            throw DataErrors.FormatCannot(format.Name, "added to");
        }

        var (encoding, endsLine) = Look(path, context.Options);
        var options = context.Options with { Encoding = encoding };
        var columns = Columns(path, format, schema, options);
        var appending = context with { Options = options, Continues = endsLine ? Continuation.AtLine : Continuation.InLine };
        return new AppendTarget(FileTarget.Create(path, format, schema.Project(columns), appending, mode with { Append = true }), schema, columns);
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation) => _target.WriteBatch(batch.Project(_schema, _columns), cancellation);

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation) => _target.Complete(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _target.Dispose();

    /// <summary>The positions of the file's columns in the data.</summary>
    private static int[] Columns(string path, IDataFormat format, Schema schema, WriteOptions options)
    {
        var reading = ReadOptions.Default with
        {
            Delimiter = options.Delimiter ?? (format as DelimitedFormat)?.Separator, Encoding = options.Encoding, NoHeader = options.NoHeader,
            Widths = options.Widths, Layout = options.Layout,
        };
        using var rejects = new RejectLog(new RejectPolicy { MaxErrors = long.MaxValue });
        using var reader = format.OpenReader!(DataSource.FromFile(path), new ReadContext(reading, rejects, _ => { }));
        var there = reader.Schema.Names();
        if (options.NoHeader && there.Length == schema.FieldsList.Count)
        {
            return [.. Enumerable.Range(0, there.Length)];
        }

        return there.Length == schema.FieldsList.Count && there.All(n => schema.IndexOf(n) >= 0)
            ? [.. there.Select(schema.IndexOf)]
            : throw DataErrors.SchemaMismatch($"'{path}' has the columns {string.Join(", ", there)}", $"the data has {string.Join(", ", schema.Names())}. Only rows with the same columns can be added.");
    }

    /// <summary>The encoding to go on with, and whether the file ends with a line end.</summary>
    private static (Encoding? Encoding, bool EndsLine) Look(string path, WriteOptions options)
    {
        using var stream = DataSource.FromFile(path).Open(ReadOptions.Default);
        var head = new byte[Looked];
        var length = stream.ReadAtLeast(head, Looked, throwOnEndOfStream: false);
        var encoding = options.Encoding ?? Marked(head);
        if (encoding is null && !IsUtf8(head.AsSpan(0, length), length == Looked))
        {
            throw DataErrors.InvalidOption($"'{path}' is not in UTF-8. Name its encoding with -Encoding, so that the rows are added in the same.");
        }

        var last = head[length - 1];
        for (var read = length; read > 0;)
        {
            read = stream.Read(head);
            last = read > 0 ? head[read - 1] : last;
        }

        // In UTF-16 and UTF-32 with the low byte first the last byte of a line end is zero.
        return (encoding, last is (byte)'\n' or 0);
    }

    private static Encoding? Marked(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static bool IsUtf8(ReadOnlySpan<byte> head, bool isCut)
    {
        // The last character may be cut by the end of what was read.
        return Utf8.IsValid(isCut ? head[..head.LastIndexOfAnyInRange((byte)0, (byte)0x7F)] : head);
    }
}
