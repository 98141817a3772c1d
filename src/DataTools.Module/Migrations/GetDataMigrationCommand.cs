using System.Management.Automation;
using DataTools.Migrations;
using DataTools.Module.Databases;

namespace DataTools.Module.Migrations;

/// <summary>Shows the migrations of a folder and how they stand on a database.</summary>
[Cmdlet(VerbsCommon.Get, "DataMigration")]
[OutputType(typeof(MigrationInfo))]
public sealed class GetDataMigrationCommand : MigrationCmdlet
{
    /// <summary>Ids or names; wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Id { get; set; } = ["*"];

    /// <summary>Show only those that stand so: Applied, Pending, OutOfOrder, Changed, Missing, Failed, Running, Expanded.</summary>
    [Parameter]
    public MigrationStatus[]? Status { get; set; }

    private protected override ConnectionUse Use => ConnectionUse.Look;

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Source = Session.Address.ToString();
        var patterns = System.Array.ConvertAll(Id, i => WildcardPattern.Get(i, WildcardOptions.IgnoreCase));
        foreach (var info in new MigrationEngine(Target, Files, MigrationRunOptions.Default).List(Cancellation))
        {
            if ((Status is null || Status.Contains(info.Status)) && System.Array.Exists(patterns, p => p.IsMatch(info.Id) || p.IsMatch(info.Name)))
            {
                WriteObject(info);
            }
        }
    }
}
