using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>How the history is repaired.</summary>
public enum MigrationRepair
{
    /// <summary>Files that were edited are taken as they are.</summary>
    Accept,

    /// <summary>The interrupted statement took effect.</summary>
    StatementDone,

    /// <summary>The interrupted statement had no effect.</summary>
    Retry,

    /// <summary>The migration is forgotten.</summary>
    Remove,
}

/// <summary>What changes only the history.</summary>
public sealed partial class MigrationEngine
{
    /// <summary>Takes migrations for applied that are not, up to one of them with all that it needs; null for all.</summary>
    public IEnumerable<MigrationInfo> Baseline(string? to, CancellationToken cancellation) => Adopt(plan => plan.Up(to ?? "heads"), cancellation);

    private IEnumerable<MigrationInfo> Adopt(Func<MigrationPlan, IEnumerable<MigrationInfo>> choose, CancellationToken cancellation)
    {
        using var held = TakeLock(cancellation);
        var set = MigrationSet.Read(target, files, cancellation);
        var plan = new MigrationPlan(target, set, options with { AllowOutOfOrder = true });
        var position = set.NextPosition;
        var hasHistory = set.HasHistory;
        foreach (var info in choose(plan).Where(i => i.Record is null or { State: RecordState.Reverted }).ToList())
        {
            var record = NewRecord(info, position++, set.NextBatch) with
            {
                Checksum = info.File!.Checksum,
                State = RecordState.Baseline,
                AppliedAt = DateTime.UtcNow,
                AppliedBy = Environment.UserName,
                Host = Environment.MachineName,
                ToolVersion = StepRunner.ToolVersion,
            };
            if (options.Confirm(new MigrationStep(info.File, SectionKind.Up, []) { Record = record }))
            {
                // Not before: who only asks what would be done finds nothing changed.
                if (!hasHistory)
                {
                    target.Run(target.CreateHistory, cancellation);
                    hasHistory = true;
                }

                target.Save(record, info.Record is null, cancellation);
                yield return Told(info, record);
            }
        }
    }

    /// <summary>Brings the history in line with what is so.</summary>
    /// <param name="repair">How.</param>
    /// <param name="id">The migration; null for every edited file.</param>
    /// <param name="confirm">Asked before each.</param>
    /// <param name="cancellation">Ends it.</param>
    public IEnumerable<MigrationInfo> Repair(MigrationRepair repair, string? id, Func<MigrationInfo, bool> confirm, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(confirm);
        using var held = TakeLock(cancellation);
        var set = MigrationSet.Read(target, files, cancellation);
        var infos = id is not null ? [set.Find(id)] : set.Infos.Where(i => i.Status == MigrationStatus.Changed).ToList();
        foreach (var info in infos)
        {
            var record = Repaired(repair, info);
            if (confirm(info))
            {
                target.Save(record, false, cancellation);
                yield return MigrationSet.Read(target, files, cancellation).Infos.FirstOrDefault(i => i.Id == info.Id) ?? info with { Status = MigrationStatus.Pending, AppliedAt = null };
            }
        }
    }

    private MigrationRecord Repaired(MigrationRepair repair, MigrationInfo info)
    {
        var record = info.Record ?? throw DataErrors.MigrationNotFound(info.Id, "in the history");
        switch (repair)
        {
            case MigrationRepair.Remove:
                return record with { State = RecordState.Reverted, StatementsDone = 0, StatementBegun = 0, Error = null };
            case MigrationRepair.Accept:
                var file = info.File ?? throw DataErrors.MigrationMissing([info.ToString()]);
                return record with { Checksum = file.Checksum, DownText = DownText.Of(file, target.Database, options.Variables) };
            default:
                var done = repair == MigrationRepair.StatementDone ? record.StatementBegun : record.StatementsDone;
                return record.IsUnclear
                    ? record with { State = RecordState.Failed, StatementsDone = done, StatementBegun = done, Error = "interrupted, and repaired" }
                    : throw DataErrors.InvalidOption($"No statement of {info.Id} was interrupted so that nobody knows whether it took effect; Invoke-DataMigration goes on by itself.");
        }
    }
}
