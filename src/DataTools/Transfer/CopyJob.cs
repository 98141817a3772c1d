using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>A copy of tables from one database to another.</summary>
public sealed class CopyJob : IDisposable
{
    private const int Tries = 4;

    private readonly ICopySource _source;
    private readonly IDatabaseSession _target;
    private readonly CopyOptions _options;
    private readonly DatabaseContext _context;
    private CopyPlan? _plan;

    /// <summary>A copy between two sessions; of the source it only reads.</summary>
    public CopyJob(IDatabaseSession source, IDatabaseSession target, CopyOptions options, DatabaseContext context)
        : this(new DatabaseSource(source, ReferenceEquals(source, target)), target, options, context)
    {
    }

    private CopyJob(ICopySource source, IDatabaseSession target, CopyOptions options, DatabaseContext context)
    {
        if (options.Embed.Count > 0 && target is SqlSession)
        {
            throw DataErrors.InvalidOption($"-Embed folds rows into documents, which {target.Database.Name} does not have.");
        }

        if (options.Missing != MissingRows.Keep && target is not SqlSession)
        {
            throw DataErrors.InvalidOption($"-DeleteMissing is not offered for {target.Database.Name}.");
        }

        source = options.Unnest ? new UnnestingSource(source, options) : source;
        _source = options.Embed.Count > 0 ? new EmbeddingSource(source, options) : source;
        _target = target;
        _options = options;
        _context = context;
    }

    /// <summary>A copy from a folder that <see cref="FolderExport"/> wrote.</summary>
    public static CopyJob FromFolder(string folder, IDatabaseSession target, CopyOptions options, DatabaseContext context) =>
        new(new FolderSource(folder), target, options, context);

    /// <summary>What the copy will do, found out when it is first asked for.</summary>
    public CopyPlan Plan => _plan ??= new CopyPlanner(_source, _target, _options, _context).Make();

    /// <summary>Copies; <paramref name="moved"/> is told of rows on their way, from any thread and from the caller's from time to time.</summary>
    public IReadOnlyList<CopyResult> Run(Action<TablePlan, long> moved)
    {
        if (_options.Ledger is null)
        {
            return RunWhole(moved);
        }

        var (plan, results) = new LedgerRun(_source, (ILedgerSession)_target, _options, _context, moved).Run();
        _plan = plan;
        return results;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>All at once; a conflict with others undoes it, and it begins anew.</summary>
    private IReadOnlyList<CopyResult> RunWhole(Action<TablePlan, long> moved)
    {
        using var throttle = Throttle.Open(_options.MaxRowsPerSecond, _options.MaxReplicaLag, _target, _context.Cancellation);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new CopyRun(_source, _target, _options, _context, new RowPump(_options, throttle, _context, moved)).Run(Plan);
            }
            catch (DataException e) when (e.Id == nameof(DataErrors.TransactionConflict) && attempt < Tries && _context.Rejects.Count == 0 && !_target.InTransaction)
            {
                _context.Cancellation.WaitHandle.WaitOne(Random.Shared.Next(50, 400) * attempt);
            }
        }
    }
}
