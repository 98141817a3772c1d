using System.Collections;
using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Module.Databases;
using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;

namespace DataTools.Module.Migrations;

/// <summary>Migrations written from what differs between a database and a model of it.</summary>
public sealed partial class NewDataMigrationCommand
{
    /// <summary>Write the statements that give the database of -Connection the schema of -Model, and those that bring back its own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Autogenerate")]
    public SwitchParameter Autogenerate { get; set; }

    /// <summary>
    /// The wanted schema: a file of SQL, or a folder of such, that make the tables in an empty database beside that of -Connection; a folder of migrations, which are run there; or another database: a
    /// connection, the name of one, or a URL.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Autogenerate")]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Model { get; set; } = null!;

    /// <summary>What has a new name in the model: @{ people = 'persons'; 'persons.mail' = 'email' } for a table, and for a column of the table with the new name. Nothing is taken for a renaming that is not named here.</summary>
    [Parameter(ParameterSetName = "Autogenerate")]
    public IDictionary? Rename { get; set; }

    /// <summary>Write statements, too, that drop tables or columns or may lose values.</summary>
    [Parameter(ParameterSetName = "Autogenerate")]
    public SwitchParameter AllowDestructive { get; set; }

    private NewMigration Generated(string folder)
    {
        using var lease = Connection.Open(FullPath, Cancellation, ConnectionUse.Look);
        var session = lease.Session as SqlSession ?? throw DataErrors.InvalidOption($"-Autogenerate compares tables, and {lease.Session.Database.Name} has none.");
        var renames = Arguments.ToTexts(Rename ?? new Hashtable());
        var change = SchemaChange.Between(SchemaModel.Read(session, null, Cancellation), Wanted(session), session, renames);
        foreach (var other in change.Comparison.NotCompared)
        {
            WriteWarning($"Not written, for it is no table: {other}, which is not on both sides or not the same there.");
        }

        var text = GeneratedMigration.Write(change, AllowDestructive);
        if (session.UsersOfDropped(change.Comparison, Cancellation) is { Count: > 0 } users)
        {
            throw DataErrors.DroppedInUse(session.Database.Name, users);
        }

        foreach (var type in session.MissingTypes(change.Comparison.NewTypes, Cancellation))
        {
            WriteWarning($"The type {type} of the model's columns is not in {session.Address}, and is not made by what is written: make it before that, as CREATE EXTENSION or CREATE TYPE does.");
        }

        foreach (var view in session.Dialect.ViewsHoldColumns ? [] : ViewsInTheWay.OfDropped(change.Comparison))
        {
            WriteWarning($"{view} names what goes, and can then not be read: write DROP VIEW into the migration, and behind it the CREATE VIEW that is wanted then.");
        }

        foreach (var candidate in change.Comparison.Candidates)
        {
            WriteWarning($"This looks like a renaming, but is written as a removal and an addition: -Rename @{{ {candidate} }} says that it is one.");
        }

        return NewMigration.OfSections(folder, Name!, [], text);
    }

    private DatabaseSchema Wanted(SqlSession session)
    {
        if (Model.FilePath(FullPath) is { } path)
        {
            return SchemaSide.OfModel(path, session, _ => true, Cancellation).Schema;
        }

        using var lease = Model.Open(FullPath, Cancellation, ConnectionUse.Read);
        return lease.Session is SqlSession other && other.Database.Name == session.Database.Name
            ? SchemaModel.Read(other, null, Cancellation)
            : throw DataErrors.InvalidOption($"-Model must be a database of the same kind as -Connection, {session.Database.Name}, or SQL for it.");
    }
}
