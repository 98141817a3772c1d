using System.Management.Automation;
using DataTools.Migrations;
using DataTools.Module.Databases;

namespace DataTools.Module.Migrations;

/// <summary>A command about the migrations of a folder on a database.</summary>
public abstract class MigrationCmdlet : ConnectionCmdlet
{
    private MigrationTarget? _target;

    /// <summary>The folder of the migrations.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The table that keeps the history, with its schema before a dot where it is not the connection's own; datatools_migration by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string HistoryTable { get; set; } = MigrationTarget.DefaultHistory;

    private protected override ConnectionUse Use => IsWhatIf ? ConnectionUse.Look : ConnectionUse.Write;

    private protected MigrationTarget Target => _target ??= MigrationTarget.Of(Session, HistoryTable);

    private protected IReadOnlyList<MigrationFile> Files
    {
        get
        {
            var files = MigrationFolder.Read(FullPath(Path));
            if (files.Count == 0)
            {
                WriteWarning($"There are no migrations in '{Path}'. Their names begin with an id, such as 20261123T101500_add_email_to_users.sql.");
            }

            return files;
        }
    }
}
