using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Writes rows into the sheets of a book: a new one, or a copy of one that is there.</summary>
internal sealed class ExcelWriter : IBatchWriter
{
    /// <summary>More sheets than this, each with a file of its own until the end, would exhaust the machine.</summary>
    private const int MaxSheets = 1000;

    private readonly Schema _schema;
    private readonly WriteContext _context;
    private readonly string? _basis;
    private readonly Book _book;
    private readonly CellRules _rules;
    private readonly SheetPlanner _planner;
    private readonly int _key;
    private readonly Dictionary<string, SheetTarget> _sheets = new(StringComparer.Ordinal);
    private readonly List<SheetTarget> _full = [];
    private long _records;

    private ExcelWriter(Stream stream, Schema schema, WriteContext context, string? basis)
    {
        (_schema, _context, _basis) = (schema, context, basis);
        var by = context.Options.Excel.SheetBy;
        _key = by is null ? -1 : schema.Require(by, "The data");
        _book = Book.Create(stream, DataFormats.WithoutCompression(context.Target), basis);
        _rules = new CellRules(context, _book.Dates);
        _planner = new SheetPlanner(_book, schema, context, _rules, basis is not null);
    }

    /// <summary>Opens a writer.</summary>
    public static IBatchWriter Open(Stream stream, Schema schema, WriteContext context)
    {
        if (Path.GetExtension(DataFormats.WithoutCompression(context.Target)).ToUpperInvariant() is ".XLS" or ".XLSB" or ".XLT")
        {
            throw DataErrors.InvalidOption($"'{context.Target}': books are written in the format of .xlsx and .xlsm only, and under such a name.");
        }

        ExcelNames.Check(context.Options, schema);
        return new ExcelWriter(stream, schema, context, Basis(context));
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation) => Guard(() =>
    {
        if (_key < 0)
        {
            Write("", batch, cancellation);
        }
        else
        {
            foreach (var (value, rows) in Groups(batch))
            {
                Write(value, Take.Rows(batch, CollectionsMarshal.AsSpan(rows)), cancellation);
            }
        }

        _records += batch.Length;
    });

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation) => Guard(() =>
    {
        if (_sheets.Count == 0 && _key < 0)
        {
            Target("", null);
        }
        else if (_sheets.Count == 0 && !_book.SheetNames.Any())
        {
            _sheets.Add("", Start(_planner.Plan(_context.Options.Excel.SheetBy!, null)));
        }

        foreach (var sheet in _sheets.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            sheet.Complete();
        }

        if (_rules.Formulas == FormulaPolicy.Keep)
        {
            _book.ComputeOnOpen();
        }

        _book.Complete();
        _rules.Tell();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sheet in _sheets.Values.Concat(_full))
        {
            sheet.Dispose();
        }

        _book.Dispose();
    }

    /// <summary>The book that the new one starts from: that of the template, or the target itself where a part of it is named.</summary>
    private static string? Basis(WriteContext context)
    {
        var options = context.Options.Excel;
        var isThere = context.Continues == Continuation.Rewritten
            || ((options.WorksheetName ?? options.TableName) is not null && options.Template is null && new FileInfo(context.Target) is { Exists: true, Length: > 0 });
        return isThere ? context.Target : options.Template;
    }

    /// <summary>A book that is there may be damaged in every part.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (_basis is not null && Book.IsDamage(e))
        {
            throw Book.Damaged(_basis, e);
        }
    }

    private void Write(string value, RecordBatch batch, CancellationToken cancellation)
    {
        for (var at = 0; at < batch.Length;)
        {
            var sheet = Target(value, batch);
            var count = Math.Min(batch.Length - at, sheet.Room);
            sheet.Write(batch, at, count, _records + at + 1, cancellation);
            at += count;
        }
    }

    /// <summary>The sheet that the next rows go to.</summary>
    private SheetTarget Target(string value, RecordBatch? sample)
    {
        if (!_sheets.TryGetValue(value, out var sheet))
        {
            if (_sheets.Count == MaxSheets)
            {
                throw DataErrors.LimitExceeded(_context.Target, $"-SheetBy makes more than {MaxSheets} sheets. Name a column with fewer values.");
            }

            _sheets.Add(value, sheet = Start(_planner.Plan(_key < 0 ? null : value, sample)));
        }
        else if (sheet.Room <= 0)
        {
            if (_context.Options.Excel.OnRowLimit == RowLimitPolicy.Error)
            {
                throw DataErrors.SheetFull(sheet.Name);
            }

            sheet.Complete();
            _full.Add(sheet);
            _sheets[value] = sheet = Start(_planner.PlanNext(sheet.Name, sample));
        }

        return sheet;
    }

    private SheetTarget Start(SheetPlan plan) => new(_book, plan, spools: _key >= 0);

    private Dictionary<string, List<int>> Groups(RecordBatch batch)
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var array = batch.Column(_key);
        var type = DataTypes.Of(_schema.GetFieldByIndex(_key));
        for (var row = 0; row < batch.Length; row++)
        {
            var value = array.IsNull(row) ? ExcelNames.Blank : Cast.TextAt(array, type, row);
            if (!groups.TryGetValue(value, out var rows))
            {
                groups.Add(value, rows = []);
            }

            rows.Add(row);
        }

        return groups;
    }
}
