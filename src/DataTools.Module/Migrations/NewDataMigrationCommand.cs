using System.Management.Automation;
using DataTools.Migrations;

namespace DataTools.Module.Migrations;

/// <summary>Writes a new migration.</summary>
[Cmdlet(VerbsCommon.New, "DataMigration", DefaultParameterSetName = "Sql", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class NewDataMigrationCommand : DataCmdlet
{
    /// <summary>What the migration does, in a few words: 'add email to users'.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Sql")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Script")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Repeatable")]
    [Parameter(Position = 0, ParameterSetName = "Merge")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "merge heads";

    /// <summary>The folder of the migrations, which is made where it does not exist.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The statements of the change; without them the section is empty, for you to fill.</summary>
    [Parameter(ParameterSetName = "Sql")]
    [Parameter(ParameterSetName = "Repeatable")]
    public string? Up { get; set; }

    /// <summary>The statements that undo it.</summary>
    [Parameter(ParameterSetName = "Sql")]
    public string? Down { get; set; }

    /// <summary>Write a script with the functions Up and Down in place of SQL.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Script")]
    public SwitchParameter Script { get; set; }

    /// <summary>Write a migration that runs again whenever its text changes, such as one that replaces a view.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Repeatable")]
    public SwitchParameter Repeatable { get; set; }

    /// <summary>Write a migration that joins the heads of several branches.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Merge")]
    public SwitchParameter Merge { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        var folder = FullPath(Path);
        var migration = ParameterSetName switch
        {
            "Script" => NewMigration.OfScript(folder, Name),
            "Repeatable" => NewMigration.Repeatable(folder, Name, Up),
            "Merge" => NewMigration.Merge(folder, Name),
            _ => NewMigration.OfSql(folder, Name, Up, Down),
        };
        Log.Target = migration.Path;
        if (ShouldProcess(migration.Path, "New-DataMigration"))
        {
            migration.Write();
            WriteObject(new FileInfo(migration.Path));
        }
    }
}
