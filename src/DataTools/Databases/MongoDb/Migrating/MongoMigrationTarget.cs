using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>Migrations of MongoDB: their statements are commands as JSON, and one that changes the documents of a collection in batches (<see cref="CollectionMigration"/>).</summary>
internal sealed class MongoMigrationTarget(MongoSession session, string history) : MigrationTarget(session)
{
    private const string Hint = "A statement for MongoDB is a command as JSON, such as { \"createIndexes\": \"users\", \"indexes\": [ { \"key\": { \"email\": 1 }, \"name\": \"email\" } ] }";
    private const int DefaultBatch = 1000;

    /// <summary>What these do a second time changes nothing.</summary>
    private static readonly string[] Repeatable = [CollectionMigration.Command, "createIndexes", "collMod"];

    private readonly string _lockName = history + "_lock";
    private readonly MongoHistory _history = new(session, history);

    public override string HistoryName => history;

    public override bool HasTransactions => false;

    public override bool FillsInTransactions => false;

    public override string CreateHistory => MongoJson.Text(new BsonDocument("create", history));

    /// <summary>The commands. What is wrong with one is found before the first of them runs.</summary>
    public override IReadOnlyList<SqlStatement> Split(string text, string source, int line)
    {
        var commands = JsonMigration.Split(text, source, line);
        foreach (var command in commands)
        {
            try
            {
                CollectionMigration.Of(Parse(command.Text));
            }
            catch (DataException e)
            {
                throw DataErrors.MigrationMalformed(source, command.Line, e.Message.TrimEnd('.'));
            }
        }

        return commands;
    }

    public override StatementPlace PlaceOf(string statement) => StatementPlace.Inside;

    public override IReadOnlyList<MigrationRecord>? ReadHistory(CancellationToken cancellation) => _history.Read(cancellation);

    public override string? ReadDownText(string id, CancellationToken cancellation) => _history.ReadDownText(id, cancellation);

    public override void Save(MigrationRecord record, bool isNew, CancellationToken cancellation) => _history.Save(record, isNew, cancellation);

    public override string SaveText(MigrationRecord record, bool isNew) => MongoJson.Text(_history.SaveCommand(record, isNew));

    public override void Run(string statement, CancellationToken cancellation) => MongoCommands.Run(session, Parse(statement), cancellation);

    /// <summary>Reads from the primary, as commands do, and no more than one document.</summary>
    public override string? FirstRow(string query, CancellationToken cancellation)
    {
        var command = Parse(query);
        switch (command.GetElement(0).Name)
        {
            case "find":
                command["limit"] = 1;
                command["singleBatch"] = true;
                break;
            case "aggregate" when command.GetValue("pipeline", null) is BsonArray pipeline:
                command["pipeline"] = new BsonArray(pipeline) { new BsonDocument("$limit", 1) };
                break;
            default:
                throw DataErrors.InvalidOption($"A verification is a find or an aggregate, and must give no documents: {Reject.Shorten(query)}");
        }

        return MongoCommands.Run(session, command, cancellation)["cursor"]["firstBatch"].AsBsonArray is [var first, ..] ? MongoJson.Text(first.AsBsonDocument) : null;
    }

    /// <summary>The server's own locks are short, and nobody waits for them long.</summary>
    public override void LimitLocks(TimeSpan? limit, CancellationToken cancellation)
    {
    }

    public override IEnumerable<string> LimitLocksText(TimeSpan? limit) => [];

    public override RunnerLock OpenLock(CancellationToken cancellation) => new MongoLock(session, _lockName, MongoLock.DefaultLease, cancellation);

    public override StatementBatches? OpenBatches(string statement, int? size, string? cursor, CancellationToken cancellation) =>
        CollectionMigration.Of(Parse(statement)) is { } migration ? CollectionBatches.Open(session, migration, statement, size ?? DefaultBatch, cursor, cancellation) : null;

    /// <summary>A server that ceases to be primary may do so in the middle of a command.</summary>
    public override bool IsOutcomeUnknown(DataException error) => base.IsOutcomeUnknown(error) || error.InnerException is MongoNodeIsRecoveringException;

    public override bool IsRepeatable(string statement) => statement.StartsWith('{') && Repeatable.Contains(Parse(statement).GetElement(0).Name);

    public override string? WayBack(IReadOnlyList<SqlStatement> statements) => CommandInverse.Migration(session, [.. statements.Select(s => Parse(s.Text))]);

    /// <summary>golang-migrate keeps a document of the fields that its tables have as columns.</summary>
    public override IReadOnlyList<string[]> ReadForeign(string table, IReadOnlyList<string> columns, string? order, CancellationToken cancellation)
    {
        if (CollectionCatalog.Entry(session, new TableName(null, table), cancellation) is null)
        {
            throw DataErrors.TableNotFound(table, session.Address.ToString());
        }

        var command = new BsonDocument("find", table);
        var documents = MongoCommands.Documents(session, order is null ? command : command.Add("sort", new BsonDocument(order, 1)), cancellation);
        return [.. documents.Select(d => columns.Select(c => d.GetValue(c, "").ToString()!).ToArray())];
    }

    public override DatabaseSchema ReadSchema(CancellationToken cancellation) =>
        new([]) { Others = [.. CollectionObjects.List(session, name => name != history && name != _lockName && !SchemaModel.IsBookkeeping(new TableName(null, name)), cancellation)] };

    /// <summary>Commands, one a line, as Invoke-DataQuery takes them.</summary>
    public override string SchemaText(DatabaseSchema schema) => string.Concat(schema.Others.Select(o => o.Definition + "\n"));

    /// <summary>A script is commands, one a line, as Invoke-DataQuery takes them.</summary>
    public override string ScriptComment(string text) => "";

    public override string ScriptStatement(string statement) => CollectionMigration.Of(Parse(statement)) is { } migration
        ? throw DataErrors.InvalidOption($"\"{CollectionMigration.Command}\" reads the documents of '{migration.Collection}' and changes them in batches, which is no command that a script could hold; Invoke-DataMigration runs it.")
        : statement + "\n";

    internal static BsonDocument Parse(string statement) =>
        MongoJson.Document(statement, Hint) is { ElementCount: > 0 } command ? command : throw DataErrors.InvalidOption($"{Hint}.");
}
