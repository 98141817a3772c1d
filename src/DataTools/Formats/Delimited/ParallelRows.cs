using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Unicode;
using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>
/// Reads pieces of a text side by side and gives their rows in order. A piece that starts at a record and has no misplaced quote ends at
/// one, so its successor was cut rightly; after a misplaced quote everything is read again, in sequence, from that piece on.
/// </summary>
internal sealed class ParallelRows : IDisposable
{
    private readonly ReadPlan _plan;
    private readonly ChunkSplitter _splitter;
    private readonly RejectLog _rejects;
    private readonly int _degree;
    private readonly Queue<(ArraySegment<byte> Text, Task<Parsed> Parsing)> _running = [];
    private readonly Queue<RecordBatch> _ready = [];
    private readonly ConcurrentBag<RowParser> _parsers = [];
    private readonly CancellationTokenSource _stop = new();
    private SequentialRows? _sequel;
    private long _rows;
    private long _line;
    private bool _begun;

    public ParallelRows(ReadPlan plan, Stream text, RejectLog rejects, int pieceSize)
    {
        _plan = plan;
        _splitter = new ChunkSplitter(text, plan.Dialect.HasQuotes ? (byte)plan.Dialect.Quote! : null, pieceSize);
        _rejects = rejects;
        _degree = Math.Min(Environment.ProcessorCount, 4) + 1;
        _line = plan.FirstLine;
    }

    /// <summary>The next batch, or null at the end.</summary>
    public RecordBatch? Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_ready.Count == 0)
        {
            if (_sequel is not null)
            {
                return _sequel.Read(int.MaxValue, cancellation);
            }

            Start();
            if (!_running.TryPeek(out var first))
            {
                Continue();
                continue;
            }

            // WhenAny waits without wrapping what the piece may throw.
            Task.WhenAny(first.Parsing).Wait(cancellation);
            Finish(first.Text, first.Parsing.GetAwaiter().GetResult());
        }

        return _ready.Dequeue();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        Settle();
        _sequel?.Dispose();
        _splitter.Dispose();
        _stop.Dispose();
    }

    private void Start()
    {
        while (_running.Count < _degree && _splitter.Next() is { } text)
        {
            var isFirst = !_begun;
            _begun = true;
            _running.Enqueue((text, Task.Run(() => Parse(text, isFirst && _plan.HasHeader))));
        }
    }

    private Parsed Parse(ReadOnlyMemory<byte> text, bool hasHeader)
    {
        var parser = _parsers.TryTake(out var used) ? used : new RowParser(_plan);
        parser.ChecksRecords = text.Length > _plan.MaxRecordBytes || !Utf8.IsValid(text.Span);
        using var reader = _plan.Dialect.Open(text, o => parser.Begin(o, text));
        if (hasHeader)
        {
            parser.SkipHeader(reader);
        }

        var result = new Parsed();
        var headers = hasHeader ? 1 : 0;
        var more = true;
        while (more && !parser.SawMalformedQuote)
        {
            more = parser.Fill(reader, r => result.Rejects.Add(r with { Row = r.Row - headers }), int.MaxValue, _stop.Token);
            if (parser.Take() is { } batch)
            {
                result.Batches.Add(batch);
            }
        }

        result.Rows = reader.RowNumber - headers;
        result.Lines = RowParser.LineBreaks(text.Span);
        result.IsMisquoted = parser.SawMalformedQuote;
        _parsers.Add(parser);
        return result;
    }

    private void Finish(ArraySegment<byte> text, Parsed parsed)
    {
        if (parsed.IsMisquoted)
        {
            Continue();
            return;
        }

        _running.Dequeue();
        ArrayPool<byte>.Shared.Return(text.Array!);
        foreach (var reject in parsed.Rejects)
        {
            _rejects.Add(reject with { Row = reject.Row + _rows, Line = reject.Line + _line - 1 });
        }

        parsed.Batches.ForEach(_ready.Enqueue);
        _rows += parsed.Rows;
        _line += parsed.Lines;
    }

    /// <summary>Reads all that is not finished in sequence.</summary>
    private void Continue()
    {
        Settle();
        var text = _splitter.Rest();
        foreach (var (piece, _) in _running.Reverse())
        {
            text = new PrefixedStream(piece, text);
        }

        _running.Clear();
        _sequel = _rows == 0 && _line == _plan.FirstLine
            ? new SequentialRows(_plan, text, _rejects.Add)
            : new SequentialRows(_plan, text, _rejects.Add, _rows, _line);
    }

    private void Settle()
    {
        try
        {
            Task.WaitAll([.. _running.Select(r => r.Parsing)]);
        }
        catch (AggregateException)
        {
            // What these pieces would have told is void.
        }
    }

    private sealed class Parsed
    {
        public List<RecordBatch> Batches { get; } = [];

        public List<Reject> Rejects { get; } = [];

        public long Rows { get; set; }

        public long Lines { get; set; }

        public bool IsMisquoted { get; set; }
    }
}
