using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using CsvHelper;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Turns records into rows of a batch. Used by one thread at a time; may be used for one piece of text after another.</summary>
internal sealed class RowParser
{
    private const int RawShown = 4000;
    private const int CancellationMask = 4095;

    private readonly ReadPlan _plan;
    private readonly BatchBuilder _builder;
    private readonly ColumnSink[] _sinks;
    private readonly int[] _positions;
    private readonly int _fields;
    private readonly int _width;
    private readonly bool _hasQuotes;
    private readonly bool _hasNullValues;
    private CsvMalformedReason? _malformed;
    private ReadOnlyMemory<byte> _piece;

    public RowParser(ReadPlan plan)
    {
        _plan = plan;
        _builder = new BatchBuilder(plan.Schema);
        _sinks = [.. plan.Columns.Select((c, i) => new ColumnSink(_builder.Columns[i], c.Rules))];
        _positions = [.. plan.Columns.Select(c => c.Position)];
        _fields = plan.FieldCount;
        _width = plan.Dialect.Widths?.Sum() ?? int.MaxValue;
        _hasQuotes = plan.Dialect.HasQuotes;
        _hasNullValues = plan.NullValues.Length > 0;
    }

    /// <summary>Whether a quote stood where it may not since the last <see cref="Begin"/>.</summary>
    public bool SawMalformedQuote { get; private set; }

    /// <summary>The line of the file at which the reader's text begins.</summary>
    public long FirstLine { get; init; } = 1;

    /// <summary>Whether each record is checked for its length and for being UTF-8; off where the whole text has been.</summary>
    public bool ChecksRecords { get; set; } = true;

    /// <summary>
    /// Sets the options that a reader needs for this parser, and forgets the last text. Lines are counted in <paramref name="piece"/>, where
    /// the reader itself does not.
    /// </summary>
    public CsvReaderOptions Begin(CsvReaderOptions options, ReadOnlyMemory<byte> piece = default)
    {
        _piece = piece;
        _malformed = null;
        SawMalformedQuote = false;
        _builder.AbandonRow();
        return options with { SkipEmptyLines = !_plan.KeepsEmptyLines, OnMalformedRecord = OnMalformed };
    }

    /// <summary>Passes over the header.</summary>
    public void SkipHeader(CsvReader reader)
    {
        while (reader.Read() && reader.RawRecord.IsEmpty)
        {
        }

        _malformed = null;
        SawMalformedQuote = false;
    }

