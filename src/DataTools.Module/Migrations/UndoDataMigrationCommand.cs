using System.Management.Automation;
using DataTools.Migrations;
using DataTools.Module.Databases;

namespace DataTools.Module.Migrations;

/// <summary>Undoes applied migrations, the last first.</summary>
[Cmdlet(VerbsCommon.Undo, "DataMigration", DefaultParameterSetName = "Steps", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationInfo))]
[OutputType(typeof(string))]
public sealed class UndoDataMigrationCommand : MigrationRunCmdlet
{
    /// <summary>How many to undo; 1 by default.</summary>
    [Parameter(ParameterSetName = "Steps")]
    [ValidateRange(1, int.MaxValue)]
    public int Steps { get; set; } = 1;

    /// <summary>The migration that stays as the last, by id or name; base to undo all.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "To")]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>Give the script that would be run, rows of the history included, and run nothing.</summary>
    [Parameter]
    public SwitchParameter AsSql { get; set; }

    private protected override ConnectionUse Use => AsSql ? ConnectionUse.Look : base.Use;

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Target = Session.Address.ToString();
        if (AsSql)
        {
            WriteObject(Engine.ScriptUndo(To, Steps, Cancellation));
        }
        else if (IsWhatIf)
        {
            ShowPlan(Engine.PlanUndo(To, Steps, Cancellation));
        }
        else
        {
            WriteAll(Engine.Undo(To, Steps, Cancellation));
        }
    }
}
