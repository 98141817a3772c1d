namespace DataTools.Databases;

/// <summary>A kind of database. A new one is a folder beside this file and a line in <see cref="KnownDatabases"/>.</summary>
public interface IDatabase
{
    /// <summary>The name that users give it: PostgreSql, Sqlite.</summary>
    string Name { get; }

    /// <summary>One line for the documentation.</summary>
    string Description { get; }

    /// <summary>The schemes of its URLs; the first is the one to show.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>Whether a database is a file, so that a URL holds a path in place of a server.</summary>
    bool IsFile => false;

    /// <summary>The options of a URL besides those that all databases have (<see cref="DatabaseAddress"/>).</summary>
    IReadOnlyCollection<string> OptionNames { get; }

    /// <summary>The finest difference between two points in time that it can hold, in microseconds.</summary>
    long TimestampUnit => 1;

    /// <summary>The key that it gives to every row by itself, whether the rows have one or not; null for none.</summary>
    string? OwnKey => null;

    /// <summary>What it has; all of it for a relational database.</summary>
    DatabaseFeatures Features => DatabaseFeatures.Relational;

    /// <summary>Its types and ours, both ways.</summary>
    TypeMap Types { get; }

    /// <summary>How it writes SQL; null for one that has none.</summary>
    SqlDialect? Dialect => null;

    /// <summary>Reads a connection string of its driver.</summary>
    DatabaseAddress FromConnectionString(string text);

    /// <summary>
    /// Fills in what the address leaves out from the environment and the password files that the database's own tools use.
    /// </summary>
    DatabaseAddress Complete(DatabaseAddress address);

    /// <summary>The address for one who only reads: a file that is not there is not made.</summary>
    DatabaseAddress ForReading(DatabaseAddress address) => address;

    /// <summary>The address for one who only asks what would be done: in the place of a file that would be made is an empty database in memory.</summary>
    DatabaseAddress ForLooking(DatabaseAddress address) => ForReading(address);

    /// <summary>
    /// Opens a connection to a complete address; a wrong password, an unknown host and the like are a <see cref="Errors.DataException"/>. One try: the
    /// caller tries again after what passes by itself.
    /// </summary>
    IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation);

    /// <summary>What an exception of the driver means; null where it is not one of the driver's.</summary>
    DatabaseFault? Classify(Exception exception);
}
