using Apache.Arrow;
using CsvHelper;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Reads rows of text one after the other, in any dialect.</summary>
internal sealed class SequentialRows : IDisposable
{
    private readonly ReadPlan _plan;
    private readonly RowParser _parser;
    private readonly CsvReader _reader;
    private readonly Action<Reject> _reject;
    private readonly long _rowsBefore;
    private bool _ended;

    /// <summary>Reads the text from its start, the header included.</summary>
    public SequentialRows(ReadPlan plan, Stream text, Action<Reject> reject)
        : this(plan, text, reject, plan.HasHeader ? -1 : 0, plan.FirstLine)
    {
        if (plan.HasHeader)
        {
            Guarded(() => _parser.SkipHeader(_reader));
        }
    }

    /// <summary>Reads the text from a record on that has <paramref name="rowsBefore"/> before it.</summary>
    public SequentialRows(ReadPlan plan, Stream text, Action<Reject> reject, long rowsBefore, long firstLine)
    {
        _plan = plan;
        _rowsBefore = rowsBefore;
        _parser = new RowParser(plan) { FirstLine = firstLine };
        _reader = plan.Dialect.Open(text, o => _parser.Begin(o) with { MaxRecordSize = plan.MaxRecordBytes, TrackLineNumbers = true });
        _reject = r => reject(r with { Row = r.Row + _rowsBefore });
    }

    /// <summary>The next batch of at most <paramref name="most"/> rows, or null at the end.</summary>
    public RecordBatch? Read(int most, CancellationToken cancellation)
    {
        if (!_ended)
        {
            Guarded(() => _ended = !_parser.Fill(_reader, _reject, most, cancellation));
        }

        return _parser.Take();
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private void Guarded(Action read)
    {
        try
        {
            read();
        }
        catch (CsvFormatException e)
        {
            throw DataErrors.LimitExceeded(
                _plan.Source,
                FormattableString.Invariant($"the record at line {_parser.FirstLine + Math.Max(1, e.LineNumber) - 1} cannot be read ({e.Message}). A quote that is never closed is the usual cause."));
        }
    }
}