    /// <summary>
    /// Reads records until the batch is full or has <paramref name="most"/> rows, or the text ends; false then.
    /// <paramref name="reject"/> gets each bad row.
    /// </summary>
    public bool Fill(CsvReader reader, Action<Reject> reject, int most, CancellationToken cancellation)
    {
        while (reader.Read())
        {
            var fault = NeedsCheck(reader) ? Check(reader) : default;
            if (fault.Reason is null && TryRow(reader, ref fault))
            {
                _builder.EndRow();
                if (_builder.IsFull || _builder.Count == most)
                {
                    return true;
                }
            }
            else
            {
                _builder.AbandonRow();
                reject(ToReject(reader, fault));
            }

            if ((reader.RowNumber & CancellationMask) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return false;
    }

    /// <summary>The line ends of a text: line feeds, carriage returns, and pairs of them.</summary>
    public static long LineBreaks(ReadOnlySpan<byte> text)
    {
        var count = (long)text.Count((byte)'\n');
        for (var at = text.IndexOf((byte)'\r'); at >= 0; at = text.IndexOf((byte)'\r'))
        {
            text = text[(at + 1)..];
            count += text is [(byte)'\n', ..] ? 0 : 1;
        }

        return count;
    }

    /// <summary>The rows so far, or null where there are none.</summary>
    public RecordBatch? Take() => _builder.Count == 0 ? null : _builder.Finish();

    private void OnMalformed(CsvMalformedRecord record)
    {
        _malformed ??= record.Reason;
        SawMalformedQuote = true;
    }

    private bool NeedsCheck(CsvReader reader) => ChecksRecords || _malformed is not null || reader.FieldCount != _fields || reader.RawRecord.Length > _width;

    /// <summary>Looks at the record as a whole.</summary>
    private Fault Check(CsvReader reader)
    {
        if (_malformed is { } malformed)
        {
            _malformed = null;
            return new(null, Describe(malformed));
        }

        if (reader.RawRecord.Length > _plan.MaxRecordBytes)
        {
            return new(null, FormattableString.Invariant($"is a record of more than {_plan.MaxRecordBytes:N0} bytes"));
        }

        var count = reader.FieldCount;
        if (count > _fields || (count < _fields && _plan.Ragged == RaggedRows.Error))
        {
            return new(null, $"has {count} {(count == 1 ? "field" : "fields")} instead of {_fields}");
        }

        return Utf8.IsValid(reader.RawRecord) ? CheckWidth(reader.RawRecord) : FindInvalid(reader);
    }

    /// <summary>Only spaces may follow the last fixed-width column.</summary>
    private Fault CheckWidth(ReadOnlySpan<byte> record) =>
        record.Length > _width && Encoding.UTF8.GetCharCount(record.TrimEnd((byte)' ')) is var length && length > _width
            ? new(null, $"has {length} characters instead of {_width}")
            : default;

    private Fault FindInvalid(CsvReader reader)
    {
        for (var i = 0; i < _positions.Length; i++)
        {
            if (_positions[i] < reader.FieldCount && !Utf8.IsValid(reader.GetSpan(_positions[i])))
            {
                return new(i, "is not valid UTF-8; name the encoding with -Encoding if it has another");
            }
        }

        return default;
    }

    // Compiled at once and fully: the first file is as important as the tenth.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryRow(CsvReader reader, ref Fault fault)
    {
        var sinks = _sinks;
        var positions = _positions;
        for (var i = 0; i < sinks.Length; i++)
        {
            var text = reader.GetSpan(positions[i]);
            if (text.IsEmpty || (_hasNullValues && IsNullValue(reader, i, text)))
            {
                AppendEmpty(reader, i, text);
            }
            else if (!sinks[i].TryAppend(text))
            {
                fault = new(i, Misfit(_plan.Columns[i]));
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing between separators is null; nothing between quotes is a text of no characters.</summary>
    private void AppendEmpty(CsvReader reader, int column, ReadOnlySpan<byte> text)
    {
        if (_sinks[column].IsText && text.IsEmpty && IsQuoted(reader, _positions[column]))
        {
            _sinks[column].TryAppend([]);
        }
        else
        {
            _sinks[column].AppendNull();
        }
    }

    private bool IsNullValue(CsvReader reader, int column, ReadOnlySpan<byte> text)
    {
        foreach (var value in _plan.NullValues)
        {
            if (text.SequenceEqual(value))
            {
                return !IsQuoted(reader, _positions[column]);
            }
        }

        return false;
    }

    private bool IsQuoted(CsvReader reader, int position)
    {
        if (!_hasQuotes || position >= reader.FieldCount || reader.GetRawSpan(position) is not { IsEmpty: false } raw)
        {
            return false;
        }

        return (raw[0] is (byte)' ' or (byte)'\t' ? raw.Trim(" \t"u8) : raw) is [var first, ..] && first == (byte)_plan.Dialect.Quote!;
    }

    private Reject ToReject(CsvReader reader, Fault fault)
    {
        var raw = reader.RawRecord;
        var value = fault.Column is { } column ? Encoding.UTF8.GetString(reader.GetSpan(_positions[column])) : null;
        var shown = _plan.Dialect.Restore(Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, RawShown)]));
        var line = reader.Options.TrackLineNumbers ? FirstLine + reader.LineNumber - 1 : 1 + LineBreaks(_piece.Span[..(int)reader.ByteOffset]);
        return new Reject(_plan.Source, reader.RowNumber, line, fault.Column is { } c ? _plan.Columns[c].Name : null, value, fault.Reason!, shown);
    }

    private static string Misfit(PlannedColumn column) =>
        $"is not {("aeiou".Contains(column.Type.Name[0], StringComparison.Ordinal) ? "an" : "a")} {column.Type}{column.Origin}";

    private static string Describe(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "has a quote inside an unquoted field",
        CsvMalformedReason.TextAfterClosingQuote => "has text after a closing quote",
        CsvMalformedReason.UnterminatedQuote => "opens a quote that is never closed",
        CsvMalformedReason.TrailingEscape => "ends with an escape character that escapes nothing",
        _ => $"is malformed ({reason})",
    };

    /// <summary>What is wrong with a record: the planned column at fault, or null for the whole, and why; no reason for nothing.</summary>
    private readonly record struct Fault(int? Column, string? Reason);
}
