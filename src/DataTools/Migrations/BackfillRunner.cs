using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DataTools.Errors;
using DataTools.Transfer;
using Polly;
using Polly.Retry;

namespace DataTools.Migrations;

/// <summary>
/// Runs a backfill by batches of the key. The upper bound is frozen when it begins, as rows that come later are kept in step by the triggers of the expand phase; where
/// it stands is saved in each batch's transaction, so that a later run goes on there.
/// </summary>
internal sealed class BackfillRunner(MigrationTarget target, MigrationRunOptions options, CancellationToken cancellation)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(options.Retries, 1),
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstDelay,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<DataException>(e => e.Id == nameof(DataErrors.TransactionConflict)),
        })
        .Build();

    /// <summary>Where a backfill stands. Keys are literals of the database.</summary>
    private sealed record Cursor(string? Last, string Upper, long Rows, double First, double End);

    /// <summary>Fills what is left and gives the row that the history has then.</summary>
    public MigrationRecord Run(MigrationStep step)
    {
        target.LimitLocks(step.File.Options.LockTimeout ?? options.LockTimeout, cancellation);
        var watch = Stopwatch.StartNew();
        var record = step.Record with { State = RecordState.Running, Phase = SectionKind.Backfill, Error = null, StatementsDone = 0, StatementBegun = 0, StatementsTotal = step.Statements.Count, StatementHashes = MigrationChecksum.Of(step.Statements) };
        try
        {
            record = step.File.Options.Batch is { } batch ? ByBatches(step, record, batch) : AtOnce(step, record);
        }
        catch (DataException e)
        {
            TrySave(record with { State = RecordState.Failed, Error = e.Message }, step);
            throw DataErrors.MigrationFailed(
                step.File.Path, step.Statements[0].Line, 1, step.Statements.Count, step.Statements[0].Text, e.Message, "The batches that are done stay. Once the cause is away, run it again: it goes on behind them.", e);
        }

        record = record with { State = step.Final, AppliedAt = DateTime.UtcNow, Duration = step.Record.Duration + watch.Elapsed, StatementsDone = record.StatementsTotal, StatementBegun = record.StatementsTotal };
        target.Save(record, false, cancellation);
        return record;
    }

    private MigrationRecord AtOnce(MigrationStep step, MigrationRecord record)
    {
        target.Save(record, false, cancellation);
        _retry.Execute(() => InTransaction(() =>
        {
            foreach (var statement in step.Statements)
            {
                target.Run(statement.Text, cancellation);
            }
        }));
        return record;
    }

    private MigrationRecord ByBatches(MigrationStep step, MigrationRecord record, BackfillOptions batch)
    {
        var keys = new KeySteps(target, batch with { Size = options.BatchSize ?? batch.Size }, cancellation);
        var cursor = record.Cursor is { } text ? JsonSerializer.Deserialize<Cursor>(text)! : Start(keys);
        if (cursor is null)
        {
            return record;
        }

        record = record with { Cursor = JsonSerializer.Serialize(cursor) };
        target.Save(record, false, cancellation);
        using var throttle = Throttle.Open(null, options.MaxReplicaLag, target.Session, cancellation);
        while (cursor.Last != cursor.Upper)
        {
            cancellation.ThrowIfCancellationRequested();
            throttle.Wait(0, cancellation);
            var next = keys.Next(cursor.Last, cursor.Upper);
            var rows = 0L;
            var from = cursor.Last;
            var done = record;
            _retry.Execute(() => InTransaction(() =>
            {
                // Rows and place are one: a server that loses them loses both.
                target.CommitLate(cancellation);
                rows = step.Statements.Sum(s => target.RunCounted(BackfillStatement.Of(s, target, batch, from, next), cancellation));
                done = record with { Cursor = JsonSerializer.Serialize(cursor with { Last = next, Rows = cursor.Rows + rows }) };
                target.Save(done, false, cancellation);
            }));
            record = done;
            cursor = cursor with { Last = next, Rows = cursor.Rows + rows };
            options.Report(new MigrationProgress($"{step.File.Id} {step.File.Name}, backfill", 1, 1, cursor.Rows, Share(cursor)));
            if (options.Delay > TimeSpan.Zero)
            {
                cancellation.WaitHandle.WaitOne(options.Delay);
            }
        }

        return record;
    }

    private static Cursor? Start(KeySteps keys) => keys.Bounds() is var (first, last) ? new Cursor(null, last, 0, Number(first), Number(last)) : null;

    /// <summary>Keys that are numbers tell how far it is.</summary>
    private static double? Share(Cursor cursor) => cursor.End > cursor.First ? Math.Clamp((Number(cursor.Last!) - cursor.First) / (cursor.End - cursor.First), 0, 1) : null;

    private static double Number(string literal) => double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private void InTransaction(Action action)
    {
        target.Session.Begin();
        try
        {
            action();
            target.Session.Commit();
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    private void TryRollback()
    {
        try
        {
            if (target.Session.InTransaction)
            {
                target.Session.Rollback();
            }
        }
        catch (DataException)
        {
            // The connection is gone, and the server rolls back by itself.
        }
    }

    private void TrySave(MigrationRecord record, MigrationStep step)
    {
        if (!target.Session.IsOpen)
        {
            return;
        }

        try
        {
            target.Save(record, false, CancellationToken.None);
        }
        catch (DataException e)
        {
            options.Warn($"The failure of {step.File.Id} could not be recorded: {e.Message}");
        }
    }
}

/// <summary>The keys at which batches end.</summary>
internal sealed class KeySteps(MigrationTarget target, BackfillOptions batch, CancellationToken cancellation)
{
    /// <summary>The least and the greatest key as literals; null where there are no rows.</summary>
    public (string First, string Last)? Bounds() => target.KeyAt(batch, null, null, 0, false, cancellation) is { } first && target.KeyAt(batch, null, null, 0, true, cancellation) is { } last ? (first, last) : null;

    /// <summary>The key at which the next batch ends.</summary>
    public string Next(string? from, string upper) => target.KeyAt(batch, from, upper, batch.Size - 1, false, cancellation) ?? upper;
}
