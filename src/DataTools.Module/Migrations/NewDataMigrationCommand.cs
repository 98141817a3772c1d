using System.Collections;
using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Changes;
using DataTools.Module.Databases;

namespace DataTools.Module.Migrations;

/// <summary>Writes a new migration.</summary>
[Cmdlet(VerbsCommon.New, "DataMigration", DefaultParameterSetName = "Sql", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed partial class NewDataMigrationCommand : DataCmdlet
{
    /// <summary>What the migration does, in a few words: 'add email to users'.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Sql")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Json")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Script")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Repeatable")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Autogenerate")]
    [Parameter(Position = 0, ParameterSetName = "Merge")]
    [Parameter(Position = 0, ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The folder of the migrations, which is made where it does not exist.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The statements of the change; without them the section is empty, for you to fill.</summary>
    [Parameter(ParameterSetName = "Sql")]
    [Parameter(ParameterSetName = "Json")]
    [Parameter(ParameterSetName = "Repeatable")]
    public string? Up { get; set; }

    /// <summary>The statements that undo it.</summary>
    [Parameter(ParameterSetName = "Sql")]
    [Parameter(ParameterSetName = "Json")]
    public string? Down { get; set; }

    /// <summary>Write a file of commands as JSON, for MongoDB, in place of SQL.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Json")]
    public SwitchParameter Json { get; set; }

    /// <summary>Write a script with the functions Up and Down in place of SQL.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Script")]
    public SwitchParameter Script { get; set; }

    /// <summary>Write a migration that runs again whenever its text changes, such as one that replaces a view.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Repeatable")]
    public SwitchParameter Repeatable { get; set; }

    /// <summary>Write a migration that joins the heads of several branches.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Merge")]
    public SwitchParameter Merge { get; set; }

    /// <summary>Write a change that lets the old and the new application run side by side, as far as the database can.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Change")]
    public ChangeKind Kind { get; set; }

    /// <summary>The database that is to be changed: its schema is read, and nothing is written to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Change")]
    [Parameter(Mandatory = true, ParameterSetName = "Autogenerate")]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Connection { get; set; } = null!;

    /// <summary>The table, with its schema before a dot where it is not the connection's own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string Table { get; set; } = "";

    /// <summary>The column; for indexes and keys the columns.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string[] Column { get; set; } = [];

    /// <summary>RenameColumn: the new name. AddIndex, AddUnique and AddForeignKey: the name of what is added.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>AddColumn, ChangeType and SplitColumn: the type, as the database writes it.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>AddColumn and AddNotNull: the default, as the database writes it; a text in quotes of its own.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? Default { get; set; }

    /// <summary>AddColumn: the column may hold no nulls.</summary>
    [Parameter(ParameterSetName = "Change")]
    public SwitchParameter NotNull { get; set; }

    /// <summary>ChangeType: the expression that makes the new value of the old column; a cast by default.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? Using { get; set; }

    /// <summary>ChangeType and SplitColumn: the expression that makes the old value of the new columns; for ChangeType {new} stands for the new column.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? Back { get; set; }

    /// <summary>SplitColumn: the new columns with the expressions that make their values, [ordered] @{ first = "split_part(name, ' ', 1)" }.</summary>
    [Parameter(ParameterSetName = "Change")]
    public IDictionary? Into { get; set; }

    /// <summary>AddForeignKey: what is pointed to, such as users(id).</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateNotNullOrEmpty]
    public string? References { get; set; }

    /// <summary>The rows of a batch of the backfill; 1,000 by default.</summary>
    [Parameter(ParameterSetName = "Change")]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize { get; set; } = 1000;

    /// <inheritdoc/>
    protected override void End()
    {
        var folder = FullPath(Path);
        var migration = ParameterSetName switch
        {
            "Json" => NewMigration.OfJson(folder, Name!, Up, Down),
            "Script" => NewMigration.OfScript(folder, Name!),
            "Repeatable" => NewMigration.Repeatable(folder, Name!, Up),
            "Merge" => NewMigration.Merge(folder, Name ?? "merge heads"),
            "Change" => Change(folder),
            "Autogenerate" => Generated(folder),
            _ => NewMigration.OfSql(folder, Name!, Up, Down),
        };
        Log.Target = migration.Path;
        if (ShouldProcess(migration.Path, "New-DataMigration"))
        {
            migration.Write();
            WriteObject(new FileInfo(migration.Path));
        }
    }

    private NewMigration Change(string folder)
    {
        using var lease = Connection.Open(FullPath, Cancellation, ConnectionUse.Read);
        var session = lease.Session as SqlSession ?? throw DataErrors.InvalidOption($"-Kind changes tables, and {lease.Session.Database.Name} has none.");
        var change = ChangeArguments.ToChange(this);
        var (options, sections) = ChangeWriter.Write(session, change, Cancellation);
        return NewMigration.OfSections(folder, Name ?? change.Title, options, sections);
    }
}
