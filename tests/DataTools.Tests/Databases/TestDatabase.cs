using System.Globalization;

namespace DataTools.Tests.Databases;

/// <summary>
/// An empty database for one test, of a kind that the contract runs on. A new kind of database is a line in <see cref="Makers"/>: a test fails where one of the engine's
/// list has none.
/// </summary>
internal sealed class TestDatabase : IDisposable
{
    private static readonly Dictionary<string, Func<TestDatabase>> Makers = new()
    {
        ["Sqlite"] = MakeSqlite,
        ["PostgreSql"] = () => MakePostgreSql(TestServers.PostgreSql),
        ["PostgreSql18"] = () => MakePostgreSql(TestServers.PostgreSql18),
        ["DuckDb"] = MakeDuckDb,
        ["MongoDb"] = MakeMongoDb,
        ["MariaDb"] = () => MakeMySql(TestServers.MariaDb),
        ["MySql"] = () => MakeMySql(TestServers.MySql),
    };

    private static int _count;
    private readonly Action _drop;

    private TestDatabase(string url, Action drop)
    {
        Url = url;
        _drop = drop;
        Kind = DataTools.Databases.AddressText.Parse(url).Kind;
    }

    /// <summary>The kinds, for theories: databases, and further versions of their servers.</summary>
    internal static IEnumerable<string> Kinds => Makers.Keys;

    /// <summary>The database of a kind, whose name may end with a version.</summary>
    internal static string DatabaseOf(string kind) => kind.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    /// <summary>Where it is, with user and password.</summary>
    internal string Url { get; }

    /// <summary>The kind, which tests ask what it has.</summary>
    internal DataTools.Databases.IDatabase Kind { get; }

    /// <summary>A text in the database's language: SQL, or the JSON of a document database.</summary>
    internal string Text(string sql, string json) => Kind.Dialect is not null ? sql : json;

    /// <summary>Makes a database, or skips the test where there is no server.</summary>
    internal static TestDatabase Make(string kind) => Makers[kind]();

    /// <summary>Runs a statement by the module itself.</summary>
    internal static void Run(PowerShellSession session, string url, string sql) => session.Run("Invoke-DataQuery $args[1] -Connection $args[0] -NonQuery | Out-Null", url, sql);

    public void Dispose() => _drop();

    private static string NewName() => string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}");

    private static TestDatabase MakeSqlite()
    {
        var folder = new TestFolder();
        return new TestDatabase($"sqlite:{folder["test.db"]}", folder.Dispose);
    }

    private static TestDatabase MakeMongoDb()
    {
        var name = NewName();
        var parts = TestServers.MongoDb.Split('?', 2);
        var url = $"{parts[0].TrimEnd('/')}/{name}?{(parts.Length == 2 ? parts[1] : "authSource=admin")}";
        return new TestDatabase(url, () =>
        {
            using var session = DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(url), CancellationToken.None);
            foreach (var _ in session.Execute("{ \"dropDatabase\": 1 }", new Dictionary<string, object?>(), new DataTools.Databases.DatabaseContext(new DataTools.Errors.RejectLog(new()), _ => { }, CancellationToken.None)))
            {
                // It is enough that it runs.
            }
        });
    }

    private static TestDatabase MakeDuckDb()
    {
        var folder = new TestFolder();
        return new TestDatabase($"duckdb:{folder["test.duckdb"]}", folder.Dispose);
    }

    private static TestDatabase MakePostgreSql(string server)
    {
        var name = NewName();
        Admin($"{server}/postgres", $"CREATE DATABASE {name}");
        return new TestDatabase($"{server}/{name}", () => Admin($"{server}/postgres", $"DROP DATABASE {name} WITH (FORCE)"));
    }

    private static TestDatabase MakeMySql(string server)
    {
        var name = NewName();
        Admin(server, $"CREATE DATABASE {name}");
        // By itself the server would wait a day for whoever still has a table open.
        return new TestDatabase($"{server}/{name}", () => Admin(server, "SET SESSION lock_wait_timeout = 30", $"DROP DATABASE {name}"));
    }

    private static void Admin(string url, params string[] statements)
    {
        using var session = (DataTools.Databases.SqlSession)DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(url), CancellationToken.None);
        foreach (var sql in statements)
        {
            session.Run(sql, CancellationToken.None);
        }
    }
}
