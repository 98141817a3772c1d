using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;
using Npgsql;
using Npgsql.Schema;

namespace DataTools.Databases.PostgreSql;

/// <summary>A connection to a PostgreSQL server.</summary>
internal sealed class PostgresSession(PostgresDatabase database, DatabaseAddress address, NpgsqlConnection connection)
    : SqlSession(database, address, connection, PostgresDialect.Instance), ISnapshots, IRowRelay
{
    /// <summary>The server's process, by which another connection can interrupt it.</summary>
    private readonly int _process = connection.ProcessID;

    /// <summary>The driver's connection.</summary>
    public NpgsqlConnection Driver => connection;

    public override string Version => connection.PostgreSqlVersion.ToString();

    public override IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => PostgresCatalog.List(this, cancellation);

    public override TableSchema? FindTable(TableName name, CancellationToken cancellation) => PostgresCatalog.Find(this, name, cancellation);

    public override string? DefaultSchema(CancellationToken cancellation) => Query("SELECT current_schema()::text", r => r.IsDBNull(0) ? null : r.GetString(0), cancellation)[0];

    public override IReadOnlyList<DomainSchema> ListDomains(CancellationToken cancellation) => PostgresCatalog.ListDomains(this, cancellation);

    public override IReadOnlyList<string> MissingTypes(IReadOnlyCollection<string> types, CancellationToken cancellation) =>
        types.Count == 0 ? [] : Query("SELECT t FROM unnest($1) t WHERE to_regtype(t) IS NULL", r => r.GetString(0), cancellation, (object)types.ToArray());

    public override IReadOnlyList<string> UsersOfDropped(SchemaComparison comparison, CancellationToken cancellation) => PostgresDependents.Of(this, comparison, cancellation);

    public override IReadOnlyList<EnumSchema> ListEnums(CancellationToken cancellation) => PostgresCatalog.ListEnums(this, cancellation);

    public override IReadOnlyList<DatabaseObject> ListOthers(CancellationToken cancellation) => PostgresCatalog.ListOthers(this, cancellation);

    public override IBulkLoader OpenLoader(LoadTarget target) => new PostgresLoader(this, target);

    /// <summary>Rows come over COPY, which takes no parameters; a statement with some, or one that does more than read, over the driver's own rows.</summary>
    public override IBatchReader Read(TableQuery query, DatabaseContext context)
    {
        var parameters = query.Parameters;
        if (query.Table is not null)
        {
            var found = FindColumns(query, context.Cancellation);
            var table = new PostgresColumns(this, [.. found.Select(c => (c.Name, c.NativeType, c.Nullable))], query, context.Warn);
            var copies = parameters.Count == 0;
            Func<int, string, string> expression = copies ? table.Expression : table.DriverExpression;
            var select = SelectText(query, found.Select((c, i) => expression(i, Dialect.Quote(c.Name))));
            return copies ? Guard(() => new PostgresReader(this, select, table, query, context)) : Guard(() => new SqlReader(this, NewCommand(select, parameters), query, context, table.Schema));
        }

        if (!PostgresColumns.IsQuery(query.Text!, out var text))
        {
            return base.Read(query, context);
        }

        var columns = Describe(text, parameters, query, context);
        return parameters.Count == 0
            ? Guard(() => new PostgresReader(this, columns.Wrap(text, columns.Expression, Dialect), columns, query, context))
            : Guard(() => new SqlReader(this, NewCommand(columns.Wrap(text, columns.DriverExpression, Dialect), parameters), query, context, columns.Schema));
    }

    public bool CanRelay(IDatabaseSession target, IEnumerable<(string From, string To)> types) =>
        target is PostgresSession && !ReferenceEquals(target, this) && types.All(t => PostgresRelay.IsSame(t.From, t.To));

    public long Relay(TableQuery query, IDatabaseSession target, TableSchema table, IReadOnlyList<string> columns, Action<int> moved, DatabaseContext context) =>
        PostgresRelay.Run(this, SelectText(query, query.Columns.Select(Dialect.Quote)), (PostgresSession)target, table, columns, moved, context);

    public override bool CanSwap(TableSchema table, CancellationToken cancellation) => PostgresSwap.IsPossible(this, table, cancellation);

    public override void CreateLike(TableSchema table, TableName name, CancellationToken cancellation) =>
        Run($"CREATE TABLE {Dialect.Quote(name)} (LIKE {Dialect.Quote(table.Name)} INCLUDING ALL)", cancellation);

    public override void Swap(TableSchema old, TableName staging, CancellationToken cancellation)
    {
        var names = PostgresSwap.IndexNames(this, old.Name, staging, cancellation);
        base.Swap(old, staging, cancellation);
        foreach (var (made, wanted) in names)
        {
            Run($"ALTER INDEX {Dialect.Quote(made)} RENAME TO {Dialect.Quote(wanted)}", cancellation);
        }
    }

    /// <summary>TRUNCATE refuses a table to which keys of others point.</summary>
    public override void Truncate(TableSchema table, CancellationToken cancellation)
    {
        var isFree = Query("SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = $1::regclass AND conrelid <> confrelid", r => 1, cancellation, Dialect.Quote(table.Name)).Count == 0;
        Run(isFree ? $"TRUNCATE {Dialect.Quote(table.Name)}" : Dialect.Empty(table.Name), cancellation);
    }

    /// <summary>Never backwards: others may have drawn higher numbers already.</summary>
    public override void AdvanceIdentity(TableSchema table, ColumnSchema column, CancellationToken cancellation) => QueryBehind("setval(s.oid::regclass, m.most)", table, column, cancellation);

    public override bool IsIdentityBehind(TableSchema table, ColumnSchema column, CancellationToken cancellation) => QueryBehind("m.most", table, column, cancellation);

    /// <summary>Runs an expression where a column has a higher value than its sequence has given, and tells whether it has.</summary>
    private bool QueryBehind(string expression, TableSchema table, ColumnSchema column, CancellationToken cancellation)
    {
        var name = Dialect.Quote(table.Name);
        return Query(
            $"SELECT {expression} FROM (SELECT pg_get_serial_sequence($1, $2)::regclass AS oid) AS s, (SELECT max({Dialect.Quote(column.Name)}) AS most FROM {name}) AS m "
            + "WHERE m.most > coalesce(pg_sequence_last_value(s.oid), 0)",
            r => 1,
            cancellation,
            name,
            column.Name).Count > 0;
    }

    /// <summary>
    /// Takes plain numbers as money. The server reads it by lc_monetary, where a point may part thousands, and keeps as many digits behind the point: with two it keeps the same by
    /// the C locale's, which is plain.
    /// </summary>
    internal void TakeMoney(ColumnSchema column)
    {
        var (digits, locale) = Query("SELECT scale(0::money::numeric), current_setting('lc_monetary')", r => (r.GetInt32(0), r.GetString(1)), CancellationToken.None)[0];
        if (digits != PostgresLimits.MoneyDigits)
        {
            throw DataErrors.TypeNotSupported(column.Name, column.NativeType, $"a database whose lc_monetary is {locale}");
        }

        Run("SET lc_monetary = 'C'", CancellationToken.None);
    }

    public override IServerHashes? Hashes => field ??= connection.PostgreSqlVersion.Major >= 13 && WritesAsWe() ? PostgresHashes.Instance : null;

    public override TimeSpan? ReplicaLag(CancellationToken cancellation) =>
        Query("SELECT coalesce(max(replay_lag), interval '0') FROM pg_stat_replication", r => r.GetFieldValue<TimeSpan>(0), cancellation)[0];

    public override void BeginReading()
    {
        Begin(System.Data.IsolationLevel.RepeatableRead);
        Run("SET TRANSACTION READ ONLY", CancellationToken.None);
    }

    /// <summary>The pages of a table, of its largest part where it is partitioned. A row that is changed gets another place.</summary>
    public override RowLocator? FindLocator(TableSchema table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Kind is not (TableKind.Table or TableKind.MaterializedView))
        {
            return null;
        }

        var pages = Query(
            "SELECT greatest(pg_relation_size($1::regclass), (SELECT max(pg_relation_size(relid)) FROM pg_partition_tree($1::regclass))) / current_setting('block_size')::bigint",
            r => r.GetInt64(0),
            cancellation,
            Dialect.Quote(table.Name))[0];
        return new RowLocator(new KeyColumn("ctid", DataTypes.Text, false), 0, pages, page => string.Create(CultureInfo.InvariantCulture, $"({page},0)"), IsStable: false);
    }

    public string ExportSnapshot()
    {
        if (!InTransaction)
        {
            BeginReading();
        }

        return Query("SELECT pg_export_snapshot()", r => r.GetString(0), CancellationToken.None)[0];
    }

    public void UseSnapshot(string name)
    {
        BeginReading();
        // The statement takes no parameter; the name is the server's own, of hexadecimal digits and dashes.
        Run($"SET TRANSACTION SNAPSHOT '{name.Replace("'", "''", StringComparison.Ordinal)}'", CancellationToken.None);
    }

    private bool WritesAsWe() => Query("SELECT current_setting('server_encoding') = 'UTF8' AND current_setting('DateStyle') LIKE 'ISO%'", r => r.GetBoolean(0), CancellationToken.None)[0];

    protected override string NativeTypeOf(DbColumn column)
    {
        var name = ((NpgsqlDbColumn)column).PostgresType.DisplayName;
        return column is { NumericPrecision: { } precision, NumericScale: { } scale } && name == "numeric"
            ? string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale})")
            : name;
    }

    protected override object ToParameter(object? value) => value switch
    {
        DateTime { Kind: DateTimeKind.Local } time => time.ToUniversalTime(),
        DateTimeOffset time => time.UtcDateTime,
        sbyte small => (short)small,
        byte small => (short)small,
        ushort small => (int)small,
        uint small => (long)small,
        ulong large => (decimal)large,
        BigInteger large => large,
        object?[] list => ToArray(list),
        _ => base.ToParameter(value),
    };

    /// <summary>The driver's way knows no COPY while that waits for the server, and waits itself long for one that has frozen; but it needs no room for a further connection.</summary>
    protected override void Interrupt(Action? driver)
    {
        try
        {
            using var other = PostgresDatabase.Beside(Address);
            using var cancel = new NpgsqlCommand("SELECT pg_cancel_backend($1)", other) { Parameters = { new() { Value = _process } } };
            cancel.ExecuteNonQuery();
        }
        catch (PostgresException) when (driver is not null)
        {
            driver();
        }
    }

    /// <summary>Parameters without a name are $1, $2 and so on.</summary>
    protected override void Name(DbParameter parameter, string name)
    {
        if (!char.IsAsciiDigit(name[0]))
        {
            parameter.ParameterName = name;
        }
    }

    private PostgresColumns Describe(string text, IReadOnlyDictionary<string, object?> parameters, TableQuery query, DatabaseContext context) => Guard(() =>
    {
        using var command = NewCommand(text, parameters);
        using var reader = command.ExecuteReader(System.Data.CommandBehavior.SchemaOnly);
        return new PostgresColumns(this, [.. reader.GetColumnSchema().Select(c => (c.ColumnName, NativeTypeOf(c), true))], query, context.Warn);
    });

    private Array ToArray(object?[] list)
    {
        var values = Array.ConvertAll(list, ToParameter);
        var first = Array.Find(values, v => v is not DBNull)?.GetType() ?? typeof(string);
        var array = Array.CreateInstance(first.IsValueType ? typeof(Nullable<>).MakeGenericType(first) : first, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            array.SetValue(values[i] is DBNull ? null : values[i], i);
        }

        return array;
    }
}
