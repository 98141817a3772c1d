using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using DataTools.Data;
using DataTools.Data.Normalizing;
using DataTools.Errors;

namespace DataTools.Formats.Arrow;

/// <summary>Reads Arrow files and streams; record batches of other sizes are cut to the usual one.</summary>
internal sealed class ArrowBatchReader : IBatchReader
{
    private readonly DataSource _source;
    private readonly Stream _stream;
    private readonly ArrowStreamReader _reader;
    private readonly ArrowNormalizer _normalizer;
    private readonly int[] _wanted;
    private readonly Schema _read;
    private readonly Queue<RecordBatch> _ready = [];
    private RecordBatch? _current;
    private int _position;

    public ArrowBatchReader(DataSource source, ReadContext context)
    {
        _source = source;
        _stream = SeekableSource.Open(source, context.Options, out _);
        try
        {
            _reader = Run(OpenReader);
            var unique = ColumnNames.MakeUnique(Run(() => _reader.Schema) ?? throw DataErrors.MalformedFile(source.Name, "Arrow", "it has no schema"), source.Name, context.Warn);
            _wanted = context.Options.Columns.Count == 0
                ? [.. Enumerable.Range(0, unique.FieldsList.Count)]
                : ColumnNames.Find([.. unique.FieldsList.Select(f => f.Name)], context.Options.Columns, source.Name);
            _read = new Schema([.. _wanted.Select(i => unique.GetFieldByIndex(i))], unique.HasMetadata ? unique.Metadata : null);
            _normalizer = new ArrowNormalizer(_read, source.Name, context.Rejects);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Schema Schema => _normalizer.Schema;

    public double? Progress => (double)_stream.Position / _stream.Length;

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (_ready.Count == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_current is null)
            {
                _current = Run(NextBatch);
                _position = 0;
                if (_current is null)
                {
                    return null;
                }
            }

            Run(NormalizeNext);
        }

        return _ready.Dequeue();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _stream.Dispose();
    }

    private bool NormalizeNext()
    {
        var count = Math.Min(BatchBuilder.DefaultRows, _current!.Length - _position);
        _normalizer.Normalize(count == _current.Length ? _current : _current.Slice(_position, count), [], _ready);
        _position += count;
        _current = _position < _current.Length ? _current : null;
        return true;
    }

    private RecordBatch? NextBatch() =>
        _reader.ReadNextRecordBatch() is { } next ? new RecordBatch(_read, _wanted.Select(i => next.Column(i)), next.Length) : null;

    private ArrowStreamReader OpenReader()
    {
        if (_stream.Length == 0)
        {
            throw DataErrors.EmptyFile(_source.Name);
        }

        var head = new byte[6];
        _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        _stream.Position = 0;
        return head.AsSpan().SequenceEqual("ARROW1"u8)
            ? new ArrowFileReader(_stream, new CompressionCodecFactory())
            : new ArrowStreamReader(_stream, new CompressionCodecFactory());
    }

    private T Run<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not (DataException or OperationCanceledException))
        {
            // What a damaged file leads to in the library is not declared: bounds, casts, null references.
            throw DataErrors.MalformedFile(_source.Name, "Arrow", e.Message.ReplaceLineEndings(" "), e);
        }
    }
}
