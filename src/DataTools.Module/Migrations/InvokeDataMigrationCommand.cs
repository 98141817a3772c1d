using System.Management.Automation;
using DataTools.Migrations;
using DataTools.Module.Databases;
using DataTools.Transfer;

namespace DataTools.Module.Migrations;

/// <summary>Runs the migrations that are pending.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DataMigration", SupportsShouldProcess = true)]
[OutputType(typeof(MigrationInfo))]
[OutputType(typeof(string))]
public sealed class InvokeDataMigrationCommand : MigrationRunCmdlet
{
    /// <summary>The last to run: an id or name with all that it needs, head (all, if there is one head; the default), heads (all), or +1 for the next.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>Give the script that would be run, rows of the history included, and run nothing.</summary>
    [Parameter]
    public SwitchParameter AsSql { get; set; }

    /// <summary>Run also migrations that come before applied ones.</summary>
    [Parameter]
    public SwitchParameter AllowOutOfOrder { get; set; }

    /// <summary>Go on though files of applied migrations are missing.</summary>
    [Parameter]
    public SwitchParameter AllowMissing { get; set; }

    /// <summary>The rows of a batch of a backfill, in place of what the files say.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? BatchSize { get; set; }

    /// <summary>How many milliseconds a backfill pauses between two batches; 0 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Delay { get; set; }

    /// <summary>How many seconds replicas of a PostgreSQL server may be behind before a backfill waits for them.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double? MaxReplicaLag { get; set; }

    private protected override MigrationRunOptions Options => base.Options with
    {
        AllowOutOfOrder = AllowOutOfOrder,
        AllowMissing = AllowMissing,
        BatchSize = BatchSize,
        Delay = TimeSpan.FromMilliseconds(Delay),
        MaxReplicaLag = MaxReplicaLag is { } lag ? TimeSpan.FromSeconds(lag) : null,
    };

    private protected override ConnectionUse Use => AsSql ? ConnectionUse.Look : base.Use;

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Target = Session.Address.ToString();
        if (AsSql)
        {
            WriteObject(Engine.Script(To, Cancellation));
        }
        else if (IsWhatIf)
        {
            ShowPlan(Engine.Plan(To, Cancellation));
        }
        else
        {
            // What the database does not offer is told before anything is run, not when the first backfill begins.
            Throttle.Open(null, Options.MaxReplicaLag, Session, Cancellation).Dispose();
            WriteAll(Engine.Invoke(To, Cancellation));
        }
    }
}
