using Apache.Arrow;
using Apache.Arrow.Ipc;
using DataTools.Data;
using DataTools.Data.Normalizing;
using DataTools.Errors;
using ParquetSharp;
using ParquetSharp.Arrow;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace DataTools.Formats.Parquet;

/// <summary>
/// Reads row groups one after the other as batches: only the columns that are asked for, and only groups in which the filter may find a row.
/// </summary>
internal sealed class ParquetBatchReader : IBatchReader
{
    private const string FieldId = "PARQUET:field_id";

    private readonly DataSource _source;
    private readonly Stream? _stream;
    private readonly FileReader _file;
    private readonly ArrowNormalizer _normalizer;
    private readonly Int96Check? _int96;
    private readonly int[] _order;
    private readonly int[] _groups;
    private readonly int[] _leaves;
    private readonly Queue<RecordBatch> _ready = [];
    private IArrowArrayStream? _batches;
    private int _next;

    public ParquetBatchReader(DataSource source, ReadContext context)
    {
        _source = source;
        _stream = ParquetSource.Open(source, context.Options, out var path);
        try
        {
            _file = Run(() => OpenFile(path, TimeUnit.Microsecond));
            var fields = Run(() => _file.SchemaManifest.SchemaFields);
            var all = new Schema([.. fields.Select(f => WithoutId(f.Field))], Run(() => UserMetadata(_file)));
            var unique = ColumnNames.MakeUnique(all, source.Name, context.Warn);
            var wanted = context.Options.Columns.Count == 0
                ? [.. Enumerable.Range(0, fields.Count)]
                : ColumnNames.Find([.. unique.FieldsList.Select(f => f.Name)], context.Options.Columns, source.Name);

            // The library gives columns in the file's order, whatever the order asked for.
            int[] read = [.. wanted.Order()];
            _order = [.. wanted.Select(w => System.Array.IndexOf(read, w))];
            _leaves = [.. read.SelectMany(i => Leaves(fields[i]))];
            if (Run(IntervalColumn) is { } interval)
            {
                throw DataErrors.TypeNotSupported(interval, "interval", source.Name);
            }

            _normalizer = new ArrowNormalizer(new Schema([.. read.Select(i => unique.GetFieldByIndex(i))], unique.HasMetadata ? unique.Metadata : null), source.Name, context.Rejects);
            Schema = new Schema([.. _order.Select(i => _normalizer.Schema.GetFieldByIndex(i))], unique.HasMetadata ? unique.Metadata : null);
            _int96 = Run(() => Int96Check.For(source, _file, [.. read.Select(i => fields[i])], unit => OpenFile(path, unit)));
            _groups = Run(() => new RowGroupFilter(_file, fields, unique, context).Groups());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Schema Schema { get; }

    public double? Progress => _groups.Length == 0 ? 1 : (double)_next / _groups.Length;

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (_ready.Count == 0 && (_batches is not null || _next < _groups.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Run(() => ReadOfGroup(cancellation)))
            {
                _batches!.Dispose();
                _batches = null;
            }
        }

        return _ready.TryDequeue(out var batch) ? new RecordBatch(Schema, _order.Select(i => batch.Column(i)), batch.Length) : null;
    }

    public void Dispose()
    {
        _int96?.Dispose();
        _batches?.Dispose();
        _file?.Dispose();
        _stream?.Dispose();
    }

    private bool ReadOfGroup(CancellationToken cancellation)
    {
        if (_batches is null)
        {
            var group = _groups[_next++];
            _batches = _file.GetRecordBatchReader([group], _leaves);
            _int96?.Open(group);
        }

        using var native = _batches.ReadNextRecordBatchAsync(cancellation).AsTask().GetAwaiter().GetResult();
        if (native is null)
        {
            return false;
        }

        _normalizer.Normalize(native, _int96?.Verify(native) ?? [], _ready);
        return true;
    }

    private FileReader OpenFile(string? path, TimeUnit int96)
    {
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        using var arrow = ArrowReaderProperties.GetDefault();
        arrow.BatchSize = BatchBuilder.DefaultRows;
        arrow.UseThreads = true;
        arrow.PreBuffer = false;
        arrow.ArrowExtensionEnabled = true;
        arrow.CoerceInt96TimestampUnit = int96;
        return path is null ? new FileReader(_stream!, properties, arrow, leaveOpen: true) : new FileReader(path, properties, arrow);
    }

    private static Dictionary<string, string>? UserMetadata(FileReader file)
    {
        using var data = file.ParquetReader.FileMetaData;
        var metadata = data.KeyValueMetadata.Where(p => p.Key != "ARROW:schema").ToDictionary(p => p.Key, p => p.Value);
        return metadata.Count == 0 ? null : metadata;
    }

    /// <summary>The field's number in the file, which in another file would be another column's.</summary>
    private static Field WithoutId(Field field)
    {
        if (!field.HasMetadata || !field.Metadata.ContainsKey(FieldId))
        {
            return field;
        }

        var metadata = field.Metadata.Where(p => p.Key != FieldId).ToDictionary(p => p.Key, p => p.Value);
        return new Field(field.Name, field.DataType, field.IsNullable, metadata.Count == 0 ? null : metadata);
    }

    /// <summary>The leaf columns of a field.</summary>
    public static IEnumerable<int> Leaves(SchemaField field) => field.Children.Count == 0 ? [field.ColumnIndex] : field.Children.SelectMany(Leaves);

    /// <summary>The first column of intervals, which the library would give as bytes.</summary>
    private string? IntervalColumn()
    {
        using var data = _file.ParquetReader.FileMetaData;
        return _leaves.Select(data.Schema.Column).FirstOrDefault(c => c.LogicalType is IntervalLogicalType)?.Path.ToDotString();
    }

    private T Run<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ParquetException e) when (e.Message.Contains("encrypt", StringComparison.OrdinalIgnoreCase))
        {
            throw DataErrors.EncryptedFile(_source.Name, e);
        }
        catch (Exception e) when (e is not (DataException or OperationCanceledException))
        {
            // Damage surfaces as exceptions of the library's own, of its streams' and of plain Exception.
            throw DataErrors.MalformedFile(_source.Name, "Parquet", ParquetFault.Reason(e), e);
        }
    }
}
