using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Reads the cells of a sheet as a table: a sample gives the columns, then the rows are read as they come.</summary>
internal sealed class SheetReader : IBatchReader
{
    private const int RawShown = 4000;
    private const int CancellationMask = 1023;

    private readonly SheetPart _part;
    private readonly ReadContext _context;
    private readonly SheetPlan _plan;
    private readonly TableRows _rows;
    private readonly BatchBuilder _builder;
    private readonly CellSink[] _sinks;
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly bool _rejectsErrors;
    private int _blank;
    private bool _hasRow;
    private bool _isAtEnd;
    private long _number;

    private SheetReader(SheetPart part, ReadContext context, SheetPlan plan, TableRows rows)
    {
        (_part, _context, _plan, _rows) = (part, context, plan, rows);
        _builder = new BatchBuilder(plan.Schema);
        _sinks = [.. plan.Columns.Select((c, i) => CellSink.New(_builder.Columns[i], c, part.Book.Typer))];
        _rejectsErrors = context.Options.Excel.CellErrors == CellErrorPolicy.Reject;
        // Rows without a value between the header and the first row of data are no rows.
        _isAtEnd = plan.HasHeader && !rows.Read();
        Next();
        _blank = 0;
    }

    /// <inheritdoc/>
    public Schema Schema => _plan.Schema;

    /// <inheritdoc/>
    public double? Progress => _rows.Progress;

    /// <summary>Opens a part of a book.</summary>
    public static SheetReader Open(SheetPart part, ReadContext context)
    {
        var plan = SheetPlan.Make(part, context);
        var rows = TableRows.Open(part, context.Options);
        try
        {
            return new SheetReader(part, context, plan, rows);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation) => BookFault.Guard(_part.Book.Source, () => Fill(cancellation));

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private RecordBatch? Fill(CancellationToken cancellation)
    {
        while (_hasRow && !_builder.IsFull)
        {
            if ((_number & CancellationMask) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            _number++;
            if (_blank > 0)
            {
                _blank--;
                AppendBlank();
                continue;
            }

            if (TryRow())
            {
                _builder.EndRow();
                CollectSometimes();
            }
            else
            {
                _builder.AbandonRow();
            }

            Next();
        }

        if (_builder.Count > 0)
        {
            return _builder.Finish();
        }

        TellErrors();
        return null;
    }

    /// <summary>The library makes objects of each cell.</summary>
    private void CollectSometimes()
    {
        const int Rows = 1024;
        if (_builder.Count % Rows == 0)
        {
            YoungMemory.Collect();
        }
    }

    private void Next()
    {
        _hasRow = !_isAtEnd && _rows.Read();
        _isAtEnd = !_hasRow;
        _blank = _rows.BlankBefore;
    }

    private void AppendBlank()
    {
        foreach (var sink in _sinks)
        {
            sink.AppendNull();
        }

        _builder.EndRow();
    }

    /// <summary>Takes a row; false, and the row told as a reject, where it does not fit.</summary>
    private bool TryRow()
    {
        var cells = _rows.Cells;
        if (!_plan.HasBounds && FindStray(cells) is >= 0 and var stray)
        {
            return Reject(null, cells[stray], $"stands in column {CellRange.Letters(stray)}, beside the columns of the table{_plan.Origin.Replace("which", "as", StringComparison.Ordinal)}");
        }

        for (var i = 0; i < _sinks.Length; i++)
        {
            var position = _plan.Columns[i].Position;
            if (position >= cells.Length)
            {
                _sinks[i].AppendNull();
            }
            else if (cells[position].Kind == CellKind.Error)
            {
                if (!TryError(i, cells[position]))
                {
                    return false;
                }
            }
            else if (!_sinks[i].TryAppend(ref cells[position]))
            {
                return Reject(_plan.Columns[i], cells[position], $"is not {_plan.Columns[i].Type.Describe()}{(_plan.Columns[i].IsNamed ? "" : _plan.Origin)}");
            }
        }

        return true;
    }

    /// <summary>The place of a value beside the columns that the sample has; -1 for none.</summary>
    private int FindStray(ReadOnlySpan<SheetCell> cells)
    {
        for (var column = _part.Range.FirstColumn; column < Math.Min(_plan.First, cells.Length); column++)
        {
            if (cells[column].Kind != CellKind.None)
            {
                return column;
            }
        }

        for (var column = _plan.Last + 1; column < cells.Length; column++)
        {
            if (cells[column].Kind != CellKind.None)
            {
                return column;
            }
        }

        return -1;
    }

    private bool TryError(int column, in SheetCell cell)
    {
        if (_rejectsErrors)
        {
            return Reject(_plan.Columns[column], cell, "is an error of Excel");
        }

        var error = new CellText(cell).ToString();
        _errors[error] = _errors.GetValueOrDefault(error) + 1;
        _sinks[column].AppendNull();
        return true;
    }

    private bool Reject(PlannedColumn? column, in SheetCell cell, string reason)
    {
        var raw = string.Join('\t', _rows.Cells.ToArray().Select(c => new CellText(c).ToString()));
        _context.Rejects.Add(new Reject(
            _part.Book.NameOf(_part.Sheet), _number, _rows.SheetRow, column?.Name, new CellText(cell).ToString(), reason, raw.Length <= RawShown ? raw : raw[..RawShown]));
        return false;
    }

    private void TellErrors()
    {
        if (_errors.Count > 0)
        {
            var kinds = string.Join(", ", _errors.Select(e => $"{e.Value} {e.Key}"));
            _context.Warn($"{_part.Book.NameOf(_part.Sheet)}: cells with errors are null: {kinds}. With -CellError Reject their rows are bad rows.");
            _errors.Clear();
        }
    }
}
