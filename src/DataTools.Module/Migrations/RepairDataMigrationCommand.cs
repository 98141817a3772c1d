using System.Management.Automation;
using DataTools.Migrations;

namespace DataTools.Module.Migrations;

/// <summary>Brings the history of migrations in line with what is so.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "DataMigration", DefaultParameterSetName = "Accept", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationInfo))]
public sealed class RepairDataMigrationCommand : MigrationCmdlet
{
    /// <summary>The migration, by id or name. Without it the edits of all files are accepted.</summary>
    [Parameter(Position = 0, ParameterSetName = "Accept")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Done")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Retry")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Remove")]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>The statement that was interrupted took effect: the next run goes on behind it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Done")]
    public SwitchParameter StatementDone { get; set; }

    /// <summary>The statement that was interrupted had no effect: the next run begins with it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Retry")]
    public SwitchParameter Retry { get; set; }

    /// <summary>Forget the migration: it is as if it had never been run. What it did stays in the database.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Remove")]
    public SwitchParameter Remove { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Target = Session.Address.ToString();
        var engine = new MigrationEngine(Target, Files, MigrationRunOptions.Default);
        var repair = ParameterSetName switch
        {
            "Done" => MigrationRepair.StatementDone,
            "Retry" => MigrationRepair.Retry,
            "Remove" => MigrationRepair.Remove,
            _ => MigrationRepair.Accept,
        };
        foreach (var info in engine.Repair(repair, Id, i => ShouldProcess($"{i} on {Target.Session.Address}", $"Repair-DataMigration ({repair})"), Cancellation))
        {
            WriteObject(info);
        }
    }
}
