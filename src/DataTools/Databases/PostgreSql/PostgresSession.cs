using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Schemas;
using Npgsql;
using Npgsql.Schema;

namespace DataTools.Databases.PostgreSql;

/// <summary>A connection to a PostgreSQL server.</summary>
internal sealed class PostgresSession(PostgresDatabase database, DatabaseAddress address, NpgsqlConnection connection)
    : SqlSession(database, address, connection, PostgresDialect.Instance), ISnapshots
{
    /// <summary>The driver's connection.</summary>
    public NpgsqlConnection Driver => connection;

    public override string Version => connection.PostgreSqlVersion.ToString();

    public override IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => PostgresCatalog.List(this, cancellation);

    public override TableSchema? FindTable(TableName name, CancellationToken cancellation) => PostgresCatalog.Find(this, name, cancellation);

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

    public override void AdvanceIdentity(TableSchema table, ColumnSchema column, CancellationToken cancellation)
    {
        var name = Dialect.Quote(table.Name);
        // Never backwards: others may have drawn higher numbers already.
        Query(
            $"SELECT setval(s.oid::regclass, m.most) FROM (SELECT pg_get_serial_sequence($1, $2)::regclass AS oid) AS s, (SELECT max({Dialect.Quote(column.Name)}) AS most FROM {name}) AS m "
            + "WHERE m.most > coalesce(pg_sequence_last_value(s.oid), 0)",
            r => r.GetInt64(0),
            cancellation,
            name,
            column.Name);
    }

    public override IServerHashes? Hashes => field ??= connection.PostgreSqlVersion.Major >= 13 && IsUtf8() ? PostgresHashes.Instance : null;

    public override void BeginReading()
    {
        Begin(System.Data.IsolationLevel.RepeatableRead);
        Run("SET TRANSACTION READ ONLY", CancellationToken.None);
    }

    public string ExportSnapshot()
    {
        Begin(System.Data.IsolationLevel.RepeatableRead);
        return Query("SELECT pg_export_snapshot()", r => r.GetString(0), CancellationToken.None)[0];
    }

    public void UseSnapshot(string name)
    {
        Begin(System.Data.IsolationLevel.RepeatableRead);
        // The statement takes no parameter; the name is the server's own, of hexadecimal digits and dashes.
        Run($"SET TRANSACTION SNAPSHOT '{name.Replace("'", "''", StringComparison.Ordinal)}'", CancellationToken.None);
    }

    private bool IsUtf8() => Query("SHOW server_encoding", r => r.GetString(0), CancellationToken.None)[0] == "UTF8";

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
