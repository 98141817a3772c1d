using DataTools.Databases;
using DataTools.Databases.MongoDb;
using DataTools.Migrations;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>A database and a folder of migrations for one test; on a server of its own where the test interferes with it.</summary>
internal sealed class MongoBox : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestDatabase? _database;

    internal MongoBox(WireServer? server = null, string options = "")
    {
        _database = server is null ? TestDatabase.Make("MongoDb") : null;
        Url = _database?.Url ?? $"mongodb://127.0.0.1:{server!.Port}/shop{options}";
        Session = Open();
    }

    internal string Url { get; }

    internal string Folder => _folder.Path;

    internal MongoSession Session { get; }

    internal MigrationRunOptions Options { get; set; } = MigrationRunOptions.Default with { LockWait = TimeSpan.FromSeconds(20) };

    internal MigrationEngine Engine => EngineOf(Session);

    internal MongoSession Open() => (MongoSession)Connector.Open(AddressText.Parse(Url), CancellationToken.None);

    internal MigrationEngine EngineOf(MongoSession session) => new(MigrationTarget.Of(session), MigrationFolder.Read(Folder), Options);

    internal static string Id(int number) => $"20260101T{number:000000}";

    internal string Write(int number, string name, string text, string extension = "json") => _folder.Write($"{Id(number)}_{name}.{extension}", text);

    internal List<MigrationInfo> Invoke(string? to = null) => [.. Engine.Invoke(to, CancellationToken.None)];

    internal List<MigrationInfo> Undo(int steps = 1) => [.. Engine.Undo(null, steps, CancellationToken.None)];

    internal List<string> Status() => [.. Engine.List(CancellationToken.None).Select(i => $"{i.Name} {i.Status}")];

    /// <summary>Runs commands.</summary>
    internal void Run(string commands) => MongoJson.Documents(commands, "commands").ForEach(c => MongoCommands.Run(Session, c, CancellationToken.None));

    /// <summary>The documents of a collection by their _id, as JSON without white space, fields in the order of their names.</summary>
    internal string Ask(string collection, string filter = "{}") => string.Join(
        " ",
        MongoCommands.Documents(Session, new BsonDocument { { "find", collection }, { "filter", BsonDocument.Parse(filter) }, { "sort", new BsonDocument("_id", 1) } }, CancellationToken.None)
            .Select(d => Sorted(d).ToJson(new JsonWriterSettings { OutputMode = JsonOutputMode.RelaxedExtendedJson }).Replace(" ", "", StringComparison.Ordinal)));

    internal int Count(string collection, string filter) => Ask(collection, filter) is { Length: > 0 } found ? found.Split(' ').Length : 0;

    internal bool Has(string collection) => CollectionCatalog.Entry(Session, new DataTools.Schemas.TableName(null, collection), CancellationToken.None) is not null;

    internal List<string> Indexes(string collection) => [.. CollectionCatalog.IndexDefinitions(Session, new DataTools.Schemas.TableName(null, collection), CancellationToken.None).Select(i => i["name"].AsString)];

    private static BsonDocument Sorted(BsonDocument document) =>
        new(document.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => new BsonElement(e.Name, e.Value is BsonDocument inner ? Sorted(inner) : e.Value)));

    public void Dispose()
    {
        Session.Dispose();
        _database?.Dispose();
        _folder.Dispose();
    }
}
