using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>What is done to the target's tables before and after their rows.</summary>
internal sealed class TargetTables(IDatabaseSession target, DatabaseContext context)
{
    /// <summary>Drops, makes and empties tables; <paramref name="made"/> is told of each that was made.</summary>
    public void Prepare(CopyPlan plan, Action<TablePlan> made)
    {
        if (target is not SqlSession sql)
        {
            return;
        }

        // Those that point to others go first.
        foreach (var table in plan.Tables.Reverse().Where(t => t.Exists))
        {
            Clear(sql, table, sql.Dialect.HasTransactionalDdl);
        }

        foreach (var statement in plan.Types)
        {
            sql.Run(statement, context.Cancellation);
        }

        foreach (var table in plan.Tables.Where(t => t.IsMade))
        {
            Make(sql, table);
            made(table);
        }
    }

    /// <summary>Drops or empties a table that is there, as its mode says; <paramref name="empties"/> is false where who writes the rows does that.</summary>
    public void Clear(SqlSession sql, TablePlan table, bool empties)
    {
        if (table.IsMade)
        {
            sql.Run(sql.Dialect.Drop(table.Target), context.Cancellation);
        }
        else if (empties && table.Mode is (WriteMode.Truncate or WriteMode.Replace))
        {
            sql.Run(sql.Dialect.Empty(table.Target), context.Cancellation);
        }
    }

    /// <summary>Makes a table.</summary>
    public void Make(SqlSession sql, TablePlan table)
    {
        try
        {
            foreach (var statement in table.Create)
            {
                sql.Run(statement, context.Cancellation);
            }
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.StatementFailed))
        {
            throw DataErrors.TableRefused(table.Target.ToString(), e);
        }
    }

    /// <summary>The next number of columns that the database numbers follows the rows.</summary>
    public static void Advance(IDatabaseSession target, CopyPlan plan, CancellationToken cancellation)
    {
        if (target is not SqlSession sql)
        {
            return;
        }

        foreach (var table in plan.Tables)
        {
            foreach (var column in table.To.Columns.Where(c => c.IsIdentity && table.Columns.Any(p => p.Target == c.Name)))
            {
                sql.AdvanceIdentity(table.To, column, cancellation);
            }
        }
    }

    /// <summary>Where the database was told not to look at keys, it looks now.</summary>
    public static void CheckKeys(IDatabaseSession target, CopyPlan plan, CancellationToken cancellation)
    {
        if (target is not SqlSession sql)
        {
            return;
        }

        foreach (var table in plan.Tables)
        {
            if (sql.FindBrokenKey(table.To, cancellation) is { } broken)
            {
                throw DataErrors.KeyBroken(table.Target.ToString(), broken);
            }
        }
    }

    /// <summary>How many rows of other tables point to rows of the plan's tables that are not there, where these may lose rows and the database was told not to look.</summary>
    public static long CountOrphans(IDatabaseSession target, CopyPlan plan, CopyOptions options, CancellationToken cancellation) =>
        target is SqlSession sql ? MayLose(plan, options).Sum(t => sql.CountOrphans(t.To, cancellation)) : 0;

    /// <summary>Rows of other tables may not have lost what they pointed to since some were counted.</summary>
    public static void CheckOrphans(IDatabaseSession target, CopyPlan plan, CopyOptions options, long before, CancellationToken cancellation)
    {
        if (CountOrphans(target, plan, options, cancellation) > before)
        {
            throw DataErrors.RowsPointedTo(string.Join(", ", MayLose(plan, options).Where(t => ((SqlSession)target).CountOrphans(t.To, cancellation) > 0).Select(t => t.Target)));
        }
    }

    private static IEnumerable<TablePlan> MayLose(CopyPlan plan, CopyOptions options) =>
        plan.Tables.Where(t => t.Exists && (t.Mode is WriteMode.Truncate or WriteMode.Replace || options.Missing == MissingRows.Hard));

    /// <summary>Drops tables that a run has made, the last first.</summary>
    public static void Drop(SqlSession sql, Stack<TablePlan> made)
    {
        while (made.TryPop(out var table))
        {
            sql.Run(sql.Dialect.Drop(table.Target), CancellationToken.None);
        }
    }
}
