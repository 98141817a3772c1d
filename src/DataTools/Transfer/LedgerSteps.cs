using System.Text.Json;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Validation.Hashing;

namespace DataTools.Transfer;

/// <summary>What the steps of a ledger do, each within a transaction that its worker began. Where DDL is not undone by a rollback, doing a step again does no harm.</summary>
internal sealed class LedgerSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump)
{
    /// <summary>The steps of a copy: ranges are cut and watermarks taken here, once for all workers.</summary>
    public static List<LedgerStep> Make(CopyPlan plan, ICopySource source, CopyOptions options, string? watermarks, CancellationToken cancellation)
    {
        var before = watermarks is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(watermarks)!;
        var steps = new List<LedgerStep> { new(0, StepKind.Plan, "", LedgerHead.Of(plan, options).ToText()) { Watermark = watermarks } };
        Add(StepKind.Prepare, "", "");
        foreach (var table in plan.Tables.Where(t => options.Content != CopyContent.SchemaOnly && !t.IsHollow))
        {
            var watermark = options.Since is null ? null : new Watermark(options.Since, options.Mode == WriteMode.Upsert ? ">=" : ">", before.GetValueOrDefault(table.Table.ToString()), source.Greatest(table.From, options.Since, cancellation));
            var ranges = source.Cut(table.From, table.Partitions, cancellation);
            foreach (var part in ranges.Count == 0 ? [LedgerPart.Of(null, watermark)] : ranges.Select(r => LedgerPart.Of(r, watermark)))
            {
                Add(StepKind.Rows, table.Table.ToString(), part.ToText());
            }
        }

        foreach (var table in plan.Tables.Where(t => t.IsMade))
        {
            Add(StepKind.Indexes, table.Table.ToString(), "");
        }

        Add(StepKind.Keys, "", "");
        return steps;

        void Add(StepKind kind, string table, string part) => steps.Add(new LedgerStep(steps.Count, kind, table, part));
    }

    /// <summary>Makes and empties tables.</summary>
    public long Prepare(SqlSession target)
    {
        var tables = new TargetTables(target, context);
        var isUndone = target.Dialect.HasTransactionalDdl;
        foreach (var table in plan.Tables.Reverse().Where(t => t.Exists))
        {
            tables.Clear(target, table, empties: true);
        }

        foreach (var statement in plan.Types)
        {
            target.Run(statement, context.Cancellation);
        }

        foreach (var table in plan.Tables.Where(t => t.IsMade && (isUndone || target.FindTable(t.Target, context.Cancellation) is null)))
        {
            tables.Make(target, table);
        }

        return 0;
    }

    /// <summary>Copies the rows of a step, and gives their number and their checksum.</summary>
    public (long Rows, string? Checksum) Copy(SqlSession target, ICopySource source, LedgerStep step)
    {
        var table = Find(step);
        var part = LedgerPart.Parse(step);
        var query = TableRows.Query(table, options);
        using var reader = source.Open(query with { Where = Where(query.Where, part, source.Kind.Dialect) }, part.Ranges(), context);
        var checksum = new RowChecksum();
        var (writer, _) = pump.Move(table, reader, schema => target.OpenWriter(table.Target, schema, TableRows.Options(table, options, schema, isCleared: true), context), checksum.Add);
        return (writer.Counts.Loaded, checksum.ToString());
    }

    /// <summary>Builds the keys and indexes of a table.</summary>
    public long Index(SqlSession target, LedgerStep step)
    {
        var table = Find(step);
        var there = target.Dialect.HasTransactionalDdl ? null : target.FindTable(table.Target, context.Cancellation);
        var statements = there is null ? table.Indexes
            : table.To.Indexes.Where(i => !i.IsConstraint && !there.Indexes.Any(t => t.Name == i.Name)).Select(i => target.Dialect.CreateIndex(table.Target, i)).Concat(target.Dialect.Comments(table.To));
        Run(target, statements);
        return 0;
    }

    /// <summary>What follows the rows of all tables.</summary>
    public long Complete(SqlSession target, ICopySource source, LedgerTable ledger, IReadOnlyList<LedgerStep> steps)
    {
        var removed = 0L;
        if (options.Missing != MissingRows.Keep)
        {
            var sync = new MissingRowsSync(source, target, options, context);
            removed = plan.Tables.Where(t => t.Exists && !t.IsMade).Reverse().Sum(sync.Run);
        }

        TargetTables.Advance(target, plan, context.Cancellation);
        Run(target, plan.Tables.SelectMany(t => Keys(target, t)));
        TargetTables.CheckKeys(target, plan, context.Cancellation);
        ledger.Close(Watermarks(steps), context.Cancellation);
        return removed;
    }

    private static string? Where(string? where, LedgerPart part, SqlDialect? dialect)
    {
        if (part.Until is null || dialect is null || part.Since is not { } column)
        {
            return where;
        }

        var name = dialect.Quote(column);
        var condition = part.After is null ? $"({name} <= {part.Until} OR {name} IS NULL)" : $"{name} {part.By} {part.After} AND {name} <= {part.Until}";
        return where is null ? condition : $"({where}\n) AND {condition}";
    }

    private static string? Watermarks(IReadOnlyList<LedgerStep> steps)
    {
        var old = steps[0].Watermark is { } text ? JsonSerializer.Deserialize<Dictionary<string, string>>(text)! : [];
        foreach (var step in steps.Where(s => s.Kind == StepKind.Rows))
        {
            if (LedgerPart.Parse(step).Until is { } until)
            {
                old[step.Table] = until;
            }
        }

        return old.Count == 0 ? null : JsonSerializer.Serialize(old);
    }

    private TablePlan Find(LedgerStep step) => plan.Tables.First(t => t.Table.ToString() == step.Table);

    private IEnumerable<string> Keys(SqlSession target, TablePlan table)
    {
        if (target.Dialect.HasTransactionalDdl || table.Keys.Count == 0)
        {
            return table.Keys;
        }

        var there = target.FindTable(table.Target, context.Cancellation)!.ForeignKeys;
        return table.To.ForeignKeys.Where(k => !there.Any(t => t.Columns.SequenceEqual(k.Columns))).Select(k => target.Dialect.AddForeignKey(table.To, k));
    }

    private void Run(SqlSession target, IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            target.Run(statement, context.Cancellation);
        }
    }
}
