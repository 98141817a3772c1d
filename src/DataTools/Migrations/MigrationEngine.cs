using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Runs, undoes and tells of the migrations of a folder on one database.</summary>
/// <param name="target">The database.</param>
/// <param name="files">The migrations.</param>
/// <param name="options">How they are run.</param>
public sealed partial class MigrationEngine(MigrationTarget target, IReadOnlyList<MigrationFile> files, MigrationRunOptions options)
{
    private const int PollMilliseconds = 100;

    /// <summary>The migrations and how they stand.</summary>
    public IReadOnlyList<MigrationInfo> List(CancellationToken cancellation)
    {
        var set = MigrationSet.Read(target, files, cancellation);
        var plan = new MigrationPlan(target, set, options);
        var infos = set.Infos.Select(i => i.Status == MigrationStatus.Expanded ? i with { Left = CountLeft(plan, i, cancellation) } : i).ToList();
        if (!infos.Any(i => i.Status == MigrationStatus.Running))
        {
            return infos;
        }

        using var held = target.OpenLock(cancellation);
        return !held.TryTake(cancellation)
            ? infos
            : [.. infos.Select(i => i.Status == MigrationStatus.Running ? i with { Status = MigrationStatus.Failed, Error = "The runner ended before its end." } : i)];
    }

    /// <summary>What <see cref="Invoke"/> would run.</summary>
    public IReadOnlyList<MigrationStep> Plan(string? to, CancellationToken cancellation)
    {
        var set = MigrationSet.Read(target, files, cancellation);
        var plan = new MigrationPlan(target, set, options);
        return [.. plan.Up(to).SelectMany(i => PhasesOf(i).Select(p => plan.Step(i, p, RecordState.Applied, NewRecord(i, set.NextPosition, set.NextBatch))))];
    }

    /// <summary>What <see cref="Undo"/> would run.</summary>
    public IReadOnlyList<MigrationStep> PlanUndo(string? to, int steps, CancellationToken cancellation)
    {
        var plan = new MigrationPlan(target, MigrationSet.Read(target, files, cancellation), options);
        return [.. plan.Down(to, steps).Select(i => plan.Undo(i, cancellation))];
    }

    /// <summary>Runs what is pending, one after the other; each that is done is given.</summary>
    public IEnumerable<MigrationInfo> Invoke(string? to, CancellationToken cancellation)
    {
        using var held = TakeLock(cancellation);
        using var end = new RunEnd(target);
        var set = Open(cancellation);
        var plan = new MigrationPlan(target, set, options);
        foreach (var done in RunAll(plan, held, plan.Up(to).Select((info, i) => (info, NewRecord(info, set.NextPosition + i, set.NextBatch))), cancellation))
        {
            yield return done;
        }

        end.Finish(cancellation);
    }

    /// <summary>Undoes applied migrations, the last first; each that is undone is given.</summary>
    public IEnumerable<MigrationInfo> Undo(string? to, int steps, CancellationToken cancellation)
    {
        using var held = TakeLock(cancellation);
        using var end = new RunEnd(target);
        var plan = new MigrationPlan(target, Open(cancellation), options);
        var infos = plan.Down(to, steps);
        // All must have a way back before the first is undone.
        var undoing = infos.Select(i => plan.Undo(i, cancellation)).ToList();
        for (var i = 0; i < undoing.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!options.Confirm(undoing[i]))
            {
                break;
            }

            var record = new StepRunner(target, held, options, cancellation).Run(undoing[i]);
            yield return infos[i] with { Status = MigrationStatus.Pending, Record = record, AppliedAt = null, Duration = record.Duration, Error = null };
        }

