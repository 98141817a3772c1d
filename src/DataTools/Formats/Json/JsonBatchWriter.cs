using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>Writes JSON (an array, a record a line) or NDJSON. Ranges of rows are formatted on several threads and written in order.</summary>
internal sealed class JsonBatchWriter : IBatchWriter
{
    private const int RangeRows = 8192;

    private readonly Stream _output;
    private readonly WriteContext _context;
    private readonly bool _isLines;
    private readonly JsonWriteRules _rules;
    private readonly JsonRecordWriter _records;
    private readonly JsonWriterOptions _json;
    private readonly byte[] _lineEnd;
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = [];
    private long _rows;

    /// <summary>Opens a writer; <paramref name="isLines"/> asks for NDJSON.</summary>
    public JsonBatchWriter(Stream stream, Schema schema, WriteContext context, bool isLines)
    {
        var options = isLines ? context.Options with { Indented = false } : context.Options;
        if (options.NewLine is not ("\n" or "\r\n"))
        {
            throw DataErrors.InvalidOption("JSON knows only two line ends: \\n and \\r\\n.");
        }

        _context = context;
        _isLines = isLines;
        _lineEnd = Encoding.ASCII.GetBytes(options.NewLine);
        var encoder = IsUnicode(options.Encoding) ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Create(UnicodeRanges.BasicLatin);
        _rules = new JsonWriteRules(options, encoder);
        _records = new JsonRecordWriter(schema, _rules);
        _json = new JsonWriterOptions
        {
            Encoder = encoder, Indented = options.Indented, NewLine = options.NewLine, SkipValidation = true, MaxDepth = int.MaxValue,
        };
        if (context.Continues == Continuation.None && options.Encoding is { } marked)
        {
            stream.Write(marked.GetPreamble());
        }

        _output = Transcode(stream, options.Encoding);
        if (context.Continues == Continuation.InLine)
        {
            _output.Write(_lineEnd);
        }
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        var columns = Enumerable.Range(0, batch.ColumnCount).Select(batch.Column).ToArray();
        var first = _rows + 1;
        var ranges = Enumerable.Range(0, (batch.Length + RangeRows - 1) / RangeRows)
            .Select(i => Task.Run(() => Format(columns, first, i * RangeRows, Math.Min(batch.Length, (i + 1) * RangeRows), cancellation), cancellation))
            .ToArray();

        // All must have ended before an error goes up, for they read the batch.
        Task.WaitAny([Task.WhenAll(ranges)], CancellationToken.None);
        foreach (var range in ranges)
        {
            var text = range.GetAwaiter().GetResult();
            PutRange(text.WrittenMemory, isFirst: first == 1 && range == ranges[0]);
            text.ResetWrittenCount();
            _buffers.Add(text);
        }

        _rows += batch.Length;
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        if (!_isLines)
        {
            var start = _rows == 0 ? "[" : _rules.Options.NewLine;
            Put(Encoding.ASCII.GetBytes($"{start}]{_rules.Options.NewLine}"));
        }

        Write(static output => output.Flush());
        if (_rules is { Lost: > 0, Options.OnLoss: LossPolicy.Warn })
        {
            _context.Warn($"{_context.Target}: {_rules.Lost} values have no JSON form (NaN, an infinity, text that is not JSON) and were written as null.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rules.Options.Encoding is not null)
        {
            // Its owner closes the stream itself; this lets go of the transcoder.
            _output.Dispose();
        }
    }

    private static bool IsUnicode(Encoding? encoding) => encoding is null or UTF8Encoding or UnicodeEncoding or UTF32Encoding;

    private static Stream Transcode(Stream stream, Encoding? encoding)
    {
        if (encoding is null)
        {
            return stream;
        }

        var strict = (Encoding)encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        return Encoding.CreateTranscodingStream(stream, strict, new UTF8Encoding(false), leaveOpen: true);
    }

    /// <summary>The text of rows. Indented records stand in an array of their own, so that they are indented as elements.</summary>
    private ArrayBufferWriter<byte> Format(IArrowArray[] columns, long firstRecord, int from, int to, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var text = _buffers.TryTake(out var used) ? used : new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, _json);
        if (_json.Indented)
        {
            json.WriteStartArray();
        }

        for (var row = from; row < to; row++)
        {
            if (_json.Indented)
            {
                _records.Write(json, columns, row, firstRecord + row);
            }
            else
            {
                WriteLine(json, text, columns, row, firstRecord + row);
            }
        }

        return text;
    }

    private void WriteLine(Utf8JsonWriter json, ArrayBufferWriter<byte> text, IArrowArray[] columns, int row, long record)
    {
        if (!_isLines)
        {
            text.Write(record == 1 ? "["u8 : ","u8);
            text.Write(_lineEnd);
        }

        _records.Write(json, columns, row, record);
        json.Flush();
        json.Reset();
        if (_isLines)
        {
            text.Write(_lineEnd);
        }
    }

    /// <summary>The bracket that opens the array of each indented range joins it to the one before.</summary>
    private void PutRange(ReadOnlyMemory<byte> text, bool isFirst)
    {
        if (_json.Indented)
        {
            Put(isFirst ? "["u8.ToArray() : ","u8.ToArray());
            Put(text[1..]);
        }
        else
        {
            Put(text);
        }
    }

    private void Put(ReadOnlyMemory<byte> bytes) => Write(output => output.Write(bytes.Span));

    private void Write(Action<Stream> write)
    {
        try
        {
            write(_output);
        }
        catch (Exception e) when (e is IOException or EncoderFallbackException)
        {
            throw DataErrors.CannotWrite(_context.Target, e);
        }
    }
}
