using System.Globalization;
using System.Text.RegularExpressions;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Query;
using DataTools.Schemas;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace DataTools.Databases.DuckDb;

/// <summary>A connection to a DuckDB database. Rows are read and written as DuckDB's own vectors; the driver runs the statements about tables.</summary>
internal sealed partial class DuckDbSession(DuckDbDatabase database, DatabaseAddress address, DuckDBConnection connection)
    : SqlSession(database, address, connection, new DuckDbDialect(CurrentDatabase(connection)))
{
    /// <summary>The C API's connection.</summary>
    public DuckDBNativeConnection Native => connection.NativeConnection;

    public override IReadOnlyList<TableListing> ListTables(CancellationToken cancellation) => DuckDbCatalog.List(this, cancellation);

    public override TableSchema? FindTable(TableName name, CancellationToken cancellation) => DuckDbCatalog.Find(this, name, cancellation);

    public override IBulkLoader OpenLoader(LoadTarget target) =>
        target.Columns.FirstOrDefault(c => Database.Types.ReadOnly.Contains(Database.Types.Parse(c.NativeType).Name)) is { } column
            ? throw DataErrors.TypeNotSupported(column.Name, column.NativeType, "the loading of DuckDB tables")
            : DuckDbLevelLoader.IsNeeded(target) ? new DuckDbLevelLoader(this, target) : new DuckDbLoader(this, target);

    /// <summary>A second connection to the same database, which sees what is committed.</summary>
    public DuckDbSession Fork() => (DuckDbSession)Database.Open(Address, CancellationToken.None);

    public override bool IsExclusive => true;

    public override bool ChecksKeysAtOnce => true;

    public override IBatchReader Read(TableQuery query, DatabaseContext context)
    {
        var table = query.Table is null ? null : FindColumns(query, context.Cancellation);
        var text = query.Text ?? SelectText(query, table!.Select(c => Dialect.Quote(c.Name)));
        return Guard(() => DuckDbReading.Open(this, text, table, query, context), context.Cancellation);
    }

    public override IEnumerable<StatementResult> Execute(string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context)
    {
        var query = new TableQuery { Text = statements, Parameters = parameters, Remedy = TableQuery.CastRemedy };
        using var all = Guard(() => new DuckDbStatements(this, statements, parameters));
        var changed = -1L;
        for (var i = 0; i < all.Count; i++)
        {
            using var prepared = Guard(() => all.Prepare(i));
            var reading = new DuckDbReading(this, query, context);
            var result = reading.Guarded(() => DuckDbStatements.Run(prepared, parameters), context.Cancellation);
            if (NativeMethods.Query.DuckDBResultReturnType(result) == DuckDBResultType.QueryResult)
            {
                using var rows = new QueryResult(reading, result);
                yield return new StatementResult(rows, -1);
                while (rows.ReadBatch(context.Cancellation) is not null)
                {
                }
            }
            else
            {
                changed = NativeMethods.Query.DuckDBResultReturnType(result) == DuckDBResultType.ChangedRows ? Math.Max(changed, 0) + NativeMethods.Query.DuckDBRowsChanged(ref result) : changed;
                result.Close();
            }
        }

        if (changed >= 0)
        {
            yield return new StatementResult(null, changed);
        }
    }

    /// <summary>Views find their tables by name and no rights hang on one; only keys hold it, its own to itself too.</summary>
    public override bool CanSwap(TableSchema table, CancellationToken cancellation) =>
        Query("SELECT 1 FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND referenced_table = $1", r => 1, cancellation, table.Name.Name).Count == 0;

    public override void CreateLike(TableSchema table, TableName name, CancellationToken cancellation)
    {
        var create = DuckDbCatalog.CreateText(this, table.Name, cancellation);
        Run($"CREATE TABLE {Dialect.Quote(name)} {create[DuckDbTypeText.Find(create, '(')..]}", cancellation);
    }

    public override void Swap(TableSchema old, TableName staging, CancellationToken cancellation)
    {
        base.Swap(old, staging, cancellation);
        foreach (var index in old.Indexes.Where(i => !i.IsConstraint))
        {
            Run(index.Definition!, cancellation);
        }

        foreach (var comment in Dialect.Comments(old))
        {
            Run(comment, cancellation);
        }
    }

    /// <summary>No statement sets a sequence; drawing its numbers does. What its catalogue calls the last one is after a restart the next, so one is drawn to see.</summary>
    public override void AdvanceIdentity(TableSchema table, ColumnSchema column, CancellationToken cancellation)
    {
        const long Most = 10_000_000;
        if (SequenceOf(column) is not { Next: var next, Name: var sequence })
        {
            return;
        }

        var steps = Query(
            $"SELECT CAST(ceil((most - drawn) / increment_by) AS BIGINT) FROM (SELECT max({Dialect.Quote(column.Name)}) AS most FROM {Dialect.Quote(table.Name)}), (SELECT {next} AS drawn), duckdb_sequences() WHERE sequence_name = $1 AND increment_by > 0",
            r => r.IsDBNull(0) ? 0 : r.GetInt64(0),
            cancellation,
            sequence).FirstOrDefault();
        if (steps is > 0 and <= Most)
        {
            Query(string.Create(CultureInfo.InvariantCulture, $"SELECT max({next}) FROM range({steps})"), r => r.GetInt64(0), cancellation);
        }
    }

    public override bool IsIdentityBehind(TableSchema table, ColumnSchema column, CancellationToken cancellation) =>
        SequenceOf(column) is { Name: var sequence } && Query(
            $"SELECT 1 FROM (SELECT max({Dialect.Quote(column.Name)}) AS most FROM {Dialect.Quote(table.Name)}), duckdb_sequences() WHERE sequence_name = $1 AND most > coalesce(last_value, start_value - 1)",
            r => 1,
            cancellation,
            sequence).Count > 0;

    protected override object ToParameter(object? value) => value switch
    {
        uint or ushort or byte or sbyte => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        DateTime { Kind: DateTimeKind.Local } time => time.ToUniversalTime(),
        _ => base.ToParameter(value),
    };

    /// <summary>What draws a column's next number, and the name of its sequence; null where it has none.</summary>
    private static (string Next, string Name)? SequenceOf(ColumnSchema column) =>
        NextValue().Match(column.Default ?? "") is { Success: true } match ? (match.Value, DuckDbTypeText.Unquoted(match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal).Split('.')[^1])) : null;

    private static string CurrentDatabase(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT current_database()";
        return (string)command.ExecuteScalar()!;
    }

    [GeneratedRegex(@"nextval\('((?:[^']|'')*)'\)")]
    private static partial Regex NextValue();
}
