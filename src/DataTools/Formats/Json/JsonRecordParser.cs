using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>What a chunk became. The rows of the rejects count from 1 within the chunk.</summary>
internal sealed record JsonParsed(IReadOnlyList<RecordBatch> Batches, IReadOnlyList<Reject> Rejects, long Rows);

/// <summary>Turns chunks into batches. One instance serves one thread at a time.</summary>
internal sealed class JsonRecordParser
{
    private const int RawShown = 4000;
    private const int Patience = 100;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = NestedText.MaxDepth };

    private readonly string _source;
    private readonly BatchBuilder _batch;
    private readonly JsonMembers _members;
    private readonly JsonFault _fault = new();
    private readonly JsonScanner _scanner;
    private int _unscanned;

    public JsonRecordParser(JsonPlan plan, string source)
    {
        _source = source;
        _batch = new BatchBuilder(plan.Schema);
        _members = plan.NewRecord(_batch);
        _scanner = _members.NewScanner(_fault);
    }

    /// <summary>The batches and rejects of a chunk.</summary>
    public JsonParsed Parse(JsonChunk chunk, int maxRecordBytes, CancellationToken cancellation)
    {
        var batches = new List<RecordBatch>();
        var rejects = new List<Reject>();
        var rows = 0L;
        var isUtf8 = Utf8.IsValid(chunk.Bytes);
        _unscanned = 0;
        foreach (var record in new JsonRecords(chunk, _source, maxRecordBytes))
        {
            rows++;
            var bytes = chunk.Bytes[record];
            if ((isUtf8 && TryScan(bytes)) || TryAppend(bytes, isUtf8))
            {
                Fill();
                _batch.EndRow();
            }
            else
            {
                _batch.AbandonRow();
                rejects.Add(NewReject(chunk, record, rows));
            }

            if (_batch.IsFull)
            {
                cancellation.ThrowIfCancellationRequested();
                batches.Add(_batch.Finish());
            }
        }

        if (_batch.Count > 0)
        {
            batches.Add(_batch.Finish());
        }

        return new JsonParsed(batches, rejects, rows);
    }

    /// <summary>Shows a record to the sample; false where it is none.</summary>
    public static bool TryObserve(ReadOnlySpan<byte> record, JsonShape shape)
    {
        try
        {
            var check = new Utf8JsonReader(record, Strict);
            if (!Utf8.IsValid(record) || !check.Read() || check.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (check.Read())
            {
                if (check.ValueIsEscaped)
                {
                    check.GetString();
                }
            }

            var reader = new Utf8JsonReader(record, Strict);
            reader.Read();
            shape.Observe(ref reader);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The fast way, until too many records of the chunk were not made for it.</summary>
    private bool TryScan(ReadOnlySpan<byte> record)
    {
        if (_unscanned > Patience + (_batch.Count / 2))
        {
            return false;
        }

        if (_scanner.TryAppend(record))
        {
            return true;
        }

        _unscanned++;
        _batch.AbandonRow();
        return false;
    }

    private bool TryAppend(ReadOnlySpan<byte> record, bool isUtf8)
    {
        if (!isUtf8 && !Utf8.IsValid(record))
        {
            return _fault.Set(null, null, "holds bytes that are not UTF-8; name the encoding with -Encoding");
        }

        try
        {
            var reader = new Utf8JsonReader(record, Strict);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return _fault.Set(null, null, "is not a JSON object");
            }

            if (!_members.Append(ref reader, record, _fault))
            {
                return false;
            }

            // Throws where something follows.
            reader.Read();
            return true;
        }
        catch (JsonException e)
        {
            return _fault.Set(null, null, $"is not valid JSON at byte {e.BytePositionInLine + 1}: {JsonFault.Shorten(e)}");
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that \uD800 stands without its other half.
            return _fault.Set(null, null, "holds half of a surrogate pair, which is no character");
        }
    }

    private void Fill()
    {
        foreach (var column in _batch.Columns)
        {
            if (column.Count == _batch.Count)
            {
                column.AppendNull();
            }
        }
    }

    private Reject NewReject(JsonChunk chunk, Range record, long row)
    {
        var bytes = chunk.Bytes[record];
        var raw = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, RawShown)]);
        return new Reject(_source, row, chunk.LineOf(record), _fault.Column, _fault.Value, _fault.Reason, raw);
    }
}
