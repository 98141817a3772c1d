using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>The ledgers of a database of tables: one table for all of them.</summary>
internal sealed class LedgerTable(SqlSession session, string ledger) : ILedger
{
    /// <summary>The table's name.</summary>
    public const string Name = "datatools_ledger";

    private const string Fields = "step, phase, table_name, part, state, row_count, milliseconds, error, watermark, token";

    private static readonly TableName Table = new(null, Name);

    private DateTime _opened;
    private long _started;

    /// <summary>
    /// The database's clock, in milliseconds: the one that all workers share. It is asked once, and goes on by what cannot be set: a machine whose clock is corrected
    /// must neither take what others have nor leave what nobody has.
    /// </summary>
    public long Now => (_opened + Stopwatch.GetElapsedTime(_started)).Ticks / TimeSpan.TicksPerMillisecond;

    private string Quoted => session.Dialect.Quote(Table);

    /// <summary>Makes the table where there is none, and reads the database's clock.</summary>
    public void Open(CancellationToken cancellation)
    {
        if (session.FindTable(Table, cancellation) is null)
        {
            try
            {
                session.Run(session.Dialect.CreateTable(Table, Columns(), ["ledger", "step"], temporary: false), cancellation);
            }
            catch (DataException) when (session.FindTable(Table, cancellation) is not null)
            {
                // Another worker was faster.
            }
        }

        _opened = session.Query("SELECT CURRENT_TIMESTAMP", r => ToTime(r.GetValue(0)), cancellation)[0];
        _started = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public List<LedgerStep> Read(CancellationToken cancellation) =>
        session.Query($"SELECT {Fields} FROM {Quoted} WHERE ledger = {P(1)} ORDER BY step", Step, cancellation, ledger);

    /// <inheritdoc/>
    public bool TryStart(IReadOnlyList<LedgerStep> steps, bool isLast, CancellationToken cancellation)
    {
        session.Begin();
        try
        {
            session.Run($"DELETE FROM {Quoted} WHERE ledger = {P(1)} AND step = 0 AND state = {P(2)}", cancellation, ledger, LedgerStep.Done);
            Insert(steps[0], cancellation);
            session.Run($"DELETE FROM {Quoted} WHERE ledger = {P(1)} AND step > 0", cancellation, ledger);
            foreach (var step in steps.Skip(1))
            {
                Insert(step, cancellation);
            }

            session.Commit();
            return true;
        }
        catch (DataException e) when (!isLast && (e.Id is nameof(DataErrors.RowRefused) or nameof(DataErrors.TransactionConflict)))
        {
            session.Rollback();
            return false;
        }
        catch
        {
            session.Rollback();
            throw;
        }
    }

    /// <inheritdoc/>
    public LedgerStep? Claim(string worker, TimeSpan lease, bool isAlone, CancellationToken cancellation)
    {
        var free = $"(s.state = 'pending' OR (s.state = 'leased' AND (s.lease_until < {P(2)} OR s.worker = {P(3)})))";
        var ready = $"NOT EXISTS (SELECT 1 FROM {Quoted} p WHERE p.ledger = s.ledger AND p.step > 0 AND p.phase < s.phase AND p.state <> 'done' AND (p.table_name = s.table_name OR p.table_name = '' OR s.table_name = ''))";
        session.Begin();
        try
        {
            var found = session.Query(
                $"SELECT {Fields} FROM {Quoted} s WHERE s.ledger = {P(1)} AND s.step > 0 AND {free} AND {ready} ORDER BY step LIMIT 1{session.Dialect.SkipLocked}",
                Step,
                cancellation,
                ledger,
                isAlone ? long.MaxValue : Now,
                worker);
            var claimed = found is [var step] ? Take(step, worker, lease, cancellation) : null;
            session.Commit();
            return claimed;
        }
        catch
        {
            session.Rollback();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Renew(IEnumerable<string> tokens, TimeSpan lease, CancellationToken cancellation)
    {
        foreach (var token in tokens)
        {
            session.Run($"UPDATE {Quoted} SET lease_until = {P(1)} WHERE ledger = {P(2)} AND token = {P(3)} AND state = 'leased'", cancellation, Until(lease), ledger, token);
        }
    }

    /// <summary>Marks a step as done, within the transaction that did it; false where the lease is another's by now, so that the transaction must be undone.</summary>
    public bool Finish(LedgerStep step, long rows, string? checksum, long milliseconds, CancellationToken cancellation) => session.Run(
        $"UPDATE {Quoted} SET state = 'done', row_count = {P(1)}, checksum = {P(2)}, milliseconds = {P(3)}, error = NULL WHERE ledger = {P(4)} AND step = {P(5)} AND state = 'leased' AND token = {P(6)}",
        cancellation,
        rows,
        checksum,
        milliseconds,
        ledger,
        step.Number,
        step.Token) == 1;

    /// <inheritdoc/>
    public void Return(LedgerStep step, string? error, CancellationToken cancellation) => session.Run(
        $"UPDATE {Quoted} SET state = {P(1)}, error = {P(2)}, lease_until = 0 WHERE ledger = {P(3)} AND step = {P(4)} AND state = 'leased' AND token = {P(5)}",
        cancellation,
        error is null ? LedgerStep.Pending : LedgerStep.Failed,
        error,
        ledger,
        step.Number,
        step.Token);

    /// <inheritdoc/>
    public void Retry(CancellationToken cancellation) =>
        session.Run($"UPDATE {Quoted} SET state = 'pending', error = NULL WHERE ledger = {P(1)} AND state = 'failed'", cancellation, ledger);

    /// <inheritdoc/>
    public void Close(LedgerStep last, string? watermark, CancellationToken cancellation) =>
        session.Run($"UPDATE {Quoted} SET state = 'done', watermark = {P(1)} WHERE ledger = {P(2)} AND step = 0", cancellation, watermark, ledger);

    private void Insert(LedgerStep step, CancellationToken cancellation) => session.Run(
        $"INSERT INTO {Quoted} (ledger, step, phase, table_name, part, state, row_count, milliseconds, tries, lease_until, watermark) VALUES ({string.Join(", ", Enumerable.Range(1, 11).Select(P))})",
        cancellation,
        ledger,
        step.Number,
        (long)step.Kind,
        step.Table,
        step.Part,
        step.State,
        0L,
        0L,
        0L,
        0L,
        step.Watermark);

    private LedgerStep? Take(LedgerStep step, string worker, TimeSpan lease, CancellationToken cancellation)
    {
        var token = Guid.NewGuid().ToString("N");
        var same = step.Token is null ? "token IS NULL" : $"token = {P(7)}";
        object?[] values = [LedgerStep.Leased, worker, token, Until(lease), ledger, step.Number, step.Token];
        var taken = session.Run(
            $"UPDATE {Quoted} SET state = {P(1)}, worker = {P(2)}, token = {P(3)}, lease_until = {P(4)}, tries = tries + 1 WHERE ledger = {P(5)} AND step = {P(6)} AND state IN ('pending', 'leased') AND {same}",
            cancellation,
            step.Token is null ? values[..6] : values);
        return taken == 1 ? step with { State = LedgerStep.Leased, Token = token } : null;
    }

    private long Until(TimeSpan lease) => Now + (long)lease.TotalMilliseconds;

    private string P(int number) => session.Dialect.Parameter(number);

    private IEnumerable<NewColumn> Columns()
    {
        var (number, text) = (session.Database.Types.ToNative(DataTypes.Int64, "step"), session.Database.Types.ToNative(DataTypes.Text, "part"));
        return
        [
            new("ledger", "varchar(150)", false), new("step", number, false), new("phase", number, false), new("table_name", "varchar(300)", false), new("part", text),
            new("state", "varchar(16)", false), new("row_count", number), new("checksum", "varchar(64)"), new("milliseconds", number), new("worker", "varchar(200)"),
            new("token", "varchar(40)"), new("lease_until", number), new("tries", number), new("error", text), new("watermark", text),
        ];
    }

    private static LedgerStep Step(DbDataReader r) => new(Number(r, 0), (StepKind)Number(r, 1), r.GetString(2), Text(r, 3) ?? "")
    {
        State = r.GetString(4), Rows = Number(r, 5), Milliseconds = Number(r, 6), Error = Text(r, 7), Watermark = Text(r, 8), Token = Text(r, 9),
    };

    private static long Number(DbDataReader r, int column) => r.IsDBNull(column) ? 0 : Convert.ToInt64(r.GetValue(column), CultureInfo.InvariantCulture);

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static DateTime ToTime(object value) => value switch
    {
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateTimeOffset time => time.UtcDateTime,
        _ => DateTime.Parse($"{value}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
    };
}
