using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>A connection to a MySQL or MariaDB server.</summary>
internal sealed class MySqlSession : SqlSession
{
    /// <summary>
    /// The server's own modes, without those that change what texts mean or how they are read, and with those that make an error of a value that does not fit.
    /// Numbers of 0 are values, and no request for the next number.
    /// </summary>
    private const string Setup =
        """
        SET NAMES utf8mb4;
        SET SESSION sql_mode = CONCAT(REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'PAD_CHAR_TO_FULL_LENGTH', ''),
            ',STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'), time_zone = '+00:00', net_write_timeout = 3600, net_read_timeout = 3600;
        SELECT VERSION(), @@character_set_database, @@local_infile, @@max_allowed_packet, @@lower_case_table_names;
        """;

    /// <summary>Statements that servers do not prepare.</summary>
    private static readonly int[] NotPreparable = [1295, 1064, 1461];

    private readonly MySqlConnection _connection;
    private TableName? _pendingEmpty;

    private MySqlSession(MySqlDatabase database, DatabaseAddress address, MySqlConnection connection, MySqlServer server)
        : base(database, address, connection, new MySqlDialect(server))
    {
        _connection = connection;
        Server = server;
        Types = server.HasJson ? database.Types : MySqlTypes.WithoutJson(database.Types);
    }

    /// <summary>What the server is and allows.</summary>
    public MySqlServer Server { get; }

    /// <summary>The driver's connection.</summary>
    public MySqlConnection Driver => _connection;

    public override IServerHashes? Hashes => MySqlHashes.Instance;

    public override string Version => _connection.ServerVersion;

    public override TypeMap Types { get; }

    /// <summary>Prepares an open connection: UTF-8, UTC, and errors where values do not fit.</summary>
    public static MySqlSession Start(MySqlDatabase database, DatabaseAddress address, MySqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Setup;
        using var reader = command.ExecuteReader();
        reader.Read();
        var server = new MySqlServer(
            reader.GetString(0),
            reader.IsDBNull(1) ? "" : reader.GetString(1),
            Convert.ToInt64(reader.GetValue(2), CultureInfo.InvariantCulture) != 0,
            Convert.ToInt64(reader.GetValue(3), CultureInfo.InvariantCulture),
            Convert.ToInt64(reader.GetValue(4), CultureInfo.InvariantCulture) != 0);
        return new MySqlSession(database, address, connection, server);
    }

    public override IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => MySqlCatalog.List(this, cancellation);

    public override TableSchema? FindTable(TableName name, CancellationToken cancellation) => MySqlCatalog.Find(this, name, cancellation);

    public override IReadOnlyList<DatabaseObject> ListOthers(CancellationToken cancellation) => MySqlCatalog.ListOthers(this, cancellation);

    public override string? DefaultSchema(CancellationToken cancellation) => Query("SELECT DATABASE()", r => r.IsDBNull(0) ? null : r.GetString(0), cancellation)[0];

    /// <summary>With the character set of this session's database.</summary>
    public override string CreateDatabase(string name, CancellationToken cancellation) =>
        base.CreateDatabase(name, cancellation) + Query("SELECT CONCAT(' CHARACTER SET ', @@character_set_database, ' COLLATE ', @@collation_database)", r => r.GetString(0), cancellation)[0];

    public override IBulkLoader OpenLoader(LoadTarget target) => MySqlLoader.Open(this, target);

    /// <summary>Rows come by the binary protocol of prepared statements, which alone gives floats as they are.</summary>
    public override IBatchReader Read(TableQuery query, DatabaseContext context)
    {
        var found = query.Table is null ? [] : FindColumns(query, context.Cancellation);
        var schema = query.Table is null ? null : ToSchema(found.Select(c => (c.Name, c.NativeType, c.Nullable)), query, context.Warn);
        var text = query.Text ?? SelectText(query, found.Select((c, i) => MySqlValues.Expression(c, DataTypes.Of(schema!.GetFieldByIndex(i)), Dialect)));
        var command = NewCommand(text, query.Parameters);
        return Guard(
            () =>
            {
                Prepare(command);
                return new SqlReader(this, command, query, context, schema);
            },
            context.Cancellation);
    }

    /// <summary>Whether a table is to be emptied when its new rows are known to be good.</summary>
    public bool HasPendingEmpty => _pendingEmpty is not null;

    /// <summary>What a transaction could not undo waits until the rows that come in its place are good.</summary>
    public override void Empty(TableSchema table, CancellationToken cancellation)
    {
        if (MySqlCatalog.IsTransactional(this, table.Name))
        {
            base.Empty(table, cancellation);
        }
        else
        {
            _pendingEmpty = table.Name;
        }
    }

    /// <summary>Deletes the rows of the table that waits for it.</summary>
    public void EmptyPending(CancellationToken cancellation)
    {
        if (_pendingEmpty is { } table)
        {
            _pendingEmpty = null;
            Run(Dialect.Empty(table), cancellation);
        }
    }

    public override bool CanSwap(TableSchema table, CancellationToken cancellation) => MySqlCatalog.IsFree(this, table, cancellation);

    public override void CreateLike(TableSchema table, TableName name, CancellationToken cancellation) =>
        Run($"CREATE TABLE {Dialect.Quote(name)} LIKE {Dialect.Quote(table.Name)}", cancellation);

    /// <summary>Both names change at once.</summary>
    public override void Swap(TableSchema old, TableName staging, CancellationToken cancellation)
    {
        var gone = old.Name with { Name = $"{staging.Name}_old" };
        Run($"RENAME TABLE {Dialect.Quote(old.Name)} TO {Dialect.Quote(gone)}, {Dialect.Quote(staging)} TO {Dialect.Quote(old.Name)}", cancellation);
        Run(Dialect.Drop(gone), cancellation);
    }

