using System.Globalization;
using System.Text;
using DataTools.Databases.Writing;
using DataTools.Schemas;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>
/// Inserts rows of a batch by statements of many rows, in the strict mode. A row that the server refuses, or would change, is found by the number that its message
/// names, or else by halves.
/// </summary>
internal sealed class MySqlInserter(MySqlSession session, TableName table, MySqlTargetColumn[] columns, MySqlEncoder[] encoders, List<MySqlError> warnings)
{
    private const string Savepoint = "datatools_insert";
    private const int MaxRows = 500;
    private const int RoomForText = 3;

    private readonly string _start = $"INSERT INTO {session.Dialect.Quote(table)} ({session.Dialect.List(columns.Select(c => c.Name))}) VALUES ";
    private readonly string _row = $"({string.Join(',', columns.Select(_ => "?"))})";
    private readonly int _rows = Math.Clamp(60_000 / columns.Length, 1, MaxRows);
    private readonly long _bytes = Math.Min(session.Server.MaxPacket / RoomForText, 4 << 20);
    private Action<LoadFault>? _reject;

    /// <summary>
    /// Inserts the rows from 0 to <paramref name="count"/>, and says how many went in. Bad ones go to <paramref name="reject"/>; without it the first ends the run.
    /// </summary>
    public long Insert(int count, Action<LoadFault>? reject, CancellationToken cancellation)
    {
        _reject = reject;
        var inserted = 0L;
        var values = new List<object>();
        for (var row = 0; row < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var taken = new List<int>();
            values.Clear();
            for (var bytes = 0L; row < count && taken.Count < _rows && bytes < _bytes; row++)
            {
                if (TryTake(row, values, ref bytes))
                {
                    taken.Add(row);
                }
            }

            inserted += Insert(taken, values, cancellation);
        }

        return inserted;
    }

    private bool TryTake(int row, List<object> values, ref long bytes)
    {
        var before = values.Count;
        try
        {
            foreach (var encoder in encoders)
            {
                var value = encoder.Value(row);
                bytes += value is string text ? text.Length : value is byte[] raw ? raw.Length : 8;
                values.Add(value);
            }

            return true;
        }
        catch (LoadFaultException e) when (_reject is not null)
        {
            values.RemoveRange(before, values.Count - before);
            _reject(e.Fault);
            return false;
        }
    }

    private long Insert(List<int> rows, List<object> values, CancellationToken cancellation)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        if (TryInsert(rows, values, cancellation) is not { } fault)
        {
            return rows.Count;
        }

        var named = fault.Row is { } number && number <= rows.Count ? (int)number - 1 : rows.Count == 1 ? 0 : -1;
        if (named < 0)
        {
            var half = rows.Count / 2;
            return Part(rows, values, 0, half, cancellation) + Part(rows, values, half, rows.Count, cancellation);
        }

        var refused = Describe(fault, rows[named], values, named);
        if (_reject is null)
        {
            throw new LoadFaultException(refused);
        }

        // In the order of the rows: those before it may be at fault too.
        var inserted = Part(rows, values, 0, named, cancellation);
        _reject(refused);
        return inserted + Part(rows, values, named + 1, rows.Count, cancellation);
    }

    private long Part(List<int> rows, List<object> values, int from, int to, CancellationToken cancellation) =>
        Insert(rows[from..to], values[(from * columns.Length)..(to * columns.Length)], cancellation);

    /// <summary>Inserts rows, all or none; gives what is wrong with them.</summary>
    private DatabaseFault? TryInsert(List<int> rows, List<object> values, CancellationToken cancellation)
    {
        session.Run($"SAVEPOINT {Savepoint}", cancellation);
        warnings.Clear();
        using var command = (MySqlCommand)session.NewCommand(Text(rows.Count), new Dictionary<string, object?>());
        foreach (var value in values)
        {
            command.Parameters.Add(new MySqlParameter { Value = value });
        }

        try
        {
            using var stop = session.StopOn(cancellation, command.Cancel);
            command.ExecuteNonQuery();
        }
        catch (MySqlException e) when (MySqlFaults.Classify(e) is { Kind: FaultKind.Row } fault)
        {
            return fault;
        }

        if (warnings.Find(w => !MySqlLoader.IsHarmless(w)) is not { } warning)
        {
            return null;
        }

        // Taken, but changed.
        session.Run($"ROLLBACK TO SAVEPOINT {Savepoint}", cancellation);
        var (row, column) = MySqlFaults.Place(warning.Message);
        return new DatabaseFault(FaultKind.Row, warning.Message) { Row = row > 0 ? row : null, Column = column };
    }

    private string Text(int rows)
    {
        var text = new StringBuilder(_start);
        for (var i = 0; i < rows; i++)
        {
            text.Append(i > 0 ? "," : "").Append(_row);
        }

        return text.ToString();
    }

    private LoadFault Describe(DatabaseFault fault, int row, List<object> values, int at)
    {
        var column = System.Array.FindIndex(columns, c => c.Name == fault.Column);
        var value = column < 0 ? null : values[(at * columns.Length) + column];
        return new LoadFault(row, column < 0 ? null : columns[column].Name, value is null or DBNull or byte[] ? null : Convert.ToString(value, CultureInfo.InvariantCulture), $"is refused: {MySqlFaults.WithoutPlace(fault.Message)}");
    }
}
