using System.Text.Json;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Validation.Hashing;

namespace DataTools.Transfer;

/// <summary>What the steps of a ledger do, by the kind of target.</summary>
internal abstract class LedgerSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump)
{
    /// <summary>The copy.</summary>
    protected CopyPlan Plan => plan;

    /// <summary>How it is made.</summary>
    protected CopyOptions Options => options;

    /// <summary>What reading and writing need.</summary>
    protected DatabaseContext Context => context;

    /// <summary>The steps of a copy: ranges are cut and watermarks taken here, once for all workers.</summary>
    public static List<LedgerStep> Make(CopyPlan plan, ICopySource source, CopyOptions options, string? watermarks, CancellationToken cancellation)
    {
        var before = watermarks is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string?>>(watermarks)!;
        var steps = new List<LedgerStep> { new(0, StepKind.Plan, "", LedgerHead.Of(plan, options).ToText()) { Watermark = watermarks } };
        Add(StepKind.Prepare, "", "");
        foreach (var table in plan.Tables.Where(t => options.Content != CopyContent.SchemaOnly && !t.IsHollow))
        {
            var watermark = options.Since is null ? null : Since(table, source, options, before, cancellation);
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

    /// <summary>
    /// Does a step and marks it as done; where its lease is another's by then, nothing of it is left that would count twice. What breaks off may be done again.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="source">The source.</param>
    /// <param name="ledger">The ledger, by the target's session.</param>
    /// <param name="step">The step.</param>
    /// <param name="all">Reads all steps.</param>
    public abstract void Run(IDatabaseSession target, ICopySource source, ILedger ledger, LedgerStep step, Func<IReadOnlyList<LedgerStep>> all);

    /// <summary>Copies the rows of a step to a writer, and gives their number and their checksum.</summary>
    protected (long Rows, string Checksum) Move<T>(TablePlan table, ICopySource source, LedgerStep step, Func<Apache.Arrow.Schema, T> open)
        where T : ITableWriter
    {
        var part = LedgerPart.Parse(step);
        var query = TableRows.Query(table, options);
        using var reader = source.Open(query with { Where = Where(query.Where, part, table.From, source.Kind.Dialect) }, part.Ranges(), context);
        var checksum = new RowChecksum();
        var (writer, _) = pump.Move(table, reader, open, checksum.Add);
        return (writer.Counts.Loaded, checksum.ToString());
    }

    /// <summary>The table of a step.</summary>
    protected TablePlan Find(LedgerStep step) => plan.Tables.First(t => t.Table.ToString() == step.Table);

    /// <summary>The greatest values of the watermark columns that are copied by now; null for a column that had none yet.</summary>
    protected static string? Watermarks(IReadOnlyList<LedgerStep> steps)
    {
        var old = steps[0].Watermark is { } text ? JsonSerializer.Deserialize<Dictionary<string, string?>>(text)! : [];
        foreach (var step in steps.Where(s => s.Kind == StepKind.Rows))
        {
            if (LedgerPart.Parse(step).Since is { Until: var until })
            {
                old[step.Table] = until;
            }
        }

        return old.Count == 0 ? null : JsonSerializer.Serialize(old);
    }

    /// <summary>What is new since the run before. A greatest value that is gone does not take back what was copied.</summary>
    private static Watermark Since(TablePlan table, ICopySource source, CopyOptions options, Dictionary<string, string?> before, CancellationToken cancellation)
    {
        var column = table.From.Find(options.Since!) ?? throw DataErrors.ColumnNotFound(options.Since!, table.Table.ToString(), table.From.Columns.Select(c => c.Name));
        var isLater = before.TryGetValue(table.Table.ToString(), out var after);
        return new Watermark(column.Name, options.Mode == WriteMode.Upsert ? ">=" : ">", isLater, after, source.Greatest(table.From, column, after, cancellation) ?? after);
    }

    private static string? Where(string? where, LedgerPart part, TableSchema table, SqlDialect? dialect)
    {
        if (dialect is null || part.Since is not { } since)
        {
            return where;
        }

        var (name, type) = (dialect.Quote(since.Column), table.Find(since.Column)!.Type);
        var inOrder = dialect.InOrder(type, name);
        var upTo = since.Until is null ? "1 = 0" : $"{inOrder} <= {dialect.InOrder(type, since.Until)}";
        var condition = !since.IsLater ? $"({upTo} OR {name} IS NULL)" : since.After is null ? upTo : $"{inOrder} {since.By} {dialect.InOrder(type, since.After)} AND {upTo}";
        return where is null ? condition : $"({where}\n) AND {condition}";
    }
}