    /// <summary>The columns come with their character sets and collations, so that keys are the same as in the table.</summary>
    public override void CreateStaging(TableSchema table, TableName staging, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellation) =>
        Run(
            $"CREATE TEMPORARY TABLE {Dialect.Quote(staging)} ({Dialect.Quote(MergePlan.Ordinal)} BIGINT) ENGINE = InnoDB SELECT {Dialect.List(columns.Select(c => c.Name))} FROM {Dialect.Quote(table.Name)} LIMIT 0",
            cancellation);

    public override long RemoveDuplicates(MergePlan plan, CancellationToken cancellation)
    {
        Run(((MySqlDialect)Dialect).KeepOfDuplicates(plan), cancellation);
        var removed = base.RemoveDuplicates(plan, cancellation);
        Run(Dialect.Drop(MySqlDialect.KeepTable(plan), temporary: true), cancellation);
        return removed;
    }

    protected internal override Func<bool>? ReaderOf(ColumnBuilder builder, DbDataReader reader, int column) => MySqlValues.ReaderOf(builder, (MySqlDataReader)reader, column);

    protected override string NativeTypeOf(DbColumn column) => MySqlColumns.NativeType((MySqlDbColumn)column, Server);

    protected override object ToParameter(object? value) => value switch
    {
        DateTime { Kind: DateTimeKind.Local } time => time.ToUniversalTime(),
        DateTimeOffset time => time.UtcDateTime,
        Guid or BigInteger or System.Data.SqlTypes.SqlDecimal => DataTypes.TextOf(value)!,
        object?[] => throw DataErrors.ParameterUnfit("value", value),
        _ => base.ToParameter(value),
    };

    /// <summary>LOAD DATA is no command of the driver's, which cancels those alone.</summary>
    protected override void Interrupt(Action? driver)
    {
        if (driver is not null)
        {
            driver();
            return;
        }

        using var other = MySqlDatabase.Beside(Address);
        using var kill = new MySqlCommand(string.Create(CultureInfo.InvariantCulture, $"KILL QUERY {_connection.ServerThread}"), other);
        kill.ExecuteNonQuery();
    }

    /// <summary>To undo many rows takes the server its time, and it answers others meanwhile, be it that it has no room for them.</summary>
    protected override bool IsAlive()
    {
        try
        {
            MySqlDatabase.Beside(Address).Dispose();
            return true;
        }
        catch (MySqlException e)
        {
            return MySqlFaults.Classify(e) is { Kind: not (FaultKind.Connection or FaultKind.Timeout) };
        }
    }

    protected override void Name(DbParameter parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.ParameterName = $"@{name}";
    }

    private static void Prepare(DbCommand command)
    {
        try
        {
            command.Prepare();
        }
        catch (MySqlException e) when (NotPreparable.Contains(e.Number))
        {
            // What the protocol of text may run all the same; if it is wrong, running it says so.
        }
    }
}

/// <summary>What a server is and allows.</summary>
/// <param name="Version">Its version as it tells it: <c>10.11.6-MariaDB</c>, <c>8.0.36</c>.</param>
/// <param name="Charset">The character set of tables that are made in the database; empty without a database.</param>
/// <param name="AllowsLocal">Whether it takes LOAD DATA LOCAL.</param>
/// <param name="MaxPacket">The most bytes of a statement.</param>
/// <param name="IgnoresCase">Whether the case of tables' names does not count.</param>
internal sealed record MySqlServer(string Version, string Charset, bool AllowsLocal, long MaxPacket, bool IgnoresCase)
{
    /// <summary>Whether it is MariaDB.</summary>
    public bool IsMariaDb { get; } = Version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it has the type json, be it another name of longtext.</summary>
    public bool HasJson => IsMariaDb ? Number >= new Version(10, 2, 7) : Number >= new Version(5, 7, 8);

    /// <summary>Whether it keeps checks; older ones read and forget them.</summary>
    public bool HasChecks => IsMariaDb ? Number >= new Version(10, 2, 1) : Number >= new Version(8, 0, 16);

    /// <summary>Whether a default may be an expression.</summary>
    public bool HasDefaultExpressions => IsMariaDb ? Number >= new Version(10, 2, 1) : Number >= new Version(8, 0, 13);

    /// <summary>The collation that tells apart what differs in a bit or in spaces at the end; those of old servers pass over the spaces.</summary>
    public string ExactCollation => IsMariaDb && Number >= new Version(10, 2, 2) ? "utf8mb4_nopad_bin" : !IsMariaDb && Number >= new Version(8, 0, 17) ? "utf8mb4_0900_bin" : "utf8mb4_bin";

    /// <summary>The bytes that the columns of one key may have together.</summary>
    public int MaxKeyBytes => (IsMariaDb ? Number >= new Version(10, 2, 2) : Number >= new Version(5, 7, 7)) ? 3072 : 767;

    /// <summary>A server of our time, for tables that are not yet made on one.</summary>
    public static MySqlServer OfToday(bool isMariaDb) => new(isMariaDb ? "11.4.0-MariaDB" : "8.4.0", "latin1", AllowsLocal: true, 0, IgnoresCase: false);

    /// <summary>Whether text of any kind fits into tables that are made in the database.</summary>
    public bool DatabaseIsUtf8 => Charset == "utf8mb4";

    private Version Number => System.Version.TryParse(new string([.. Version.Replace("5.5.5-", "", StringComparison.Ordinal).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]), out var number) ? number : new Version(5, 6);
}
