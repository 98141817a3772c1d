using System.Data;
using System.Data.Common;
using System.Globalization;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;
using DataTools.Transfer;

namespace DataTools.Databases;

/// <summary>
/// A session of a relational database over its ADO.NET driver. A database supplies the catalogue, its dialect, a loader and the meaning of its errors, and
/// may read by a faster way than the driver's rows.
/// </summary>
public abstract partial class SqlSession(IDatabase database, DatabaseAddress address, DbConnection connection, SqlDialect dialect) : IDatabaseSession, IMigrationSession, ILedgerSession, IKeyRanges
{
    private DbTransaction? _transaction;

    /// <inheritdoc/>
    public IDatabase Database => database;

    /// <summary>The types of this server and ours.</summary>
    public virtual TypeMap Types => database.Types;

    /// <inheritdoc/>
    public DatabaseAddress Address => address;

    /// <summary>How the database writes SQL.</summary>
    public SqlDialect Dialect => dialect;

    /// <inheritdoc/>
    public virtual string Version => connection.ServerVersion;

    /// <inheritdoc/>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <inheritdoc/>
    public virtual bool IsShared => false;

    /// <summary>Whether no other process writes to the database while this one has it open.</summary>
    public virtual bool IsExclusive => IsShared;

    /// <summary>Whether a row must find those to which its keys point before it, so that no transaction makes up for them later.</summary>
    public virtual bool ChecksKeysAtOnce => false;

    /// <inheritdoc/>
    public bool InTransaction => _transaction is not null;

