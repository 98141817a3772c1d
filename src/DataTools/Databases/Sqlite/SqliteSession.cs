using System.Text;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using Microsoft.Data.Sqlite;

namespace DataTools.Databases.Sqlite;

/// <summary>An open SQLite database. Its rows are read and written over the C API; the driver does the rest.</summary>
internal sealed class SqliteSession(SqliteDatabase database, DatabaseAddress address, SqliteConnection connection)
    : SqlSession(database, address, connection, SqliteDialect.Instance)
{
    /// <summary>The names of the rowid; a column of the table may have one.</summary>
    private static readonly string[] RowNames = ["rowid", "_rowid_", "oid"];

    /// <summary>All commands use the one connection, as a second would meet the locks of the first.</summary>
    public override bool IsShared => true;

    /// <summary>The C API's handle.</summary>
    public nint Handle => connection.Handle!.DangerousGetHandle();

    public override IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => SqliteCatalog.List(this, cancellation);

    public override TableSchema? FindTable(TableName name, CancellationToken cancellation) => SqliteCatalog.Find(this, name, cancellation);

    public override IReadOnlyList<DatabaseObject> ListOthers(CancellationToken cancellation) => Query(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY name",
        r => new DatabaseObject(r.GetString(0) == "view" ? "View" : "Trigger", new TableName(null, r.GetString(1)), r.GetString(0) == "view" ? null : new TableName(null, r.GetString(2)), r.GetString(3)),
        cancellation);

    public override IBulkLoader OpenLoader(LoadTarget target) => new SqliteLoader(this, target);

    /// <summary>Columns of points in time that hold numbers since 1970, or texts with a zone, are read as instants, whatever their type says.</summary>
    public override TableSchema AsRead(TableSchema table, CancellationToken cancellation)
    {
        string[] times = [.. table.Columns.Where(c => c.Type is TimestampType or DateType).Select(c => c.Name)];
        if (times.Length == 0 || table.Kind != TableKind.Table)
        {
            return table;
        }

        using var rejects = new RejectLog(new RejectPolicy());
        using var reader = Read(new TableQuery { Table = table.Name, Columns = times }, new DatabaseContext(rejects, _ => { }, cancellation));
        var read = reader.Schema.FieldsList.Zip(times).ToDictionary(p => p.Second, p => DataTypes.Of(p.First), StringComparer.Ordinal);
        return table with { Columns = [.. table.Columns.Select(c => read.GetValueOrDefault(c.Name) is TimestampType type ? c with { Type = type } : c)] };
    }

    public override IBatchReader Read(TableQuery query, DatabaseContext context)
    {
        var text = query.Text ?? SelectText(query, FindColumns(query, context.Cancellation).Select(c => Dialect.Quote(c.Name)));
        return Guard(() => SqliteReader.Open(this, text, query.Parameters, query, context));
    }

    public override IDisposable? SuspendKeys()
    {
        if (Query("PRAGMA foreign_keys", r => r.GetInt64(0), CancellationToken.None)[0] == 0)
        {
            return null;
        }

        // Within a transaction the switch does nothing, but keys can wait for its end.
        Run(InTransaction ? "PRAGMA defer_foreign_keys = ON" : "PRAGMA foreign_keys = OFF", CancellationToken.None);
        return InTransaction ? null : new SuspendedKeys(this);
    }

    public override string? FindBrokenKey(TableSchema table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Query("SELECT rowid, parent FROM pragma_foreign_key_check(@1) LIMIT 1", r => $"row {(r.IsDBNull(0) ? "?" : r.GetInt64(0))} points to no row of '{r.GetString(1)}'", cancellation, table.Name.Name).FirstOrDefault();
    }

    public override long CountOrphans(TableSchema table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Query(
            "SELECT count(*) FROM sqlite_master AS m, pragma_foreign_key_check(m.name) AS c WHERE m.type = 'table' AND c.parent = @1 COLLATE NOCASE AND m.name <> @1 COLLATE NOCASE "
            + "AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.name) AS f WHERE f.\"table\" = @1 COLLATE NOCASE)",
            r => r.GetInt64(0),
            cancellation,
            table.Name.Name)[0];
    }

    /// <summary>A transaction that has not written takes no lock against writers.</summary>
    public override void BeginReading() => Begin(() => connection.BeginTransaction(deferred: true));

    /// <summary>The rowid, which a table has unless it is declared without.</summary>
    public override RowLocator? FindLocator(TableSchema table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        var name = RowNames.FirstOrDefault(n => table.Find(n) is null);
        if (name is null || Query("SELECT 1 FROM pragma_table_list WHERE schema = @1 AND name = @2 AND type = 'table' AND wr = 0", r => 1, cancellation, table.Name.Schema ?? "main", table.Name.Name).Count == 0)
        {
            return null;
        }

        var (least, most) = Query($"SELECT coalesce(min({name}), 0), coalesce(max({name}), 0) FROM {Dialect.Quote(table.Name)}", r => (r.GetInt64(0), r.GetInt64(1)), cancellation)[0];
        return new RowLocator(new KeyColumn(name, DataTypes.Int64, false), least, most, place => place.ToString(System.Globalization.CultureInfo.InvariantCulture), IsStable: true);
    }

    public override bool CanSwap(TableSchema table, CancellationToken cancellation)
    {
        // Triggers go with their table, and views and keys of others name it.
        var schema = Dialect.Quote(table.Name.Schema ?? "main");
        return Query($"SELECT 1 FROM {schema}.sqlite_master WHERE type = 'trigger' AND tbl_name = @1 COLLATE NOCASE", r => 1, cancellation, table.Name.Name).Count == 0
            && Query($"SELECT 1 FROM {schema}.sqlite_master WHERE type = 'view' LIMIT 1", r => 1, cancellation).Count == 0
            && Query("SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = @1 COLLATE NOCASE LIMIT 1", r => 1, cancellation, table.Name.Name).Count == 0;
    }

    public override void CreateLike(TableSchema table, TableName name, CancellationToken cancellation)
    {
        var schema = Dialect.Quote(table.Name.Schema ?? "main");
        var create = Query($"SELECT sql FROM {schema}.sqlite_master WHERE type = 'table' AND name = @1", r => r.GetString(0), cancellation, table.Name.Name)[0];
        var body = create.IndexOf('(', StringComparison.Ordinal);
        Run($"CREATE TABLE {Dialect.Quote(name)} {create[body..]}", cancellation);
    }

    public override void Swap(TableSchema old, TableName staging, CancellationToken cancellation)
    {
        var schema = Dialect.Quote(old.Name.Schema ?? "main");
        var indexes = Query($"SELECT sql FROM {schema}.sqlite_master WHERE type = 'index' AND tbl_name = @1 AND sql IS NOT NULL", r => r.GetString(0), cancellation, old.Name.Name);
        base.Swap(old, staging, cancellation);
        // Filled first and indexed afterwards, which is the faster way as well.
        foreach (var index in indexes)
        {
            Run(index, cancellation);
        }
    }

    /// <summary>The driver's error for a code of the C API.</summary>
    public SqliteException Error(int code) => new(SQLitePCL.raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), code & 0xFF, SQLitePCL.raw.sqlite3_extended_errcode(connection.Handle));

    /// <summary>Prepares the only statement of a text.</summary>
    public nint Prepare(string text)
    {
        var sql = Encoding.UTF8.GetBytes(text);
        var statement = Prepare(sql, out var length);
        if (statement != 0 && sql.AsSpan(length).Trim(" \t\r\n;"u8).IsEmpty)
        {
            return statement;
        }

        _ = SqliteNative.Finalize(statement);
        throw DataErrors.InvalidOption("-Query takes one statement that gives rows. Invoke-DataQuery runs several.");
    }

    /// <summary>Statements that only read are read as tables are, for a column's values need not be of its declared type; the driver runs the others.</summary>
    public override IEnumerable<StatementResult> Execute(string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context)
    {
        var sql = Encoding.UTF8.GetBytes(statements);
        var affected = -1L;
        for (var at = 0; at < sql.Length;)
        {
            var statement = Guard(() => Prepare(sql.AsMemory(at).Span, out var length) is var made ? (Made: made, Length: length) : default);
            var text = Encoding.UTF8.GetString(sql, at, statement.Length);
            at += statement.Length;
            var isQuery = statement.Made != 0 && SqliteNative.ColumnCount(statement.Made) > 0 && SqliteNative.IsReadOnly(statement.Made) != 0;
            _ = SqliteNative.Finalize(statement.Made);
            if (isQuery)
            {
                using var rows = Read(new TableQuery { Text = text, Parameters = parameters, Remedy = TableQuery.CastRemedy }, context);
                yield return new StatementResult(rows, -1);
            }
            else if (statement.Made != 0)
            {
                foreach (var result in base.Execute(text, parameters, context))
                {
                    if (result.Rows is null)
                    {
                        affected = Math.Max(0, affected) + result.Affected;
                    }
                    else
                    {
                        yield return result;
                    }
                }
            }
        }

        if (affected >= 0)
        {
            yield return new StatementResult(null, affected);
        }
    }

    /// <summary>The first statement of a text, and how long it is; 0 where there is none but spaces and comments.</summary>
    private unsafe nint Prepare(ReadOnlySpan<byte> sql, out int length)
    {
        fixed (byte* first = sql)
        {
            var code = SqliteNative.Prepare(Handle, first, sql.Length, out var statement, out var tail);
            length = (int)(tail - first);
            return code == SqliteNative.Ok ? statement : throw Error(code);
        }
    }

    /// <summary>Gives a parameter its value.</summary>
    public unsafe void Bind(nint statement, int index, object? value)
    {
        var code = ToParameter(value) switch
        {
            DBNull => SqliteNative.BindNull(statement, index),
            double or float => SqliteNative.BindDouble(statement, index, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
            byte[] bytes => Bytes(bytes, SqliteNative.BindBlob),
            string text => Bytes(Encoding.UTF8.GetBytes(text), SqliteNative.BindText),
            long or int or short or sbyte or byte or ushort or uint => SqliteNative.BindLong(statement, index, Convert.ToInt64(ToParameter(value), System.Globalization.CultureInfo.InvariantCulture)),
            var other => throw DataErrors.ParameterUnfit($"{index}", other),
        };
        if (code != SqliteNative.Ok)
        {
            throw Error(code);
        }

        int Bytes(byte[] bytes, BindBytes bind)
        {
            // A pointer to nothing would be null.
            fixed (byte* first = bytes.Length == 0 ? [0] : bytes)
            {
                return bind(statement, index, first, bytes.Length, SqliteNative.Copy);
            }
        }
    }

    private unsafe delegate int BindBytes(nint statement, int index, byte* bytes, int length, nint destructor);

    protected override object ToParameter(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        decimal or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid => DataTypes.TextOf(value)!,
        _ => base.ToParameter(value),
    };

    /// <summary>The driver does not cancel.</summary>
    protected override void Interrupt(Action? driver) => SqliteNative.InterruptAll(Handle);

    /// <summary>To the driver a statement without a limit of its own waits for a lock without end.</summary>
    public override System.Data.Common.DbCommand NewCommand(string text, IReadOnlyDictionary<string, object?> parameters)
    {
        var command = base.NewCommand(text, parameters);
        command.CommandTimeout = command.CommandTimeout == 0 ? connection.DefaultTimeout : command.CommandTimeout;
        return command;
    }

    protected override void Name(System.Data.Common.DbParameter parameter, string name) =>
        parameter.ParameterName = char.IsAsciiDigit(name[0]) ? $"@{name}" : name;

    /// <summary>Switches keys on again.</summary>
    private sealed class SuspendedKeys(SqliteSession session) : IDisposable
    {
        public void Dispose()
        {
            if (session.IsOpen)
            {
                session.Run("PRAGMA foreign_keys = ON", CancellationToken.None);
            }
        }
    }
}
