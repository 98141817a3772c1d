using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.MongoDb.Ledgers;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Databases.MongoDb.Migrating;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Schemas;
using DataTools.Transfer;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace DataTools.Databases.MongoDb;

/// <summary>A connection to MongoDB. The driver keeps connections of its own below it, so that several commands can use it at once.</summary>
internal sealed class MongoSession(MongoDatabase kind, DatabaseAddress address, MongoClient client, string version) : ILedgerSession, ISampledSchemas, IKeyRanges, IMigrationSession
{
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(5);

    private IClientSessionHandle? _transaction;

    public IDatabase Database => kind;

    public DatabaseAddress Address => address;

    public string Version => version;

    public bool IsOpen { get; private set; } = true;

    public bool IsShared => !InTransaction;

    public bool IsExclusive => false;

    public bool InTransaction => _transaction is not null;

    public IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => CollectionCatalog.List(this, cancellation);

    public TableSchema? FindTable(TableName name, CancellationToken cancellation) => FindTable(name, new SampleSize(), cancellation);

    public TableSchema? FindTable(TableName name, SampleSize sample, CancellationToken cancellation) => CollectionCatalog.Find(this, name, sample, cancellation);

    public IReadOnlyList<KeyRange> CutRanges(TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation) =>
        CollectionReading.Cut(this, table, count, columns, cancellation);

    public IBatchReader Read(TableQuery query, DatabaseContext context) => DocumentReader.Open(this, query, context);

    public ITableWriter OpenWriter(TableName table, Schema schema, TableWriteOptions options, DatabaseContext context) =>
        MongoWriter.Open(this, table, schema, options, context);

    public IEnumerable<StatementResult> Execute(string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context) =>
        MongoStatements.Run(this, statements, parameters, context);

    public MigrationTarget OpenMigrations(string history) => new MongoMigrationTarget(this, history);

    public ILedger OpenLedger(string name) => new LedgerCollection(this, name);

    public LedgerSteps LedgerSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump) => new CollectionSteps(plan, options, context, pump);

    public void Begin()
    {
        if (client.Cluster.Description.Type == ClusterType.Standalone)
        {
            throw DataErrors.InvalidOption("A standalone server of MongoDB has no transactions; a replica set has, even one of a single server.");
        }

        _transaction = this.Guarded(() =>
        {
            var session = client.StartSession();
            session.StartTransaction();
            return session;
        });
    }

    public void Commit() => End(t => t.CommitTransaction());

    public void Rollback() => End(t => t.AbortTransaction());

    public void Dispose()
    {
        if (IsOpen)
        {
            IsOpen = false;
            _transaction?.Dispose();
            _transaction = null;
            MongoConnector.Close(client);
        }
    }

    /// <summary>The database of a name, or the one that the address names.</summary>
    public IMongoDatabase In(string? database) => client.GetDatabase(database ?? address.Database);

    /// <summary>A collection whose documents are bytes.</summary>
    public IMongoCollection<RawDocument> Collection(TableName name) => In(name.Schema).GetCollection<RawDocument>(name.Name, new MongoCollectionSettings { AssignIdOnInsert = false });

    /// <summary>Runs a command, and gives its reply.</summary>
    public BsonDocument Run(string? database, BsonDocument command, CancellationToken cancellation) => this.Guarded(
        () => _transaction is null
            ? In(database).RunCommand<BsonDocument>(command, cancellationToken: cancellation)
            : In(database).RunCommand<BsonDocument>(_transaction, command, cancellationToken: cancellation),
        cancellation);

    /// <summary>Begins to read documents.</summary>
    public IAsyncCursor<RawDocument> Find(TableName name, BsonDocument filter, FindOptions<RawDocument, RawDocument> options, CancellationToken cancellation)
    {
        options.MaxTime ??= address.CommandTimeout;
        return this.Guarded(
            () => _transaction is null ? Collection(name).FindSync(filter, options, cancellation) : Collection(name).FindSync(_transaction, filter, options, cancellation), cancellation);
    }

    /// <summary>Begins to read what a pipeline gives.</summary>
    public IAsyncCursor<RawDocument> Aggregate(TableName name, IEnumerable<BsonDocument> stages, AggregateOptions options, CancellationToken cancellation)
    {
        options.MaxTime ??= address.CommandTimeout;
        var pipeline = PipelineDefinition<RawDocument, RawDocument>.Create(stages);
        return this.Guarded(
            () => _transaction is null ? Collection(name).Aggregate(pipeline, options, cancellation) : Collection(name).Aggregate(_transaction, pipeline, options, cancellation), cancellation);
    }

    /// <summary>Begins to read what a pipeline of the database itself gives.</summary>
    public IAsyncCursor<RawDocument> Aggregate(IEnumerable<BsonDocument> stages, AggregateOptions options, CancellationToken cancellation)
    {
        var pipeline = PipelineDefinition<NoPipelineInput, RawDocument>.Create(stages);
        return this.Guarded(() => _transaction is null ? In(null).Aggregate(pipeline, options, cancellation) : In(null).Aggregate(_transaction, pipeline, options, cancellation), cancellation);
    }

    /// <summary>
    /// Writes in any order: what is wrong with one document does not keep the others. The driver's errors come as they are. What is on its way when the run is cancelled
    /// gets a moment to arrive: the server may carry it out after all, and what is then taken back or dropped would come again.
    /// </summary>
    public BulkWriteResult<RawDocument> Write(TableName name, IReadOnlyList<WriteModel<RawDocument>> writes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var options = new BulkWriteOptions { IsOrdered = false };
        using var late = new CancellationTokenSource();
        using var stop = cancellation.Register(() => late.CancelAfter(Arrival));
        return _transaction is null ? Collection(name).BulkWrite(writes, options, late.Token) : Collection(name).BulkWrite(_transaction, writes, options, late.Token);
    }

    /// <summary>Writes as <see cref="Write"/> does, and gives what the server refused in the order in which it came.</summary>
    public IReadOnlyList<BulkWriteError> TryWrite(TableName name, IReadOnlyList<WriteModel<RawDocument>> writes, CancellationToken cancellation)
    {
        try
        {
            this.Guarded(() => Write(name, writes, cancellation), cancellation);
            return [];
        }
        catch (DataException e) when (e.InnerException is MongoBulkWriteException { WriteConcernError: null, WriteErrors: { Count: > 0 } errors })
        {
            return [.. errors.OrderBy(w => w.Index)];
        }
    }

    /// <summary>Drops a collection, if there is one of the name.</summary>
    public void Drop(TableName name) => this.Guarded(() =>
    {
        In(name.Schema).DropCollection(name.Name);
        return true;
    });

    /// <summary>Gives a collection the name of another, also of one that is there, which is dropped.</summary>
    public void Rename(TableName from, TableName to, bool replaces, CancellationToken cancellation)
    {
        var database = to.Schema ?? address.Database;
        Run("admin", new BsonDocument { { "renameCollection", $"{database}.{from.Name}" }, { "to", $"{database}.{to.Name}" }, { "dropTarget", replaces } }, cancellation);
    }

    private void End(Action<IClientSessionHandle> end)
    {
        using var transaction = _transaction;
        _transaction = null;
        if (transaction is not null)
        {
            this.Guarded(() =>
            {
                end(transaction);
                return true;
            });
        }
    }
}
