using System.Collections.Concurrent;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>Reads JSON and NDJSON: a sample gives the schema, then chunks are parsed on several threads and come in order.</summary>
internal sealed class JsonBatchReader : IBatchReader
{
    private readonly ReadContext _context;
    private readonly string _source;
    private readonly IJsonSplitter _splitter;
    private readonly JsonPlan _plan;
    private readonly OrderedChunks<JsonChunk, JsonParsed> _parsed;
    private readonly ConcurrentBag<JsonRecordParser> _idle = [];
    private readonly Queue<RecordBatch> _ready = new();
    private long _rows;

    /// <summary>
    /// Opens a file: <paramref name="split"/> opens it from the start, once for the sample and once to read. <paramref name="shape"/> is the empty
    /// shape of its records.
    /// </summary>
    public JsonBatchReader(DataSource source, ReadContext context, Func<IJsonSplitter> split, JsonShape? shape = null)
    {
        _context = context;
        _source = source.Name;
        _plan = new JsonPlan(Sample(split, shape ?? new JsonShape()), context.Options, _source, context.Warn);
        _splitter = split();
        _parsed = new(_splitter.Next, Parse, OrderedChunks<JsonChunk, JsonParsed>.DefaultDegree);
    }

    /// <inheritdoc/>
    public Schema Schema => _plan.Schema;

    /// <inheritdoc/>
    public double? Progress => _splitter.Progress;

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (_ready.Count == 0)
        {
            if (_parsed.Next(cancellation) is not { } parsed)
            {
                return null;
            }

            foreach (var reject in parsed.Rejects)
            {
                _context.Rejects.Add(reject with { Row = reject.Row + _rows });
            }

            _rows += parsed.Rows;
            parsed.Batches.ToList().ForEach(_ready.Enqueue);
        }

        return _ready.Dequeue();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parsed.Dispose();
        _splitter.Dispose();
    }

    private JsonParsed Parse(JsonChunk chunk, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var parser = _idle.TryTake(out var idle) ? idle : new JsonRecordParser(_plan, _source);
            var parsed = parser.Parse(chunk, _context.Options.MaxRecordBytes, cancellation);
            _idle.Add(parser);
            return parsed;
        }
        finally
        {
            chunk.Release();
        }
    }

    private JsonShape Sample(Func<IJsonSplitter> split, JsonShape shape)
    {
        var options = _context.Options;
        using var splitter = split();
        var rows = 0L;
        while ((options.FullScan || rows < options.SampleRows) && splitter.Next(_context.Cancellation) is { } chunk)
        {
            foreach (var record in new JsonRecords(chunk, _source, options.MaxRecordBytes))
            {
                rows++;
                JsonRecordParser.TryObserve(chunk.Bytes[record], shape);
                if (rows == options.SampleRows && !options.FullScan)
                {
                    break;
                }
            }

            chunk.Release();
        }

        if (rows == 0 && splitter.IsEmpty)
        {
            throw DataErrors.EmptyFile(_source);
        }

        HintAtPath(shape, rows);
        return shape;
    }

    /// <summary>A single object around an array of objects is one record, to the letter; the user may have meant the array.</summary>
    private void HintAtPath(JsonShape shape, long rows)
    {
        var arrays = shape.Members.Where(m => m.Value.Type is ListDataType { Item: StructDataType }).ToList();
        if (!shape.IsText && rows == 1 && arrays.Count == 1)
        {
            _context.Warn($"{_source} is one record that holds the array '{arrays[0].Key}'. To read its elements as records: -RecordPath {RecordPath(arrays[0].Key)}");
        }
    }

    private string RecordPath(string name) => _context.Options.RecordPath is { } outer ? $"{outer}.{name}" : name;
}
