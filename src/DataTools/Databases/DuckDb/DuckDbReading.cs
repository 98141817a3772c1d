using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Query;
using DataTools.Schemas;
using DuckDB.NET.Native;

namespace DataTools.Databases.DuckDb;

/// <summary>Reads the rows of one statement. Columns of types that are read as something else than DuckDB's vectors hold are cast by the statement itself.</summary>
internal sealed unsafe class DuckDbReading(DuckDbSession session, TableQuery query, DatabaseContext context) : IResultOwner
{
    private long _lost;

    public string Source => query.Source;

    public Action<string> Warn => context.Warn;

    /// <summary>Opens the rows; <paramref name="table"/> are the columns where a table is read.</summary>
    public static IBatchReader Open(DuckDbSession session, string text, IReadOnlyList<ColumnSchema>? table, TableQuery query, DatabaseContext context)
    {
        var reading = new DuckDbReading(session, query, context);
        using var prepared = reading.Prepare(text);
        var columns = Columns(prepared, table);
        var schema = session.ToSchema(columns.Select(c => (c.Name, c.Native, c.Nullable)), query, context.Warn);
        var casts = columns.Select((c, i) => DataTypes.Of(schema.GetFieldByIndex(i)).Equals(c.Own) ? null : session.Database.Types.ToNative(DataTypes.Of(schema.GetFieldByIndex(i)), c.Name)).ToList();
        // A type that shows only when the parameters have values stands for itself.
        if (columns.Exists(c => c.Native.Length == 0))
        {
            return reading.Run(prepared, null);
        }

        if (casts.TrueForAll(c => c is null))
        {
            return reading.Run(prepared, schema);
        }

        using var wrapped = reading.Prepare(Wrap(session.Dialect, text, casts));
        return reading.Run(wrapped, schema);
    }

    public T Guarded<T>(Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var time = new CancellationTokenSource(session.Address.CommandTimeout ?? Timeout.InfiniteTimeSpan);
        using var stop = new Interruption(Interrupt, cancellation);
        using var late = new Interruption(Interrupt, time.Token);
        try
        {
            return session.Guard(work, cancellation);
        }
        catch (OperationCanceledException e) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw DataErrors.StatementTimedOut(session.Address.ToString(), "the statement took longer than command_timeout allows.", e);
        }

        void Interrupt() => NativeMethods.Startup.DuckDBInterrupt(session.Native);
    }

    public Exception Failed(string reason) => new DuckDbException(reason);

    public Exception? Unfit(DataException error, Field field, long row)
    {
        if (query.OnLoss == LossPolicy.Stop)
        {
            return DataErrors.ValueUnreadable(Source, row, field.Name, DataTypes.Of(field).Describe(), query.Remedy);
        }

        if (_lost++ == 0 && query.OnLoss == LossPolicy.Warn)
        {
            Warn($"{Source}: values that no type holds became null, the first in row {row}, column '{field.Name}'.");
        }

        return null;
    }

    private DuckDBPreparedStatement Prepare(string text)
    {
        using var statements = new DuckDbStatements(session, text, query.Parameters);
        return statements.Count == 1 ? statements.Prepare(0) : throw DataErrors.InvalidOption("-Query takes one statement that gives rows. Invoke-DataQuery runs several.");
    }

    private QueryResult Run(DuckDBPreparedStatement prepared, Schema? schema) =>
        new(this, Guarded(() => DuckDbStatements.Run(prepared, query.Parameters), context.Cancellation), schema);

    /// <summary>The columns of a statement: name, DuckDB's type (empty where it is not known yet), and our type for its vectors, null where none holds them.</summary>
    private static List<(string Name, string Native, bool Nullable, DataType? Own)> Columns(DuckDBPreparedStatement prepared, IReadOnlyList<ColumnSchema>? table)
    {
        var columns = new List<(string, string, bool, DataType?)>();
        for (var i = 0UL; i < DuckNative.PreparedColumnCount(prepared); i++)
        {
            using var type = new DuckDBLogicalType();
            System.Runtime.InteropServices.Marshal.InitHandle(type, DuckNative.PreparedColumnType(prepared, i));
            var isKnown = NativeMethods.LogicalType.DuckDBGetTypeId(type) is not (DuckDBType.Invalid or DuckDBType.Any);
            columns.Add((
                DuckNative.Take(DuckNative.PreparedColumnName(prepared, i))!,
                isKnown ? DuckDbTypeText.Of(type) : "",
                table?[(int)i].Nullable ?? true,
                isKnown ? DuckTypes.TryFromDuck(type) : null));
        }

        return columns;
    }

    private static string Wrap(SqlDialect dialect, string text, List<string?> casts)
    {
        var names = casts.Select((_, i) => $"c{i}").ToList();
        var expressions = casts.Zip(names, (cast, name) => cast is null ? name : $"CAST({name} AS {cast}) AS {name}");
        return $"SELECT {string.Join(", ", expressions)} FROM ({text.TrimEnd().TrimEnd(';')}\n) AS {dialect.Quote("datatools_query")}({string.Join(", ", names)})";
    }
}
