using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.Writing;

/// <summary>
/// Writes to a table of a relational database: all rows in one transaction, or batches that are each kept when they are complete. Rows that the
/// database refuses are found and put aside where the options allow it.
/// </summary>
internal sealed class TableWriter : ITableWriter
{
    private readonly SqlSession _session;
    private readonly TableWriteOptions _options;
    private readonly DatabaseContext _context;
    private readonly bool _ownsTransaction;
    private readonly BatchConverter _converter;
    private readonly WritePlan _plan;
    private readonly IBulkLoader _loader;
    private readonly RowBisector _rows;
    private long _ordinal;
    private long _sinceCommit;
    private bool _complete;

    private TableWriter(SqlSession session, TableName table, Schema schema, TableWriteOptions options, DatabaseContext context)
    {
        _session = session;
        _options = options;
        _context = context;
        _ownsTransaction = !session.InTransaction;
        // Where making a table commits, the transaction begins behind it.
        if (_ownsTransaction && session.Dialect.HasTransactionalDdl)
        {
            session.Begin();
        }

        _plan = new WritePlan(session, table, schema, options, context);
        var target = new Schema([.. _plan.Columns.Select(c => c.Type.ToField(c.Name))], null);
        _converter = new BatchConverter(_plan.Source, target, _plan.Target.Name.ToString(), context.Rejects, TextRules.Default);
        _rows = new RowBisector(session, _plan.Target.Name.ToString(), context.Rejects, LoadUnit);
        try
        {
            _loader = Begin(target);
        }
        catch
        {
            if (!session.Dialect.HasTransactionalDdl)
            {
                End();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public WriteCounts Counts { get; private set; } = new(0, 0, 0);

    /// <summary>Opens a writer; where that fails the transaction that it began is undone.</summary>
    public static TableWriter Open(SqlSession session, TableName table, Schema schema, TableWriteOptions options, DatabaseContext context)
    {
        var before = session.InTransaction;
        try
        {
            return new TableWriter(session, table, schema, options, context);
        }
        catch
        {
            if (!before && session.InTransaction)
            {
                session.Rollback();
            }

            throw;
        }
    }

    private IBulkLoader Begin(Schema target)
    {
        if (_ownsTransaction && !_session.InTransaction)
        {
            _session.Begin();
        }

        if (_plan.Empties && _options.Mode == WriteMode.Truncate)
        {
            _session.Truncate(_plan.Target, _context.Cancellation);
        }
        else if (_plan.Empties)
        {
            _session.Empty(_plan.Target, _context.Cancellation);
        }

        var loader = _session.OpenLoader(new LoadTarget(_plan.Load, LoadColumns(), LoadSchema(target), _options.OnLoss, _context.Warn)
        {
            Rules = _plan.Target, Merge = _plan.Merge, Reject = _options.AllowsRejects ? _rows.Refuse : null,
        });
        _rows.Finder = loader as IFaultFinder;
        return loader;
    }

    /// <summary>Undoes what was not committed, and what a rollback does not undo.</summary>
    private void End()
    {
        if (_ownsTransaction && _session.InTransaction)
        {
            _session.Rollback();
        }

        _plan.Undo(keepsTable: Counts.Committed > 0);
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        var rows = _converter.Convert(batch.Project(_plan.Source, _plan.Sources));
        for (var from = 0; from < rows.Length;)
        {
            var count = (int)Math.Min(rows.Length - from, (_options.BatchCommit ?? long.MaxValue) - _sinceCommit);
            _rows.Write(WithOrdinal(Slice(rows, from, count)), _options.AllowsRejects, cancellation);
            from += count;
            _sinceCommit += count;
            if (_sinceCommit == _options.BatchCommit)
            {
                EndBatch(cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        _rows.Run(() => EndUnit(cancellation), cancellation);
        _loader.Dispose();
        Finish(cancellation);
        if (_ownsTransaction)
        {
            _session.Commit();
            Counts = Counts with { Committed = Counts.Loaded };
        }

        _complete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_complete)
        {
            return;
        }

        _complete = true;
        try
        {
            _loader.Dispose();
            End();
        }
        catch (DataException)
        {
            // The connection is gone, and the server undoes what was not committed; the run has its error already.
        }
    }

    private static RecordBatch Slice(RecordBatch batch, int from, int count) =>
        count == batch.Length ? batch : new RecordBatch(batch.Schema, batch.Arrays.Select(a => ArrowArrayFactory.Slice(a, from, count)), count);

    /// <summary>What is loaded and undone as one: with rejects, each batch until it is merged.</summary>
    private void LoadUnit(RecordBatch rows, CancellationToken cancellation)
    {
        _loader.Load(rows, cancellation);
        if (_options.AllowsRejects)
        {
            EndUnit(cancellation);
        }
    }

    private void EndUnit(CancellationToken cancellation)
    {
        var loaded = _loader.Flush(cancellation);
        if (_plan.Merge is { } merge && loaded > 0)
        {
            var duplicates = _session.RemoveDuplicates(merge, cancellation);
            foreach (var statement in _session.Dialect.Merge(merge))
            {
                _session.Run(statement, cancellation);
            }

            _session.Run(_session.Dialect.Empty(merge.Staging), cancellation);
            Counts = Counts with { Duplicates = Counts.Duplicates + duplicates };
        }

        Counts = Counts with { Loaded = Counts.Loaded + loaded };
    }

    private void EndBatch(CancellationToken cancellation)
    {
        _rows.Run(() => EndUnit(cancellation), cancellation);
        _rows.Restart();
        _sinceCommit = 0;
        // What replaces a table is kept all at once, at the end.
        if (_ownsTransaction && !_plan.Swaps && !_plan.Empties)
        {
            _session.Commit();
            Counts = Counts with { Committed = Counts.Loaded };
            _session.Begin();
        }
    }

    private void Finish(CancellationToken cancellation)
    {
        if (_plan.Merge is { } merge)
        {
            _session.Run(_session.Dialect.Drop(merge.Staging, temporary: true), cancellation);
            if (Counts.Duplicates > 0)
            {
                _context.Warn($"{Counts.Duplicates} rows had the key of a {(merge.Updates ? "later" : "earlier")} row and were not written.");
            }
        }

        if (_plan.Swaps)
        {
            _session.Swap(_plan.Target, _plan.Load, cancellation);
        }

        foreach (var column in _plan.Columns.Where(c => _options.AdvancesIdentity && c.IsIdentity))
        {
            _session.AdvanceIdentity(_plan.Target, column, cancellation);
        }
    }

    private List<ColumnSchema> LoadColumns()
    {
        var columns = _plan.Columns.ToList();
        if (_plan.Merge is not null)
        {
            columns.Add(new ColumnSchema(MergePlan.Ordinal, _session.Types.ToNative(DataTypes.Int64, MergePlan.Ordinal), DataTypes.Int64, Nullable: false));
        }

        return columns;
    }

    private Schema LoadSchema(Schema target) =>
        _plan.Merge is null ? target : new Schema(target.FieldsList.Append(DataTypes.Int64.ToField(MergePlan.Ordinal)), null);

    private RecordBatch WithOrdinal(RecordBatch rows)
    {
        if (_plan.Merge is null)
        {
            return rows;
        }

        var builder = (FixedColumnBuilder<long>)DataTypes.Int64.NewBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            builder.Append(++_ordinal);
        }

        return new RecordBatch(LoadSchema(rows.Schema), rows.Arrays.Append(builder.Finish()), rows.Length);
    }
}
