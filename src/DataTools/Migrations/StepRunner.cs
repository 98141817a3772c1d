using System.Diagnostics;
using DataTools.Errors;
using Polly;
using Polly.Retry;

namespace DataTools.Migrations;

/// <summary>
/// Runs a section of a migration. Where a rollback undoes everything, the section and its row of the history are one transaction. Elsewhere the begin and the end of each
/// statement are recorded, so that a later run goes on behind the last that is done, and knows where it cannot know.
/// </summary>
internal sealed partial class StepRunner(MigrationTarget target, RunnerLock held, MigrationRunOptions options, CancellationToken cancellation)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>The version of this module.</summary>
    public static readonly string ToolVersion = typeof(StepRunner).Assembly.GetName().Version!.ToString(3);

    private readonly ResiliencePipeline _retry = options.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstDelay,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<StatementException>(e => e.Fault.Id == nameof(DataErrors.TransactionConflict) && (e.IsRepeatable || !target.IsOutcomeUnknown(e.Fault))),
        })
        .Build();

    /// <summary>Runs a step and gives the row that the history has then.</summary>
    public MigrationRecord Run(MigrationStep step)
    {
        if (step.File.Language == MigrationLanguage.PowerShell && options.RunScript is null)
        {
            throw DataErrors.MigrationScriptNotAllowed(step.File.Path);
        }

        var watch = Stopwatch.StartNew();
        target.LimitLocks(LimitOf(step), cancellation);
        var begun = Begun(step);
        var places = step.Statements.Select(s => Place(step, s)).ToList();
        var settings = ChangesSettings(step) ? target.ReadSettings(cancellation) : [];
        try
        {
            var isOne = IsOneTransaction(step, places);
            if (isOne && settings.Count == 0 && IsSentWhole(step, places) && RunAtOnce([step]) is [var done])
            {
                return done;
            }

            MakeSureOfLock();
            return isOne ? InTransaction(step, begun, places, watch) : ByStatement(step, begun, places, watch);
        }
        finally
        {
            Rollback();
            Restore(settings);
        }
    }

    private TimeSpan LimitOf(MigrationStep step) => step.File.Options.LockTimeout ?? options.LockTimeout;

    private bool ChangesSettings(MigrationStep step) => step.File.Language == MigrationLanguage.Sql && step.Statements.Any(s => target.ChangesSettings(s.Text));

    private static MigrationRecord Begun(MigrationStep step) => step.Record with
    {
        State = RecordState.Running,
        Phase = step.Kind,
        AppliedAt = DateTime.UtcNow,
        AppliedBy = Environment.UserName,
        Host = Environment.MachineName,
        ToolVersion = ToolVersion,
        StatementsTotal = step.Statements.Count,
        StatementHashes = MigrationChecksum.Of(step.Statements),
        Error = null,
    };

    private StatementPlace Place(MigrationStep step, SqlStatement statement) => step.File.Language == MigrationLanguage.Sql ? target.PlaceOf(statement.Text) : StatementPlace.Inside;

    private bool IsOneTransaction(MigrationStep step, List<StatementPlace> places)
    {
        if (!target.HasTransactions || !step.File.IsTransaction(step.Kind, target.Database) || places.Contains(StatementPlace.Outside))
        {
            return false;
        }

        var own = places.FindIndex(p => p is StatementPlace.Begin or StatementPlace.End);
        return own < 0 ? true : throw DataErrors.MigrationMalformed(
            step.File.Path, step.Statements[own].Line, "the migration is a transaction as a whole and can neither begin nor end one; leave the statement out, or write '-- transaction: off' into the first line");
    }

    private MigrationRecord InTransaction(MigrationStep step, MigrationRecord begun, List<StatementPlace> places, Stopwatch watch)
    {
        var isNew = step.IsNew;
        var first = places.FindIndex(p => p != StatementPlace.Around);
        var last = places.FindLastIndex(p => p != StatementPlace.Around);
        try
        {
            return _retry.Execute(() =>
            {
                RunRange(step, 0, first < 0 ? places.Count : first);
                target.Session.Begin();
                if (first >= 0)
                {
                    RunRange(step, first, last + 1);
                }

                if (places.Contains(StatementPlace.Around))
                {
                    target.CheckBeforeCommit(cancellation);
                }

                Verify(step);
                var done = Done(step, begun, watch);
                target.Save(done, isNew, cancellation);
                target.Session.Commit();
                RunRange(step, last + 1, first < 0 ? 0 : places.Count);
                return done;
            });
        }
        catch (Exception e) when (e is StatementException or DataException)
        {
            Rollback();
            TrySave(Unchanged(step, e.Message) ?? begun with { State = RecordState.Failed, StatementsDone = 0, StatementBegun = 0, Error = e.Message, Duration = watch.Elapsed }, isNew);
            if (e is StatementException fault)
            {
                throw Failed(step, fault, "Everything was rolled back: once the cause is away, run it again." + HintOf(step));
            }

            throw;
        }
    }

    private MigrationRecord ByStatement(MigrationStep step, MigrationRecord begun, List<StatementPlace> places, Stopwatch watch)
    {
        var record = begun;
        Save(record, step.IsNew);
        var index = record.StatementsDone;
        // What an earlier run set for its session, the statements that are left need as well.
        foreach (var set in step.Statements.Take(index).Where(s => target.ChangesSettings(s.Text)))
        {
            target.Run(set.Text, cancellation);
        }

        while (index < step.Statements.Count)
        {
            var next = EndOfGroup(step, places, index);
            try
            {
                record = IsGuarded(step, places, index, next) ? Guarded(step, record, index, next) : Unguarded(step, record, index, next);
            }
            catch (StatementException e)
            {
                RollbackOwn(places[index]);
                throw Stopped(step, record with { StatementsDone = index, Duration = watch.Elapsed }, e);
            }

            index = next;
        }

        VerifyAtEnd(step, record with { Duration = watch.Elapsed });
        var done = Done(step, record, watch);
        Save(done, false);
        return done;
    }

    /// <summary>Records at which statement a step has stopped, and says so.</summary>
    private DataException Stopped(MigrationStep step, MigrationRecord record, StatementException e)
    {
        var index = record.StatementsDone;
        // The server said that it did not happen; where the connection broke, nobody said so.
        var last = target.IsOutcomeUnknown(e.Fault) ? index + 1 : index;
        var cursor = e.Cursor ?? record.Cursor;
        TrySave((last == 0 && cursor is null ? Unchanged(step, e.Fault.Message) : null) ?? record with { State = RecordState.Failed, StatementBegun = last, Cursor = cursor, Error = e.Fault.Message }, false);
        return Failed(step, e, $"{index} of {step.Statements.Count} statements are done and stay. Once the cause is away, run it again: it goes on with statement {index + 1}{(last > index ? ", unless nobody can know whether that took effect" : "")}.{HintOf(step)}");
    }

    /// <summary>A statement, or a transaction that the file itself begins and commits, can be one transaction with its record.</summary>
    private bool IsGuarded(MigrationStep step, List<StatementPlace> places, int index, int next) => target.HasTransactions
        && (places[index] == StatementPlace.Inside
            || (places[index] == StatementPlace.Begin && step.Statements[next - 1].Text.StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase) && places[(index + 1)..(next - 1)].TrueForAll(p => p == StatementPlace.Inside)));

    private MigrationRecord Guarded(MigrationStep step, MigrationRecord record, int index, int next)
    {
        var done = record with { StatementsDone = next, StatementBegun = next };
        var isGroup = next > index + 1;
        _retry.Execute(() =>
        {
            target.Session.Begin();
            RunRange(step, isGroup ? index + 1 : index, isGroup ? next - 1 : next);
            target.Save(done, false, cancellation);
            target.Session.Commit();
        });
        return done;
    }

    private MigrationRecord Unguarded(MigrationStep step, MigrationRecord record, int index, int next)
    {
        MakeSureOfLock();
        Save(record with { StatementBegun = index + 1 }, false);
        if (!RunBatches(step, record with { StatementBegun = index + 1 }, index))
        {
            _retry.Execute(() =>
            {
                target.Prepare(step.Statements[index].Text, cancellation);
                RunRange(step, index, next);
            });
        }

        var done = record with { StatementsDone = next, StatementBegun = next, Cursor = null };
        Save(done, false);
        return done;
    }

    /// <summary>A transaction that the file itself begins and ends is one thing.</summary>
    private static int EndOfGroup(MigrationStep step, List<StatementPlace> places, int index)
    {
        if (places[index] != StatementPlace.Begin)
        {
            return index + 1;
        }

        var end = places.FindIndex(index, p => p == StatementPlace.End);
        return end >= 0 ? end + 1 : throw DataErrors.MigrationMalformed(step.File.Path, step.Statements[index].Line, "the transaction that begins here does not end");
    }

    private void RunRange(MigrationStep step, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            options.Report(new MigrationProgress($"{step.File.Id} {step.File.Name}", i + 1, step.Statements.Count, 0, null));
            try
            {
                if (step.File.Language == MigrationLanguage.PowerShell)
                {
                    options.RunScript!(step.File, step.Kind);
                }
                else
                {
                    target.Run(step.Statements[i].Text, cancellation);
                }
            }
            catch (DataException e)
            {
                Rollback();
                throw new StatementException(i, e);
            }
        }
    }

    /// <summary>Makes sure that the lock is still held.</summary>
    public void MakeSureOfLock()
    {
        if (held.WhyLost(cancellation) is { } why)
        {
            throw DataErrors.MigrationLockLost(target.Session.Address.ToString(), why);
        }
    }

    private void Verify(MigrationStep step) => MakeSure(step.File, step.Verify);

    /// <summary>What is done stays here when it does not verify, and the history says why the migration is not at its end.</summary>
    private void VerifyAtEnd(MigrationStep step, MigrationRecord record)
    {
        try
        {
            Verify(step);
        }
        catch (DataException e)
        {
            TrySave(record with { State = RecordState.Failed, Error = e.Message }, false);
            throw;
        }
    }

    /// <summary>Makes sure that queries give no rows.</summary>
    public void MakeSure(MigrationFile file, IReadOnlyList<SqlStatement> queries)
    {
        foreach (var query in queries)
        {
            if (target.FirstRow(query.Text, cancellation) is { } row)
            {
                throw DataErrors.MigrationVerifyFailed(file.Path, query.Line, query.Text, row);
            }
        }
    }

    private static MigrationRecord Done(MigrationStep step, MigrationRecord record, Stopwatch watch) => record with
    {
        State = step.Final,
        StatementsDone = step.Statements.Count,
        StatementBegun = step.Statements.Count,
        AppliedAt = DateTime.UtcNow,
        Duration = watch.Elapsed,
    };

    private void Save(MigrationRecord record, bool isNew) => target.Save(record, isNew, cancellation);

    /// <summary>What cannot be recorded any more must not hide what went wrong.</summary>
    private void TrySave(MigrationRecord record, bool isNew)
    {
        if (!target.Session.IsOpen)
        {
            return;
        }

        try
        {
            target.Save(record, isNew, CancellationToken.None);
        }
        catch (DataException e)
        {
            options.Warn($"The failure could not be recorded: {e.Message}");
        }
    }

    private void Restore(IReadOnlyList<string> settings)
    {
        foreach (var setting in settings.Where(_ => target.Session.IsOpen))
        {
            target.Run(setting, CancellationToken.None);
        }
    }

    private void Rollback()
    {
        if (target.Session.InTransaction)
        {
            try
            {
                target.Session.Rollback();
            }
            catch (DataException)
            {
                // The connection is gone, and the server rolls back by itself.
            }
        }
    }

    /// <summary>What the file itself began.</summary>
    private void RollbackOwn(StatementPlace place)
    {
        Rollback();
        if (place == StatementPlace.Begin)
        {
            try
            {
                target.Run("ROLLBACK", CancellationToken.None);
            }
            catch (DataException)
            {
                // It has ended already, by the error or with the connection.
            }
        }
    }

    /// <summary>What was to be undone or completed stays as it is where nothing of that was done.</summary>
    private static MigrationRecord? Unchanged(MigrationStep step, string error) => step.Before is null ? null : step.Before with { Error = error, DownText = null };

    private static string HintOf(MigrationStep step) => step.Final != RecordState.Reverted ? ""
        : $" The way back is the one that the history keeps since it was run: when that of the file was mended, Repair-DataMigration {step.File.Id} takes it over.";

    private static DataException Failed(MigrationStep step, StatementException error, string consequence)
    {
        var statement = step.Statements[error.Index];
        return DataErrors.MigrationFailed(step.File.Path, statement.Line, error.Index + 1, step.Statements.Count, statement.Text, error.Fault.Message, consequence, error.Fault);
    }

    /// <summary>An error of a statement, on its way to whoever knows what it means.</summary>
    private sealed class StatementException(int index, DataException fault) : Exception(fault.Message, fault)
    {
        public int Index => index;

        public DataException Fault => fault;

        /// <summary>Whether it may be tried again whatever became of it.</summary>
        public bool IsRepeatable { get; init; }

        /// <summary>How far a statement came that is run in batches.</summary>
        public string? Cursor { get; init; }
    }
}