        end.Finish(cancellation);
    }

    /// <summary>What <see cref="Complete"/> would run.</summary>
    public IReadOnlyList<MigrationStep> PlanComplete(string? id, CancellationToken cancellation)
    {
        var plan = new MigrationPlan(target, MigrationSet.Read(target, files, cancellation), options);
        return [.. plan.Expanded(id).Select(plan.Contract)];
    }

    /// <summary>Completes expanded migrations, where nothing is left to fill and their verifications give no rows; each that is completed is given.</summary>
    /// <param name="id">The migration; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    public IEnumerable<MigrationInfo> Complete(string? id, CancellationToken cancellation)
    {
        using var held = TakeLock(cancellation);
        using var end = new RunEnd(target);
        var plan = new MigrationPlan(target, Open(cancellation), options);
        var runner = new StepRunner(target, held, options, cancellation);
        foreach (var info in plan.Expanded(id))
        {
            cancellation.ThrowIfCancellationRequested();
            var step = plan.Contract(info);
            if (!options.Confirm(step))
            {
                break;
            }

            if (info.Record!.State == RecordState.Expanded)
            {
                runner.CatchUp(info.File!, plan.Queries(info.File!, SectionKind.Backfill));
                runner.MakeSure(info.File!, plan.Queries(info.File!, SectionKind.Verify));
            }

            yield return Told(info, runner.Run(step));
        }

        end.Finish(cancellation);
    }

    /// <summary>What the backfill would still change; null where nobody knows, as where it needs values of placeholders.</summary>
    private long? CountLeft(MigrationPlan plan, MigrationInfo info, CancellationToken cancellation)
    {
        if (info.File is not { Language: not MigrationLanguage.PowerShell } file || file.Options.Variables.Any(v => v.Value is null && !options.Variables.ContainsKey(v.Key)))
        {
            return null;
        }

        return plan.Queries(file, SectionKind.Backfill).Select(s => target.OpenBatches(s.Text, null, null, cancellation)?.CountLeft(cancellation)).Aggregate((long?)null, (sum, left) => left is null ? sum : left + (sum ?? 0));
    }

    /// <summary>Takes the lock, or says after a while who has it.</summary>
    internal RunnerLock TakeLock(CancellationToken cancellation)
    {
        var held = target.OpenLock(cancellation);
        var until = DateTime.UtcNow + options.LockWait;
        try
        {
            while (!held.TryTake(cancellation))
            {
                if (DateTime.UtcNow >= until)
                {
                    throw DataErrors.MigrationLocked(target.Session.Address.ToString(), held.Owner(cancellation), options.LockWait);
                }

                cancellation.WaitHandle.WaitOne(PollMilliseconds);
                cancellation.ThrowIfCancellationRequested();
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The migrations with a history that is there.</summary>
    internal MigrationSet Open(CancellationToken cancellation)
    {
        var set = MigrationSet.Read(target, files, cancellation);
        if (set.HasHistory)
        {
            return set;
        }

        target.Run(target.CreateHistory, cancellation);
        return MigrationSet.Read(target, files, cancellation);
    }

    internal static MigrationRecord NewRecord(MigrationInfo info, long position, long batch) =>
        (info.Record ?? new MigrationRecord(info.Id, info.Name)) with { Name = info.Name, Position = position, Batch = batch };

    private IEnumerable<SectionKind> PhasesOf(MigrationInfo info) =>
        info.File!.IsPhased(target.Database)
            ? info.File.Find(SectionKind.Backfill, target.Database) is null ? [SectionKind.Expand] : [SectionKind.Expand, SectionKind.Backfill]
            : [SectionKind.Up];

    /// <summary>Runs a migration, or expands and fills one in phases; null where that is not wanted.</summary>
    private MigrationInfo? RunPhases(MigrationPlan plan, RunnerLock held, MigrationInfo info, MigrationRecord record, CancellationToken cancellation)
    {
        var runner = new StepRunner(target, held, options, cancellation);
        if (!info.File!.IsPhased(target.Database))
        {
            var step = plan.Step(info, SectionKind.Up, RecordState.Applied, record);
            if (!options.Confirm(step))
            {
                return null;
            }

            CheckFirst(plan, info, runner);
            return Told(info, runner.Run(step));
        }

        var fills = info.File.Find(SectionKind.Backfill, target.Database) is not null;
        if (info.Record is not { Phase: SectionKind.Backfill, State: RecordState.Running or RecordState.Failed } kept)
        {
            var step = plan.Step(info, SectionKind.Expand, fills ? RecordState.Running : RecordState.Expanded, record with { Cursor = null });
            if (!options.Confirm(step))
            {
                return null;
            }

            CheckFirst(plan, info, runner);
            kept = runner.Run(step);
        }

        if (fills)
        {
            runner.MakeSureOfLock();
            var step = plan.Step(info, SectionKind.Backfill, RecordState.Expanded, kept) with { IsNew = false };
            kept = target.FillsInTransactions ? new BackfillRunner(target, options, cancellation).Run(step with { Record = kept }) : runner.Run(step);
        }

        return Told(info, kept);
    }

    /// <summary>What must hold before anything is done; a migration that is half done has passed it.</summary>
    private static void CheckFirst(MigrationPlan plan, MigrationInfo info, StepRunner runner)
    {
        if (info.Record is not { StatementsDone: > 0, State: RecordState.Failed or RecordState.Running })
        {
            runner.MakeSure(info.File!, plan.Queries(info.File!, SectionKind.Check));
        }
    }

    private static MigrationInfo Told(MigrationInfo info, MigrationRecord record) =>
        MigrationSet.Told(info, record) with { Status = record.State == RecordState.Expanded ? MigrationStatus.Expanded : MigrationStatus.Applied };

    /// <summary>
    /// At the end of a run what is done is to be on disk, and waiting for locks as it was; also where it ends early, for who asked for the migrations may take the first only.
    /// </summary>
    private sealed class RunEnd(MigrationTarget target) : IDisposable
    {
        private bool _isFinished;

        public void Finish(CancellationToken cancellation)
        {
            target.LimitLocks(null, cancellation);
            target.Flush(cancellation);
            _isFinished = true;
        }

        public void Dispose()
        {
            try
            {
                if (!_isFinished && target.Session.IsOpen)
                {
                    Finish(CancellationToken.None);
                }
            }
            catch (DataException)
            {
                // What went wrong before is what counts.
            }
        }
    }
}
