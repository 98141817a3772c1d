using System.Management.Automation;
using DataTools.Migrations;

namespace DataTools.Module.Migrations;

/// <summary>Completes migrations that are expanded: the old goes.</summary>
[Cmdlet(VerbsLifecycle.Complete, "DataMigration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationInfo))]
public sealed class CompleteDataMigrationCommand : MigrationRunCmdlet
{
    /// <summary>The migration, by id or name; all that are expanded by default.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Target = Session.Address.ToString();
        if (IsWhatIf)
        {
            ShowPlan(Engine.PlanComplete(Id, Cancellation));
        }
        else
        {
            WriteAll(Engine.Complete(Id, Cancellation));
        }
    }
}
