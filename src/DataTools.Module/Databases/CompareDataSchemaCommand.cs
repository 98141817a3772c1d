using System.Collections;
using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;

namespace DataTools.Module.Databases;

/// <summary>Shows what differs between two schemas: databases, tables of them, models written as SQL, and files of data.</summary>
[Cmdlet(VerbsData.Compare, "DataSchema")]
[OutputType(typeof(SchemaDifference))]
public sealed class CompareDataSchemaCommand : DataCmdlet
{
    private readonly List<SessionLease> _leases = [];
    private RejectLog? _rejects;

    /// <summary>The left side: a connection, the name of one, or a URL; a file of SQL or a folder of such, which make the tables; or a file of data.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Source { get; set; } = null!;

    /// <summary>The right side, as -Source. A model is tried in an empty database beside the other side's, which therefore must be a connection.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Destination { get; set; } = null!;

    /// <summary>The tables to compare, with their schema before a dot or without; wildcards are taken. A file of data is compared with the one table that is named, else with that of its own name.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Table { get; set; } = ["*"];

    /// <summary>What has another name on the right: @{ people = 'persons'; 'persons.mail' = 'email' } for a table, and for a column of the table with the new name.</summary>
    [Parameter]
    public IDictionary? Rename { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        var (left, right) = (Session(Source), Session(Destination));
        Log.Source = $"{Source}";
        Log.Target = $"{Destination}";
        var renames = Arguments.ToTexts(Rename ?? new Hashtable());
        var comparison = Side(Source, left, right, []).CompareTo(Side(Destination, right, left, renames.Values), renames);
        foreach (var difference in comparison.Differences)
        {
            WriteObject(difference);
        }

        foreach (var other in comparison.NotCompared)
        {
            WriteVerbose($"Not on both sides, or not the same, and not compared: {other}");
        }

        foreach (var candidate in comparison.Candidates)
        {
            WriteVerbose($"This may be a renaming: -Rename @{{ {candidate} }} says that it is.");
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _leases.ForEach(l => l.Dispose());
        _rejects?.Dispose();
    }

    private SqlSession? Session(ConnectionArgument argument)
    {
        if (argument.FilePath(FullPath) is not null)
        {
            return null;
        }

        _leases.Add(argument.Open(FullPath, Cancellation, ConnectionUse.Look));
        return _leases[^1].Session as SqlSession ?? throw DataErrors.InvalidOption($"{_leases[^1].Session.Database.Name} keeps no schema of its collections, so there is nothing to compare.");
    }

    private SchemaSide Side(ConnectionArgument argument, SqlSession? session, SqlSession? other, IEnumerable<string> names)
    {
        var patterns = Table.Concat(names).Select(t => WildcardPattern.Get(t, WildcardOptions.IgnoreCase)).ToList();
        bool IsWanted(TableName name) => patterns.Exists(p => p.IsMatch(name.Name) || (name.Schema is not null && p.IsMatch($"{name.Schema}.{name.Name}")));
        if (session is not null)
        {
            return SchemaSide.OfDatabase(session, IsWanted, Cancellation);
        }

        var path = argument.FilePath(FullPath)!;
        return !SchemaModel.IsModel(path) ? SchemaSide.OfFile(path, FileTable(path), new ReadContext(ReadOptions.Default, _rejects ??= new RejectLog(new RejectPolicy()), Warn) { Cancellation = Cancellation })
            : other is not null ? SchemaSide.OfModel(path, other, IsWanted, Cancellation)
            : throw DataErrors.InvalidOption($"'{path}' is a model, which is tried in an empty database beside that of the other side: the other side must be a connection.");
    }

    private TableName FileTable(string path) =>
        Table is [var only] && !WildcardPattern.ContainsWildcardCharacters(only) ? TableName.Parse(only) : new TableName(null, System.IO.Path.GetFileNameWithoutExtension(path));
}
