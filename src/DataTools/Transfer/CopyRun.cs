using System.Diagnostics;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>What has become of a table.</summary>
/// <param name="Plan">What was planned.</param>
/// <param name="Rows">The rows that were written.</param>
/// <param name="Removed">The rows that were deleted or marked, for the source has them no more.</param>
/// <param name="Elapsed">The time that its rows took, of all workers together.</param>
public sealed record CopyResult(TablePlan Plan, long Rows, long Removed, TimeSpan Elapsed);

/// <summary>
/// Copies tables by one process: all in one transaction of the target where a rollback undoes what makes tables too, so that a run that ends early leaves nothing; else
/// each table in one, and the tables that were made are dropped.
/// </summary>
internal sealed class CopyRun(ICopySource source, IDatabaseSession target, CopyOptions options, DatabaseContext context, RowPump pump)
{
    private readonly Dictionary<TablePlan, CopyResult> _results = [];
    private readonly Stack<TablePlan> _made = new();

    private SqlSession? Sql => target as SqlSession;

    private bool IsOneTransaction => Sql is null or { Dialect.HasTransactionalDdl: true };

    /// <summary>Runs the plan.</summary>
    public IReadOnlyList<CopyResult> Run(CopyPlan plan)
    {
        var refused = plan.Tables.FirstOrDefault(t => t is { Exists: true, Mode: WriteMode.Fail });
        if (refused is not null)
        {
            throw DataErrors.TableExists(refused.Target.ToString());
        }

        using var keys = Sql?.SuspendKeys();
        var owns = Sql is not null && IsOneTransaction && !target.InTransaction;
        try
        {
            if (owns)
            {
                target.Begin();
            }

            RunAll(plan);
            if (owns)
            {
                target.Commit();
            }
        }
        catch
        {
            Undo(owns);
            throw;
        }

        return [.. plan.Tables.Select(t => _results[t])];
    }

    private void RunAll(CopyPlan plan)
    {
        var orphans = TargetTables.CountOrphans(target, plan, options, context.Cancellation);
        new TargetTables(target, context).Prepare(plan, _made.Push);
        foreach (var table in plan.Tables)
        {
            _results[table] = Copy(table);
        }

        Sync(plan);
        foreach (var statement in plan.Tables.SelectMany(t => t.Indexes).Concat(plan.Tables.SelectMany(t => t.Keys)))
        {
            Sql!.Run(statement, context.Cancellation);
        }

        TargetTables.Advance(target, plan, context.Cancellation);
        TargetTables.CheckKeys(target, plan, context.Cancellation);
        TargetTables.CheckOrphans(target, plan, options, orphans, context.Cancellation);
    }

    private CopyResult Copy(TablePlan table)
    {
        if (options.Content == CopyContent.SchemaOnly || table.IsHollow)
        {
            return new CopyResult(table, 0, 0, TimeSpan.Zero);
        }

        var watch = Stopwatch.StartNew();
        if (source.Relay is { } relay && CanRelay(table, relay))
        {
            var columns = table.Columns.Select(c => c.Target).ToList();
            var query = TableRows.Query(table, options) with { Columns = [.. table.Columns.Select(c => c.Source)] };
            return new CopyResult(table, relay.Relay(query, target, table.To, columns, rows => pump.Pass(table, rows), context), 0, watch.Elapsed);
        }

        using var reader = source.Open(TableRows.Query(table, options), source.Cut(table.From, table.Partitions, context.Cancellation), context);
        var (writer, _) = pump.Move(table, reader, schema => target.OpenWriter(table.Target, schema, TableRows.Options(table, options, schema, IsOneTransaction && Sql is not null), context));
        return new CopyResult(table, writer.Counts.Loaded, 0, watch.Elapsed);
    }

    /// <summary>Whether nothing has to be done to the rows but to bring them there.</summary>
    private bool CanRelay(TablePlan table, IRowRelay relay) =>
        table is { Partitions: 1, Columns.Count: > 0 } && (table.IsMade || (table.Exists && TableRows.Mode(table.Mode, isCleared: true) == WriteMode.Append))
        && options is { Transform: null, AllowsRejects: false }
        && relay.CanRelay(target, table.Columns.Select(c => (c.SourceType, c.TargetType)));

    private void Sync(CopyPlan plan)
    {
        if (options.Missing == MissingRows.Keep)
        {
            return;
        }

        // Rows that others point to go last.
        foreach (var table in plan.Tables.Where(t => t.Exists && !t.IsMade).Reverse())
        {
            var sync = new MissingRowsSync(source, Sql!, options, context);
            _results[table] = _results[table] with { Removed = sync.Run(table) };
        }
    }

    private void Undo(bool owns)
    {
        try
        {
            if (owns && target.InTransaction)
            {
                target.Rollback();
            }
            else if (!IsOneTransaction && target.IsOpen)
            {
                TargetTables.Drop(Sql!, _made);
            }
        }
        catch (DataException)
        {
            // The connection is gone, and the run has its error already.
        }
    }
}