    /// <inheritdoc/>
    public abstract IReadOnlyList<TableListing> ListTables(CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract TableSchema? FindTable(TableName name, CancellationToken cancellation);

    /// <summary>A table with the types as which its rows are read, where a column may hold values of others than its own.</summary>
    public virtual TableSchema AsRead(TableSchema table, CancellationToken cancellation) => table;

    /// <summary>The schema (on MySQL the database) in which the connection works; null where there is none.</summary>
    public virtual string? DefaultSchema(CancellationToken cancellation) => null;

    /// <summary>The statement that makes a database like that of the session, empty.</summary>
    public virtual string CreateDatabase(string name, CancellationToken cancellation) => $"CREATE DATABASE {Dialect.Quote(name)}";

    /// <summary>The enumerations that have names of their own.</summary>
    public virtual IReadOnlyList<EnumSchema> ListEnums(CancellationToken cancellation) => [];

    /// <summary>The domains, those that are made of others behind them.</summary>
    public virtual IReadOnlyList<DomainSchema> ListDomains(CancellationToken cancellation) => [];

    /// <summary>Which of some types of columns, as the database writes them, it has not got.</summary>
    public virtual IReadOnlyList<string> MissingTypes(IReadOnlyCollection<string> types, CancellationToken cancellation) => [];

    /// <summary>What uses something that a change drops, and that the database keeps for it: "view v uses column c of table t".</summary>
    public virtual IReadOnlyList<string> UsersOfDropped(SchemaComparison comparison, CancellationToken cancellation) => [];

    /// <summary>Views, triggers, routines and sequences of nobody's.</summary>
    public virtual IReadOnlyList<DatabaseObject> ListOthers(CancellationToken cancellation) => [];

    /// <summary>Opens the fastest way into a table. The session is in a transaction.</summary>
    public abstract IBulkLoader OpenLoader(LoadTarget target);

    /// <summary>
    /// Whether <see cref="Swap"/> may put a new table in the place of one: nothing hangs on the table that would not move with the name, such as views,
    /// grants, triggers and keys that point to it.
    /// </summary>
    public abstract bool CanSwap(TableSchema table, CancellationToken cancellation);

    /// <summary>Makes an empty table with the columns, defaults, keys, indexes and checks of another.</summary>
    public abstract void CreateLike(TableSchema table, TableName name, CancellationToken cancellation);

    /// <summary>Puts a table in the place of another, which is dropped: its readers see one or the other.</summary>
    public virtual void Swap(TableSchema old, TableName staging, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(old);
        Run(Dialect.Drop(old.Name), cancellation);
        Run(Dialect.Rename(staging, old.Name.Name), cancellation);
    }

    /// <summary>Deletes all rows of a table within the transaction, by the fastest way.</summary>
    public virtual void Truncate(TableSchema table, CancellationToken cancellation) => Empty(table, cancellation);

    /// <summary>Deletes all rows of a table within the transaction; who reads meanwhile still sees them.</summary>
    public virtual void Empty(TableSchema table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        Run(Dialect.Empty(table.Name), cancellation);
    }

    /// <summary>
    /// Makes a table of the session that takes rows for some columns of another, which tells texts apart as that one does, and a column <see cref="MergePlan.Ordinal"/>.
    /// </summary>
    public virtual void CreateStaging(TableSchema table, TableName staging, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellation)
    {
        var all = columns.Select(c => new NewColumn(c.Name, Dialect.StagedType(c))).Append(new NewColumn(MergePlan.Ordinal, Types.ToNative(DataTypes.Int64, MergePlan.Ordinal)));
        Run(Dialect.CreateTable(staging, all, [], temporary: true), cancellation);
    }

    /// <summary>Leaves one row of each key in a staging table, and says how many it deleted.</summary>
    public virtual long RemoveDuplicates(MergePlan plan, CancellationToken cancellation) => Run(Dialect.RemoveDuplicates(plan), cancellation);

    /// <summary>After rows were loaded with values of their own for a column that the database numbers: the next number follows them.</summary>
    public virtual void AdvanceIdentity(TableSchema table, ColumnSchema column, CancellationToken cancellation)
    {
    }

    /// <summary>Whether the next number of a column that the database numbers is one that is there already, so that the next row would be refused.</summary>
    public virtual bool IsIdentityBehind(TableSchema table, ColumnSchema column, CancellationToken cancellation) => false;

    /// <summary>
    /// Before tables are loaded in any order, where keys stand in the tables from the beginning: they are not looked at until the result is disposed of.
    /// <see cref="FindBrokenKey"/> then looks. Null where the database needs no such thing or has none.
    /// </summary>
    public virtual IDisposable? SuspendKeys() => null;

    /// <summary>A row of a table whose key points to none, told as a clause; null where there is none, or where the database has looked itself.</summary>
    public virtual string? FindBrokenKey(TableSchema table, CancellationToken cancellation) => null;

    /// <summary>How many rows of other tables point to a row of a table that is not there; 0 where the database looks itself.</summary>
    public virtual long CountOrphans(TableSchema table, CancellationToken cancellation) => 0;

    /// <summary>How far the replica that is furthest behind is behind this server; null where the database does not tell.</summary>
    public virtual TimeSpan? ReplicaLag(CancellationToken cancellation) => null;

    /// <summary>The place that the database gives to each row of a table; null where it gives none that can be asked for.</summary>
    public virtual RowLocator? FindLocator(TableSchema table, CancellationToken cancellation) => null;

    /// <summary>The type of a column of a result, as the database writes it.</summary>
    protected virtual string NativeTypeOf(DbColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var name = column.DataTypeName ?? "";
        return column is { NumericPrecision: { } precision, NumericScale: { } scale } && !name.Contains('(', StringComparison.Ordinal) && column.DataType == typeof(decimal)
            ? string.Create(CultureInfo.InvariantCulture, $"{name}({precision},{scale})")
            : name;
    }

    /// <summary>
    /// What takes a value that is not null from the driver's rows into a column, where the database has a way of its own; false from it is a value that does not fit.
    /// </summary>
    protected internal virtual Func<bool>? ReaderOf(ColumnBuilder builder, DbDataReader reader, int column) => null;

    /// <summary>What the driver takes for a value.</summary>
    protected virtual object ToParameter(object? value) => value switch
    {
        null => DBNull.Value,
        Enum or char => DataTypes.TextOf(value)!,
        _ => value,
    };

    /// <summary>A connection of a database, for its own classes.</summary>
    protected DbConnection Connection => connection;

    /// <inheritdoc/>
    public virtual IBatchReader Read(TableQuery query, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(context);
        var text = query.Text ?? SelectText(query, FindColumns(query, context.Cancellation).Select(c => Dialect.Quote(c.Name)));
        var command = NewCommand(text, query.Parameters);
        return Guard(() => new SqlReader(this, command, query, context));
    }

    /// <inheritdoc/>
    public ITableWriter OpenWriter(TableName table, Schema schema, TableWriteOptions options, DatabaseContext context) =>
        new RetryingWriter($"{table}", options, context, mayRetry: !InTransaction, o => TableWriter.Open(this, table, schema, o, context));

    /// <inheritdoc/>
    public virtual IEnumerable<StatementResult> Execute(string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var command = NewCommand(statements, parameters);
        using var stop = StopOn(context.Cancellation, command.Cancel);
        using var reader = Guard(command.ExecuteReader);
        var query = new TableQuery { Text = statements, Remedy = TableQuery.CastRemedy };
        do
        {
            if (reader.FieldCount > 0)
            {
                using var rows = new AdoBatchReader(this, reader, query, context);
                yield return new StatementResult(rows, -1);
                rows.Drain();
            }
        }
        while (Guard(reader.NextResult));
        reader.Close();
        if (reader.RecordsAffected >= 0)
        {
            yield return new StatementResult(null, reader.RecordsAffected);
        }
    }

    /// <inheritdoc/>
    public MigrationTarget OpenMigrations(string history) => dialect.Migrations is { } rules
        ? new SqlMigrationTarget(this, rules, TableName.Parse(history))
        : throw DataErrors.InvalidOption($"Migrations cannot be run on {database.Name}.");

    ILedger ILedgerSession.OpenLedger(string name) => new LedgerTable(this, name);

    LedgerSteps ILedgerSession.LedgerSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump) => new TableSteps(plan, options, context, pump);

    /// <inheritdoc/>
    public void Begin() => Begin(IsolationLevel.Unspecified);

    /// <summary>Begins a transaction of an isolation.</summary>
    public void Begin(IsolationLevel isolation) => Begin(() => connection.BeginTransaction(isolation));

