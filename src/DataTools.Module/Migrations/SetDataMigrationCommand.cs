using System.Management.Automation;
using DataTools.Migrations;
using DataTools.Migrations.Adopt;

namespace DataTools.Module.Migrations;

/// <summary>Takes migrations for applied without running them, to adopt a database that has what they do.</summary>
[Cmdlet(VerbsCommon.Set, "DataMigration", DefaultParameterSetName = "To", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationInfo))]
public sealed class SetDataMigrationCommand : MigrationCmdlet
{
    /// <summary>Record the migrations as they would be after a run, and run nothing.</summary>
    [Parameter(Mandatory = true)]
    public SwitchParameter Baseline { get; set; }

    /// <summary>The last to record, by id or name, with all that it needs; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "To")]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>Record what another tool has applied, by its own history: Flyway, Dbmate, Goose, GolangMigrate, Liquibase or Alembic.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "From")]
    public MigrationTool From { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Target = Session.Address.ToString();
        var options = MigrationRunOptions.Default with { Confirm = s => ShouldProcess($"{s.File.FileName} on {Target.Session.Address}", "Take for applied") };
        var engine = new MigrationEngine(Target, Files, options);
        foreach (var info in ParameterSetName == "From" ? engine.Baseline(From, Cancellation) : engine.Baseline(To, Cancellation))
        {
            WriteObject(info);
        }
    }
}
