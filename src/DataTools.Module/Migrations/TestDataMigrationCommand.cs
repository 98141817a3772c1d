using System.Management.Automation;
using DataTools.Databases;
using DataTools.Migrations;
using DataTools.Migrations.Lint;
using DataTools.Module.Databases;

namespace DataTools.Module.Migrations;

/// <summary>Finds in migrations what will hurt, before anything runs.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DataMigration", DefaultParameterSetName = "Lint", SupportsShouldProcess = true)]
[OutputType(typeof(MigrationFinding))]
public sealed class TestDataMigrationCommand : DataCmdlet
{
    private SessionLease? _lease;

    /// <summary>The folder of the migrations.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Ids or names; wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Id { get; set; } = ["*"];

    /// <summary>The kind of database for which to look, where there is no connection, such as PostgreSql.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Lint")]
    [ArgumentCompleter(typeof(DatabaseKindCompleter))]
    public string Kind { get; set; } = "";

    /// <summary>The database: only what is pending there is looked at, and what stands wrong is told. With -RoundTrip an empty database to try them on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Connection")]
    [Parameter(Mandatory = true, ParameterSetName = "RoundTrip")]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Connection { get; set; }

    /// <summary>The table that keeps the history, with its schema before a dot where it is not the connection's own; datatools_migration by default.</summary>
    [Parameter(ParameterSetName = "Connection")]
    [ValidateNotNullOrEmpty]
    public string HistoryTable { get; set; } = MigrationTarget.DefaultHistory;

    /// <summary>Run each migration up, down and up again, and compare the schemas. The database must be empty, and is left with all migrations applied.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "RoundTrip")]
    public SwitchParameter RoundTrip { get; set; }

    /// <summary>Values of the placeholders that files declare.</summary>
    [Parameter]
    public System.Collections.IDictionary? Variable { get; set; }

    private Dictionary<string, string> Variables => Variable is null ? [] : Arguments.ToTexts(Variable);

    /// <inheritdoc/>
    protected override void End()
    {
        var files = MigrationFolder.Read(FullPath(Path));
        _lease = Connection?.Open(FullPath, Cancellation, RoundTrip && !IsWhatIf ? ConnectionUse.Write : ConnectionUse.Look);
        var findings = _lease is null ? files.SelectMany(f => MigrationLint.Check(f, KnownDatabases.Find(Kind), Variables)) : OnConnection(_lease.Session, files);
        var patterns = System.Array.ConvertAll(Id, i => WildcardPattern.Get(i, WildcardOptions.IgnoreCase));
        var names = files.ToDictionary(f => f.Id, f => f.Name);
        WriteObject(findings.Where(f => System.Array.Exists(patterns, p => p.IsMatch(f.Migration) || p.IsMatch(names.GetValueOrDefault(f.Migration, "")))), enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void CloseResources() => _lease?.Dispose();

    private IEnumerable<MigrationFinding> OnConnection(IDatabaseSession session, IReadOnlyList<MigrationFile> files)
    {
        Log.Source = session.Address.ToString();
        var options = MigrationRunOptions.Default with { Variables = Variables };
        if (!RoundTrip)
        {
            return new MigrationEngine(MigrationTarget.Of(session, HistoryTable), files, options).Check(Cancellation);
        }

        return ShouldProcess(session.Address.ToString(), "Test-DataMigration -RoundTrip") ? new MigrationRoundTrip(session, files, options).Run(Cancellation) : [];
    }
}
