using System.Data.Common;
using System.Globalization;
using DataTools.Errors;
using DuckDB.NET.Data;

namespace DataTools.Databases.DuckDb;

/// <summary>DuckDB: a database in a file, or in memory.</summary>
public sealed class DuckDbDatabase : IDatabase
{
    private const string Memory = ":memory:";

    /// <summary>
    /// The beginnings of DuckDB's messages (https://github.com/duckdb/duckdb, src/common/exception.cpp) or words within them, and what they mean; the first counts.
    /// </summary>
    private static readonly (string? Start, string Words, FaultKind Kind)[] Kinds =
    [
        (null, "No space left", FaultKind.Resources), (null, "Out of Memory", FaultKind.Resources),
        ("Constraint Error", "", FaultKind.Row), ("Conversion Error", "", FaultKind.Row), ("Out of Range Error", "", FaultKind.Row),
        ("TransactionContext Error", "PRIMARY KEY or UNIQUE", FaultKind.Row), ("TransactionContext Error", "is aborted", FaultKind.Statement), ("TransactionContext Error", "", FaultKind.Conflict),
        ("Catalog Error", "", FaultKind.NotFound), ("Permission Error", "", FaultKind.Permission), ("INTERRUPT Error", "", FaultKind.Cancelled),
        ("FATAL Error", "", FaultKind.Connection), ("Connection Error", "", FaultKind.Connection),
        (null, "set lock on file", FaultKind.Conflict), (null, "Unique file handle conflict", FaultKind.Conflict), (null, "with a different configuration", FaultKind.Conflict),
        (null, "database does not exist", FaultKind.Connection), (null, "read-only mode", FaultKind.Permission), (null, "readonly database", FaultKind.Permission), (null, "Permission denied", FaultKind.Permission),
        ("IO Error", "", FaultKind.Connection),
        // The appender's messages have no kind; what remains of them is about values.
        ("Failed to append", "", FaultKind.Row), (null, "type mismatch in AppendDataChunk", FaultKind.Row),
    ];

    private static int _memories;

    /// <inheritdoc/>
    public string Name => "DuckDb";

    /// <inheritdoc/>
    public string Description => "DuckDB files, and databases in memory";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["duckdb"];

    /// <inheritdoc/>
    public bool IsFile => true;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OptionNames { get; } = ["access_mode", "threads", "memory_limit", "temp_directory"];

    /// <inheritdoc/>
    public SqlDialect Dialect => DuckDbDialect.Instance;

    /// <inheritdoc/>
    public TypeMap Types => DuckDbTypes.Map;

    /// <inheritdoc/>
    public DatabaseAddress FromConnectionString(string text)
    {
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = text };
            var address = new DatabaseAddress(this) { Database = (string?)Take(builder, "Data Source") ?? (string?)Take(builder, "DataSource") };
            return builder.Keys!.Cast<string>().Aggregate(address, (a, key) => AddressText.With(a, key, Convert.ToString(builder[key], CultureInfo.InvariantCulture) ?? ""));
        }
        catch (ArgumentException e)
        {
            throw DataErrors.InvalidOption($"That is no connection string of DuckDB: {e.Message}");
        }
    }

    /// <summary>A database in memory gets a name, by which further connections of this process find it.</summary>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Database is { Length: > 0 } and not Memory ? address
            : address with { Database = string.Create(CultureInfo.InvariantCulture, $"{Memory}{Interlocked.Increment(ref _memories)}") };
    }

    /// <inheritdoc/>
    public DatabaseAddress ForReading(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return WouldMake(address) ? AddressText.With(address, "access_mode", "read_only") : address;
    }

    /// <inheritdoc/>
    public DatabaseAddress ForLooking(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return WouldMake(address) ? address with { Database = Memory } : address;
    }

    /// <inheritdoc/>
    public IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        DuckDBConnection? connection = null;
        try
        {
            connection = address.Database!.StartsWith(Memory, StringComparison.Ordinal) ? DuckDbMemory.Open(address.Database, ConnectionString(address, Memory)) : OpenFile(address);
            var session = new DuckDbSession(this, address, connection);
            session.Run("SET TimeZone = 'UTC'", cancellation);
            return session;
        }
        catch (Exception e) when (Classify(e) is { } fault)
        {
            connection?.Dispose();
            throw fault.ToException(address, e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DatabaseFault? Classify(Exception exception) => exception switch
    {
        DuckDBException or DuckDbException => new DatabaseFault(KindOf(exception.Message), Explained(exception.Message)),
        InvalidOperationException { Source: "DuckDB.NET.Data" } when exception.Message.Contains("parameters", StringComparison.Ordinal) => DatabaseFault.ParameterMissing,
        _ => null,
    };

    private static bool WouldMake(DatabaseAddress address) =>
        address.Database is { Length: > 0 } file && !file.StartsWith(Memory, StringComparison.Ordinal) && !File.Exists(file) && !address.Options.ContainsKey("access_mode");

    private static DuckDBConnection OpenFile(DatabaseAddress address)
    {
        var connection = new DuckDBConnection(ConnectionString(address, address.Database!));
        var taken = Query.DuckFiles.Take(address.Database!, address.Options.GetValueOrDefault("access_mode", "automatic").ToLowerInvariant());
        try
        {
            connection.Open();
            connection.StateChange += (_, e) =>
            {
                if (e.CurrentState == System.Data.ConnectionState.Closed)
                {
                    taken.Dispose();
                }
            };
            return connection;
        }
        catch
        {
            taken.Dispose();
            connection.Dispose();
            throw;
        }
    }

    private static FaultKind KindOf(string message)
    {
        const string Opening = "DuckDBOpen failed: ";
        message = message.StartsWith(Opening, StringComparison.Ordinal) ? message[Opening.Length..] : message;
        return Kinds.Where(k => (k.Start is null || message.StartsWith(k.Start, StringComparison.Ordinal)) && message.Contains(k.Words, StringComparison.OrdinalIgnoreCase))
            .Select(k => (FaultKind?)k.Kind).FirstOrDefault() ?? FaultKind.Statement;
    }

    private static string Explained(string message) =>
        message.Contains("set lock on file", StringComparison.Ordinal) ? $"Another process has the file open, and DuckDB lets no other in while one may write. With ?access_mode=read_only several processes read it at once. ({message})" : message;

    private static string ConnectionString(DatabaseAddress address, string source)
    {
        var builder = new DbConnectionStringBuilder { ["Data Source"] = source };
        foreach (var (name, value) in address.Options)
        {
            builder[name] = value;
        }

        return builder.ConnectionString;
    }

    private static object? Take(DbConnectionStringBuilder builder, string key)
    {
        if (builder.TryGetValue(key, out var value))
        {
            builder.Remove(key);
        }

        return value;
    }
}

/// <summary>What DuckDB says where no exception of its driver carries it.</summary>
internal sealed class DuckDbException(string message) : DbException(message);
