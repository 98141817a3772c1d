using DataTools.Migrations.Adopt;
using DataTools.Migrations.Lint;

namespace DataTools.Migrations;

/// <summary>What is looked at before a run, and what other tools know.</summary>
public sealed partial class MigrationEngine
{
    /// <summary>What stands wrong on the database, and what will hurt in the migrations that are pending there.</summary>
    public IEnumerable<MigrationFinding> Check(CancellationToken cancellation)
    {
        foreach (var info in List(cancellation))
        {
            if (Standing(info) is { } finding)
            {
                yield return finding with { Migration = info.Id, File = info.Path };
            }

            if (info.File is not null && info.Status is MigrationStatus.Pending or MigrationStatus.OutOfOrder or MigrationStatus.Failed)
            {
                foreach (var hurt in MigrationLint.Check(info.File!, target.Database, options.Variables))
                {
                    yield return hurt;
                }
            }
        }
    }

    /// <summary>Takes for applied what another tool has applied.</summary>
    public IEnumerable<MigrationInfo> Baseline(MigrationTool tool, CancellationToken cancellation)
    {
        var applied = ForeignHistory.Read(target, tool, [.. files.Where(f => f.IsFor(target.Database))], cancellation);
        return Adopt(plan => plan.Up("heads").Where(i => applied.Contains(i.Id)), cancellation);
    }

    private static MigrationFinding? Standing(MigrationInfo info) => info.Status switch
    {
        MigrationStatus.Changed => MigrationFinding.Error("file-changed", "The file was edited after it was applied.", "Undo the edit and write a new migration, or accept it: Repair-DataMigration."),
        MigrationStatus.Missing => MigrationFinding.Error("file-missing", "It is applied, and its file is not there.", "Bring the file back, or forget it: Repair-DataMigration -Remove."),
        MigrationStatus.OutOfOrder => MigrationFinding.Error("out-of-order", "It comes before migrations that are applied.", "Give it a later id, or Invoke-DataMigration -AllowOutOfOrder."),
        MigrationStatus.Failed => MigrationFinding.Error("not-finished", $"It was begun and is not finished: {info.Error}", "Invoke-DataMigration goes on with it when the cause is away."),
        _ => null,
    };
}
