using System.Diagnostics;
using DataTools.Databases;

namespace DataTools.Transfer;

/// <summary>
/// What the steps of a ledger do in a database of tables: each is done and marked as done in one transaction. Where DDL is not undone by a rollback, doing a step again does no
/// harm.
/// </summary>
internal sealed class TableSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump) : LedgerSteps(plan, options, context, pump)
{
    public override void Run(IDatabaseSession target, ICopySource source, ILedger ledger, LedgerStep step, Func<IReadOnlyList<LedgerStep>> all)
    {
        var watch = Stopwatch.StartNew();
        var sql = (SqlSession)target;
        using var keys = step.Kind is StepKind.Rows or StepKind.Prepare ? sql.SuspendKeys() : null;
        sql.Begin();
        var (rows, checksum) = step.Kind switch
        {
            StepKind.Prepare => (Prepare(sql), null),
            StepKind.Rows => Copy(sql, source, step),
            StepKind.Indexes => (Index(sql, step), null),
            _ => (Complete(sql, source, ledger, step, all()), null),
        };
        if (ledger.Finish(step, rows, checksum, watch.ElapsedMilliseconds, Context.Cancellation))
        {
            sql.Commit();
        }
        else
        {
            // The lease ran out, and another worker has the step or has done it.
            sql.Rollback();
        }
    }

    /// <summary>Makes and empties tables, and says how many rows pointed to none before.</summary>
    private long Prepare(SqlSession target)
    {
        var orphans = TargetTables.CountOrphans(target, Plan, Options, Context.Cancellation);
        var tables = new TargetTables(target, Context);
        var isUndone = target.Dialect.HasTransactionalDdl;
        foreach (var table in Plan.Tables.Reverse().Where(t => t.Exists))
        {
            tables.Clear(target, table, empties: true);
        }

        foreach (var statement in Plan.Types)
        {
            target.Run(statement, Context.Cancellation);
        }

        foreach (var table in Plan.Tables.Where(t => t.IsMade && (isUndone || target.FindTable(t.Target, Context.Cancellation) is null)))
        {
            tables.Make(target, table);
        }

        return orphans;
    }

    private (long Rows, string? Checksum) Copy(SqlSession target, ICopySource source, LedgerStep step)
    {
        var table = Find(step);
        return Move(table, source, step, schema => target.OpenWriter(table.Target, schema, TableRows.Options(table, Options, schema, isCleared: true), Context));
    }

    /// <summary>Builds the keys and indexes of a table.</summary>
    private long Index(SqlSession target, LedgerStep step)
    {
        var table = Find(step);
        var there = target.Dialect.HasTransactionalDdl ? null : target.FindTable(table.Target, Context.Cancellation);
        var statements = there is null ? table.Indexes
            : table.To.Indexes.Where(i => !i.IsConstraint && !there.Indexes.Any(t => t.Name == i.Name)).Select(i => target.Dialect.CreateIndex(table.Target, i)).Concat(target.Dialect.Comments(table.To));
        Run(target, statements);
        return 0;
    }

    /// <summary>What follows the rows of all tables.</summary>
    private long Complete(SqlSession target, ICopySource source, ILedger ledger, LedgerStep step, IReadOnlyList<LedgerStep> steps)
    {
        var removed = 0L;
        if (Options.Missing != MissingRows.Keep)
        {
            var sync = new MissingRowsSync(source, target, Options, Context);
            removed = Plan.Tables.Where(t => t.Exists && !t.IsMade).Reverse().Sum(sync.Run);
        }

        TargetTables.Advance(target, Plan, Context.Cancellation);
        Run(target, Plan.Tables.SelectMany(t => Keys(target, t)));
        TargetTables.CheckKeys(target, Plan, Context.Cancellation);
        TargetTables.CheckOrphans(target, Plan, Options, steps.First(s => s.Kind == StepKind.Prepare).Rows, Context.Cancellation);
        ledger.Close(step, Watermarks(steps), Context.Cancellation);
        return removed;
    }

    private IEnumerable<string> Keys(SqlSession target, TablePlan table)
    {
        if (target.Dialect.HasTransactionalDdl || table.Keys.Count == 0)
        {
            return table.Keys;
        }

        var there = target.FindTable(table.Target, Context.Cancellation)!.ForeignKeys;
        return table.To.ForeignKeys.Where(k => !there.Any(t => t.Columns.SequenceEqual(k.Columns))).Select(k => target.Dialect.AddForeignKey(table.To, k));
    }

    private void Run(SqlSession target, IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            target.Run(statement, Context.Cancellation);
        }
    }
}
