using DataTools.Databases;
using DataTools.Migrations;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Migrations;

/// <summary>A database and a folder of migrations for one test, used as the commands use them.</summary>
internal sealed class MigrationSandbox : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestDatabase _database;

    internal MigrationSandbox(string kind)
    {
        _database = TestDatabase.Make(kind);
        Session = Open();
    }

    internal string Url => _database.Url;

    internal string Folder => _folder.Path;

    /// <summary>The session that runs the migrations.</summary>
    internal SqlSession Session { get; private set; }

    internal MigrationRunOptions Options { get; set; } = MigrationRunOptions.Default with { LockWait = TimeSpan.FromSeconds(20) };

    internal MigrationEngine Engine => new(MigrationTarget.Of(Session), MigrationFolder.Read(Folder), Options);

    /// <summary>The databases on which migrations are tested.</summary>
    internal static IEnumerable<string> Kinds => TestDatabase.Kinds.Where(k => KnownDatabases.TryFind(k) is { } database && Supports(database));

    /// <summary>Another session.</summary>
    internal SqlSession Open() => (SqlSession)Connector.Open(AddressText.Parse(Url), CancellationToken.None);

    /// <summary>Writes a migration; the number makes its id.</summary>
    internal string Write(int number, string name, string text, string extension = "sql") => _folder.Write($"20260101T{number:000000}_{name}.{extension}", text);

    internal static string Id(int number) => $"20260101T{number:000000}";

    internal List<MigrationInfo> Invoke(string? to = null) => [.. Engine.Invoke(to, CancellationToken.None)];

    internal List<MigrationInfo> Undo(int steps = 1, string? to = null) => [.. Engine.Undo(to, steps, CancellationToken.None)];

    internal List<string> Status() => [.. Engine.List(CancellationToken.None).Select(i => $"{i.Name} {i.Status}")];

    internal string Ask(string query) => string.Join(",", Session.Query(query, r => string.Join("|", Enumerable.Range(0, r.FieldCount).Select(i => r.IsDBNull(i) ? "null" : $"{r.GetValue(i)}")), CancellationToken.None));

    internal void Run(string statement) => Session.Run(statement, CancellationToken.None);

    internal bool HasTable(string name) => Session.FindTable(new DataTools.Schemas.TableName(null, name), CancellationToken.None) is not null;

    /// <summary>Starts again with a new session, as another process does.</summary>
    internal void Reopen()
    {
        Session.Dispose();
        Session = Open();
    }

    public void Dispose()
    {
        Session.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private static bool Supports(IDatabase database) => database.Dialect?.Migrations is not null;
}
