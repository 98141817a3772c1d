using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>One column to read.</summary>
/// <param name="Position">Its place in the sheet, from 0.</param>
/// <param name="Name">Its name, made unique.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsNamed">Whether the user named the type: then text is read as its values.</param>
/// <param name="Rules">How text is read.</param>
internal sealed record PlannedColumn(int Position, string Name, DataType Type, bool IsNamed, TextRules Rules);

/// <summary>What is settled before the first row is read: where the columns are, their names and their types.</summary>
internal sealed class SheetPlan
{
    private readonly SheetPart _part;
    private readonly ReadContext _context;
    private readonly ReadOptions _options;
    private readonly List<ColumnShape?> _shapes = [];
    private int _first = int.MaxValue;
    private int _last = -1;

    private SheetPlan(SheetPart part, ReadContext context)
    {
        (_part, _context, _options) = (part, context, context.Options);
        // A table brings the names of its columns; in other cells they stand in the first row.
        HasHeader = !_options.NoHeader && part.Header.Count == 0;
        Schema = Build();
    }

    /// <summary>The columns that are read.</summary>
    public Schema Schema { get; }

    /// <summary>The columns that are read, in the order of the schema.</summary>
    public PlannedColumn[] Columns { get; private set; } = [];

    /// <summary>Whether the first row is a header.</summary>
    public bool HasHeader { get; }

    /// <summary>The first column of the table.</summary>
    public int First => _first;

    /// <summary>The last column of the table.</summary>
    public int Last => _last;

    /// <summary>Whether the range says where the columns end, so that cells beside them are none of the table.</summary>
    public bool HasBounds => _part.Range.HasColumns;

    /// <summary>For messages: where inferred types come from.</summary>
    public string Origin => _options.FullScan ? "" : FormattableString.Invariant($", which the first {_options.SampleRows} rows are");

    /// <summary>Reads the sample of a part.</summary>
    public static SheetPlan Make(SheetPart part, ReadContext context) => new(part, context);

    private Schema Build()
    {
        using var rows = TableRows.Open(_part, _options);
        var header = Sample(rows);
        if (_part.Range.HasColumns)
        {
            (_first, _last) = (_part.Range.FirstColumn, _part.Range.LastColumn);
        }

        if (_last < 0)
        {
            return _part.Range.HasColumns && _part.Header.Count > 0 ? Name([]) : throw DataErrors.EmptyFile(_part.Book.NameOf(_part.Sheet));
        }

        return Name(header);
    }

    /// <summary>Reads the header and the sample; the names that the header has, by position.</summary>
    private Dictionary<int, string> Sample(TableRows rows)
    {
        var header = new Dictionary<int, string>();
        if (HasHeader && rows.Read())
        {
            for (var column = _part.Range.FirstColumn; column < rows.Cells.Length; column++)
            {
                if (rows.Cells[column].Kind != CellKind.None)
                {
                    header[column] = new CellText(rows.Cells[column]).ToString();
                    Widen(column);
                }
            }
        }

        for (var left = _options.FullScan ? long.MaxValue : _options.SampleRows; left > 0 && rows.Read(); left--)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            Observe(rows.Cells);
        }

        return header;
    }

    private void Observe(Span<SheetCell> cells)
    {
        for (var column = _part.Range.FirstColumn; column < cells.Length; column++)
        {
            if (cells[column].Kind == CellKind.None)
            {
                continue;
            }

            while (_shapes.Count <= column)
            {
                _shapes.Add(null);
            }

            (_shapes[column] ??= new ColumnShape()).Observe(cells[column]);
            Widen(column);
        }
    }

    private void Widen(int column) => (_first, _last) = (Math.Min(_first, column), Math.Max(_last, column));

    private Schema Name(Dictionary<int, string> header)
    {
        var source = _part.Book.NameOf(_part.Sheet);
        var count = _last - _first + 1;
        if (_options.Header.Count > 0 && _options.Header.Count != count)
        {
            throw DataErrors.InvalidOption($"-Header names {_options.Header.Count} columns, but '{source}' has {count}.");
        }

        var own = _options.Header.Count > 0 ? [.. _options.Header]
            : _part.Header.Count == count ? [.. _part.Header]
            : Enumerable.Range(_first, count).Select(c => HasHeader ? header.GetValueOrDefault(c, "") : $"column{c - _first + 1}").ToArray();
        var names = ColumnNames.MakeUnique(own, out var original);
        ColumnNames.Warn(names, original, source, _context.Warn);
        var chosen = _options.Columns.Count == 0 ? [.. Enumerable.Range(0, count)] : ColumnNames.Find(names, _options.Columns, source);
        if (!_context.IsPart)
        {
            // Tells of a name that no column has.
            ColumnNames.Find(names, _options.Types.Keys, source);
        }

        Columns = System.Array.ConvertAll(chosen, c => Plan(c, names[c]));
        return new Schema([.. chosen.Zip(Columns, (c, column) => ToField(column, original[c]))], null);
    }

    private PlannedColumn Plan(int column, string name)
    {
        var position = _first + column;
        if (_options.TypeOf(name) is { } named)
        {
            return new PlannedColumn(position, name, named, true, _options.Text with { RoundFloats = true });
        }

        var shape = position < _shapes.Count ? _shapes[position] : null;
        if (shape?.Mixture() is { } mixture)
        {
            _context.Warn($"{_part.Book.NameOf(_part.Sheet)}: column '{name}' holds {mixture}; all become text. Use -Type to name another type.");
        }

        return new PlannedColumn(position, name, shape?.Result() ?? DataTypes.Text, false, _options.Text);
    }

    private static Field ToField(PlannedColumn column, string? original)
    {
        var field = column.Type.ToField(column.Name);
        return original is null ? field : ColumnNames.Renamed(field, column.Name, original);
    }
}
