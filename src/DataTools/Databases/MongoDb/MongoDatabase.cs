using DataTools.Databases.MongoDb.Migrating;
using DataTools.Errors;

namespace DataTools.Databases.MongoDb;

/// <summary>MongoDB 4.4 and later. The driver is loaded when a connection is opened.</summary>
public sealed class MongoDatabase : IDatabase, IStatementInverses
{
    /// <inheritdoc/>
    public string Name => MongoTypes.Name;

    /// <inheritdoc/>
    public string Description => "MongoDB 4.4 and later: standalone servers, replica sets and clusters";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["mongodb", "mongodb+srv"];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OptionNames => MongoConnector.OptionNames;

    /// <inheritdoc/>
    public long TimestampUnit => 1000;

    /// <inheritdoc/>
    public string? OwnKey => CollectionCatalog.Id;

    /// <inheritdoc/>
    public DatabaseFeatures Features => DatabaseFeatures.None;

    /// <inheritdoc/>
    public TypeMap Types => MongoTypes.Map;

    /// <inheritdoc/>
    public DatabaseAddress FromConnectionString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AddressText.IsUrl(text) ? AddressText.Parse(text, this) : throw DataErrors.InvalidOption("A connection string of MongoDB is a URL: mongodb://user@host/database.");
    }

    /// <inheritdoc/>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.IsNullOrEmpty(address.Database)
            ? throw DataErrors.InvalidOption("A URL of MongoDB names the database: mongodb://user@host/database. Where users are kept in another one, as in most installations, ?authSource=admin says so.")
            : address with { Host = address.Host ?? "localhost" };
    }

    /// <inheritdoc/>
    public IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        return MongoConnector.Open(this, address, cancellation);
    }

    /// <inheritdoc/>
    public bool HasInverse(string statement) => CommandInverse.IsKnown(MongoMigrationTarget.Parse(statement));

    /// <inheritdoc/>
    public DatabaseFault? Classify(Exception exception) => MongoFaults.Classify(exception);
}
