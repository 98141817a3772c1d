using DataTools.Errors;
using Microsoft.Data.Sqlite;

namespace DataTools.Databases.Sqlite;

/// <summary>SQLite: a database in a file, or in memory.</summary>
public sealed class SqliteDatabase : IDatabase
{
    private const int BusySeconds = 30;

    /// <inheritdoc/>
    public string Name => "Sqlite";

    /// <inheritdoc/>
    public string Description => "SQLite files (3.x), and databases in memory";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["sqlite"];

    /// <inheritdoc/>
    public bool IsFile => true;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OptionNames { get; } = ["mode", "foreign_keys"];

    /// <inheritdoc/>
    public TypeMap Types => SqliteTypes.Map;

    /// <inheritdoc/>
    public SqlDialect Dialect => SqliteDialect.Instance;

    /// <inheritdoc/>
    public DatabaseAddress FromConnectionString(string text)
    {
        try
        {
            var builder = new SqliteConnectionStringBuilder(text);
            var address = new DatabaseAddress(this)
            {
                Database = builder.DataSource,
                Password = builder.Password.Length == 0 ? null : new Secret(builder.Password),
                ConnectTimeout = builder.ContainsKey("Default Timeout") ? TimeSpan.FromSeconds(builder.DefaultTimeout) : null,
            };
            address = builder.Mode == SqliteOpenMode.ReadWriteCreate ? address : AddressText.With(address, "mode", builder.Mode.ToString());
            return builder.ForeignKeys is { } keys ? AddressText.With(address, "foreign_keys", keys.ToString()) : address;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw DataErrors.InvalidOption($"That is no connection string of SQLite: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public DatabaseAddress Complete(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.IsNullOrEmpty(address.Database) ? throw DataErrors.InvalidOption("A URL of SQLite names a file, as in sqlite:shop.db, or sqlite::memory:.") : address;
    }

    /// <inheritdoc/>
    public DatabaseAddress ForReading(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // Not "ro": a reader of a file with a write-ahead log writes to its index.
        return address.Options.ContainsKey("mode") || address.Database?.StartsWith(':') == true ? address : AddressText.With(address, "mode", "rw");
    }

    /// <inheritdoc/>
    public DatabaseAddress ForLooking(DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // In a folder that is not there nothing would be made.
        var reading = ForReading(address);
        return reading == address || File.Exists(address.Database) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(address.Database!))) ? reading : AddressText.With(address, "mode", nameof(SqliteOpenMode.Memory));
    }

    /// <inheritdoc/>
    public IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = address.Database,
            Pooling = false,
            Mode = Mode(address),
            ForeignKeys = address.Options.TryGetValue("foreign_keys", out var keys) ? !keys.Equals("false", StringComparison.OrdinalIgnoreCase) : true,
            DefaultTimeout = (int)(address.ConnectTimeout?.TotalSeconds ?? BusySeconds),
        };
        if (address.Password is { } password)
        {
            builder.Password = password.Reveal();
        }

        var connection = new SqliteConnection(builder.ConnectionString);
        try
        {
            connection.Open();
            var session = new SqliteSession(this, address, connection);
            // A file that is no database shows only when it is read.
            session.Query("PRAGMA schema_version", r => r.GetInt64(0), cancellation);
            return session;
        }
        catch (Exception e) when (Classify(e) is { } fault)
        {
            connection.Dispose();
            throw fault.ToException(address, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DatabaseFault? Classify(Exception exception) => exception switch
    {
        SqliteException error => new DatabaseFault(KindOf(error), error.Message) { Code = $"{error.SqliteExtendedErrorCode}" },
        InvalidOperationException { Source: "Microsoft.Data.Sqlite" } error when error.Message.Contains("parameters", StringComparison.Ordinal) => DatabaseFault.ParameterMissing,
        _ => null,
    };

    private static FaultKind KindOf(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_TOOBIG => FaultKind.Row,
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => FaultKind.Conflict,
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_IOERR => FaultKind.Connection,
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_AUTH => FaultKind.Permission,
        SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_NOMEM => FaultKind.Resources,
        SQLitePCL.raw.SQLITE_INTERRUPT => FaultKind.Cancelled,
        _ => FaultKind.Statement,
    };

    private static SqliteOpenMode Mode(DatabaseAddress address) =>
        !address.Options.TryGetValue("mode", out var mode) ? SqliteOpenMode.ReadWriteCreate
        : Enum.TryParse<SqliteOpenMode>(mode, ignoreCase: true, out var known) ? known
        : mode.ToUpperInvariant() switch
        {
            "RO" => SqliteOpenMode.ReadOnly,
            "RW" => SqliteOpenMode.ReadWrite,
            "RWC" => SqliteOpenMode.ReadWriteCreate,
            _ => throw DataErrors.InvalidOption($"mode is '{mode}'; it takes ReadOnly, ReadWrite, ReadWriteCreate or Memory."),
        };
}
