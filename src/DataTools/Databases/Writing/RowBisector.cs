using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Databases.Writing;

/// <summary>
/// Turns what a database says about a load into rejects: by the row that it names, or, where the rows beside it are to be loaded all the same, by
/// loading halves until the bad row is alone. Where the loader tells the bad rows before, they are never loaded.
/// </summary>
internal sealed class RowBisector(SqlSession session, string table, RejectLog rejects, Action<RecordBatch, CancellationToken> load)
{
    private const string Savepoint = "datatools_rows";

    /// <summary>The batches that a server may still complain of: it works on what was sent a while ago.</summary>
    private const int Remembered = 4;

    private readonly Queue<(long First, RecordBatch Rows)> _recent = new();
    private readonly List<LoadFault> _refused = [];
    private long _row;
    private long _start;

    /// <summary>Tells bad rows before they are loaded; null where loading tells.</summary>
    public IFaultFinder? Finder { get; set; }

    /// <summary>Loads a batch; its bad rows are rejects, or end the run.</summary>
    public void Write(RecordBatch rows, bool allowsRejects, CancellationToken cancellation)
    {
        if (allowsRejects)
        {
            LoadGood(rows, cancellation);
        }
        else
        {
            Load(rows, cancellation);
        }
    }

    /// <summary>Loads a batch of which every row must be good.</summary>
    private void Load(RecordBatch rows, CancellationToken cancellation)
    {
        _recent.Enqueue((_row, rows));
        if (_recent.Count > Remembered)
        {
            _recent.Dequeue();
        }

        _row += rows.Length;
        Run(() => load(rows, cancellation), cancellation);
    }

    /// <summary>The database counts rows anew from here on.</summary>
    public void Restart() => _start = _row;

    /// <summary>Loads the good rows of a batch; the bad ones are rejects.</summary>
    private void LoadGood(RecordBatch rows, CancellationToken cancellation)
    {
        var first = _row;
        _row += rows.Length;
        if (Finder is null)
        {
            Divide(rows, first, cancellation);
        }
        else
        {
            LoadOthers(Finder, rows, first, cancellation);
        }
    }

    /// <summary>Takes a bad row that the loader itself has left out of the batch that it loads.</summary>
    public void Refuse(LoadFault fault) => _refused.Add(fault);

    /// <summary>Runs a step of the load; a row that is refused by it ends the run with an error that shows the row.</summary>
    public void Run(Action step, CancellationToken cancellation)
    {
        try
        {
            session.Guard(step, cancellation);
        }
        catch (LoadFaultException e)
        {
            var (first, rows) = _recent.Last();
            throw Refused(Describe(e.Fault, first, rows), e);
        }
        catch (DataException e) when (FaultOf(e) is { Kind: FaultKind.Row, Row: { } counted } fault)
        {
            var row = _start + counted;
            var batch = _recent.FirstOrDefault(r => row > r.First && row <= r.First + r.Rows.Length);
            throw Refused(Describe(fault, row, batch.Rows, (int)(row - 1 - batch.First)), e);
        }
    }

    private void LoadOthers(IFaultFinder finder, RecordBatch rows, long first, CancellationToken cancellation)
    {
        var good = new bool[rows.Length];
        System.Array.Fill(good, true);
        foreach (var fault in session.Guard(() => finder.FindFaults(rows, cancellation), cancellation))
        {
            rejects.Add(Describe(fault, first, rows));
            good[fault.Row] = false;
        }

        if (good.Contains(true))
        {
            var others = Data.Kernels.Take.Filter(rows, good);
            _recent.Clear();
            _recent.Enqueue((first, others));
            Run(() => load(others, cancellation), cancellation);
        }
    }

    private DataException Refused(Reject reject, Exception inner)
    {
        rejects.Add(reject);
        // More bad rows were allowed, but a load that cannot go on past one ends here.
        return DataErrors.RowRefused(table, reject.Describe(), inner);
    }

    private void Divide(RecordBatch rows, long first, CancellationToken cancellation)
    {
        if (rows.Length == 0)
        {
            return;
        }

        session.Run($"SAVEPOINT {Savepoint}", cancellation);
        // What was left out of rows that were then undone is found again.
        _refused.Clear();
        try
        {
            session.Guard(() => load(rows, cancellation), cancellation);
            session.Run($"RELEASE SAVEPOINT {Savepoint}", cancellation);
            _refused.ForEach(f => rejects.Add(Describe(f, first, rows)));
            return;
        }
        catch (LoadFaultException e)
        {
            Back(cancellation);
            rejects.Add(Describe(e.Fault, first, rows));
            Split(rows, first, e.Fault.Row, 1, cancellation);
        }
        catch (DataException e) when (FaultOf(e) is { Kind: FaultKind.Row } fault)
        {
            Back(cancellation);
            DivideAt(rows, first, fault, cancellation);
        }
    }

    private void DivideAt(RecordBatch rows, long first, DatabaseFault fault, CancellationToken cancellation)
    {
        // The row that the database names counts from the start of this load; where it names none, or rows are merged, halves find it.
        var named = fault.Row is { } row && row >= 1 && row <= rows.Length ? (int)row - 1 : rows.Length == 1 ? 0 : -1;
        if (named >= 0)
        {
            rejects.Add(Describe(fault, first + named + 1, rows, named));
            Split(rows, first, named, 1, cancellation);
        }
        else
        {
            Split(rows, first, rows.Length / 2, 0, cancellation);
        }
    }

    private void Split(RecordBatch rows, long first, int at, int skip, CancellationToken cancellation)
    {
        Divide(Slice(rows, 0, at), first, cancellation);
        Divide(Slice(rows, at + skip, rows.Length - at - skip), first + at + skip, cancellation);
    }

    private void Back(CancellationToken cancellation)
    {
        session.Run($"ROLLBACK TO SAVEPOINT {Savepoint}", cancellation);
        session.Run($"RELEASE SAVEPOINT {Savepoint}", cancellation);
    }

    private static RecordBatch Slice(RecordBatch rows, int from, int count) =>
        new(rows.Schema, rows.Arrays.Select(a => ArrowArrayFactory.Slice(a, from, count)), count);

    private DatabaseFault? FaultOf(DataException error) => error.InnerException is { } inner ? session.Database.Classify(inner) : null;

    private Reject Describe(LoadFault fault, long first, RecordBatch rows) =>
        new(table, first + fault.Row + 1, 0, fault.Column, fault.Value, fault.Reason, rows.RowText(fault.Row));

    private Reject Describe(DatabaseFault fault, long number, RecordBatch? rows, int row)
    {
        var column = fault.Column is null || rows is null ? -1 : rows.Schema.IndexOf(fault.Column);
        var value = column < 0 || rows!.Column(column).IsNull(row) ? null : Data.Kernels.Cast.TextAt(rows.Column(column), DataTypes.Of(rows.Schema.GetFieldByIndex(column)), row);
        return new Reject(table, number, 0, fault.Column, value, $"is refused: {fault.Message}", rows?.RowText(row));
    }
}