    /// <summary>Begins a transaction that only reads, and sees one state of the database where it offers that.</summary>
    public virtual void BeginReading() => Begin(Dialect.Snapshot);

    /// <summary>Begins a transaction in a way of the driver's own.</summary>
    protected void Begin(Func<DbTransaction> begin) => Guard(() => _transaction = begin());

    /// <summary>How the database hashes rows by itself; null where it does not.</summary>
    public virtual IServerHashes? Hashes => null;

    /// <inheritdoc/>
    public void Commit()
    {
        using var transaction = _transaction;
        _transaction = null;
        Guard(() => transaction!.Commit());
    }

    /// <inheritdoc/>
    public void Rollback()
    {
        using var transaction = _transaction;
        _transaction = null;
        if (IsOpen && transaction is not null)
        {
            Guard(transaction.Rollback);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connection; an open transaction is undone by the server.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _transaction?.Dispose();
            connection.Dispose();
            _life?.Dispose();
        }
    }

    /// <summary>Runs a statement and gives the number of rows it changed. Parameters are called 1, 2 and so on.</summary>
    public long Run(string statement, CancellationToken cancellation, params object?[] values)
    {
        using var command = NewCommand(statement, Numbered(values));
        using var stop = StopOn(cancellation, command.Cancel);
        return Guard(() => (long)command.ExecuteNonQuery(), cancellation);
    }

    /// <summary>The rows of a query, each made by <paramref name="make"/>.</summary>
    public List<T> Query<T>(string text, Func<DbDataReader, T> make, CancellationToken cancellation, params object?[] values)
    {
        using var command = NewCommand(text, Numbered(values));
        using var stop = StopOn(cancellation, command.Cancel);
        return Guard(
            () =>
            {
                var result = new List<T>();
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    result.Add(make(reader));
                }

                return result;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyRange> CutRanges(TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation) =>
        KeyRanges.Cut(this, table, count, columns, cancellation);

    /// <summary>A command with its parameters, within the transaction.</summary>
    public virtual DbCommand NewCommand(string text, IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the user's own, or made by the dialect, which quotes names.
        command.CommandText = text;
#pragma warning restore CA2100
        command.Transaction = _transaction;
        command.CommandTimeout = (int)(address.CommandTimeout ?? TimeSpan.Zero).TotalSeconds;
        AddParameters(command.Parameters, command.CreateParameter, parameters);
        return command;
    }

    /// <summary>Names a parameter as the driver wants it; <paramref name="name"/> is a number for one without a name.</summary>
    protected virtual void Name(DbParameter parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.ParameterName = name;
    }

    /// <summary>Runs something of the driver; its errors become ours.</summary>
    public T Guard<T>(Func<T> action, CancellationToken cancellation = default) => this.Guarded(action, cancellation);

    /// <summary>Runs something of the driver; its errors become ours.</summary>
    public void Guard(Action action, CancellationToken cancellation = default) =>
        Guard(
            () =>
            {
                action();
                return true;
            },
            cancellation);

    /// <summary>The schema of a result: names made unique, types by the map.</summary>
    public Schema ToSchema(IReadOnlyList<DbColumn> columns, TableQuery query, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(query);
        return ToSchema(columns.Select(c => (c.ColumnName, NativeTypeOf(c), c.AllowDBNull != false)), query, warn);
    }

    /// <summary>The schema of columns given by name, type and nullability.</summary>
    public Schema ToSchema(IEnumerable<(string Name, string NativeType, bool Nullable)> columns, TableQuery query, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(query);
        var types = Types.With(query.TypeRules);
        var fields = columns.Select(c => types.ToDataType(c.NativeType).ToField(c.Name, c.Nullable, Marks(c.NativeType)));
        return ColumnNames.MakeUnique(new Schema(fields, null), query.Source, warn);
    }

    /// <summary>The table's columns that a query asks for.</summary>
    protected List<ColumnSchema> FindColumns(TableQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = FindTable(query.Table!, cancellation) ?? throw DataErrors.TableNotFound(query.Table!.ToString(), Address.ToString());
        return query.Columns.Count == 0
            ? [.. table.Columns]
            : [.. ColumnNames.Find([.. table.Columns.Select(c => c.Name)], query.Columns, query.Source).Select(i => table.Columns[i])];
    }

    /// <summary>The statement that reads a table.</summary>
    protected string SelectText(TableQuery query, IEnumerable<string> expressions)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Dialect.Select(query, expressions, Conditions(query));
    }

    private IEnumerable<string> Conditions(TableQuery query)
    {
        if (query.Where is not null)
        {
            // The line break ends a comment that may stand at the condition's end.
            yield return $"({query.Where}\n)";
        }

        if (query.Range is { } range)
        {
            foreach (var condition in Dialect.Conditions(range))
            {
                yield return condition;
            }
        }
    }

    private Dictionary<string, string> Marks(string native) => new() { [FieldMarks.SourceType] = native, [FieldMarks.SourceKind] = Database.Name };

    private static Dictionary<string, object?> Numbered(object?[] values) =>
        values.Select((v, i) => KeyValuePair.Create((i + 1).ToString(CultureInfo.InvariantCulture), v)).ToDictionary();
}
