using DataTools.Errors;
using DataTools.Transfer;

namespace DataTools.Migrations;

/// <summary>Statements that are run in batches. Where they stand is recorded behind each, and a batch whose end is unknown is run again.</summary>
internal sealed partial class StepRunner
{
    /// <summary>
    /// Changes what was written behind the back of a backfill since it ended, where that can be told from what it has changed. It stands in no record, for what it does may be done again.
    /// </summary>
    public void CatchUp(MigrationFile file, IReadOnlyList<SqlStatement> statements)
    {
        foreach (var statement in statements)
        {
            if (target.OpenBatches(statement.Text, file.Options.BatchSize, null, cancellation) is { } batches && batches.CountLeft(cancellation) > 0)
            {
                while (batches.Next(cancellation))
                {
                    MakeSureOfLock();
                }
            }
        }
    }

    /// <summary>Runs a statement from where it stands; false where it is not one of batches.</summary>
    private bool RunBatches(MigrationStep step, MigrationRecord record, int index)
    {
        if (step.File.Language == MigrationLanguage.PowerShell)
        {
            return false;
        }

        var size = options.BatchSize ?? step.File.Options.BatchSize;
        string? cursor = null;
        try
        {
            if (target.OpenBatches(step.Statements[index].Text, size, record.Cursor, cancellation) is not { } batches)
            {
                return false;
            }

            using var throttle = Throttle.Open(null, options.MaxReplicaLag, target.Session, cancellation);
            cursor = batches.Cursor;
            while (_retry.Execute(() => Next(batches, index)))
            {
                cursor = batches.Cursor;
                Save(record with { Cursor = cursor }, false);
                options.Report(new MigrationProgress($"{step.File.Id} {step.File.Name}", index + 1, step.Statements.Count, batches.Rows, null));
                throttle.Wait(0, cancellation);
                Pause();
            }

            return true;
        }
        catch (DataException e) when (e.Id != nameof(DataErrors.MigrationLockLost))
        {
            throw new StatementException(index, e) { Cursor = cursor };
        }
        catch (StatementException e)
        {
            throw new StatementException(index, e.Fault) { Cursor = cursor };
        }
    }

    private bool Next(StatementBatches batches, int index)
    {
        try
        {
            return batches.Next(cancellation);
        }
        catch (DataException e)
        {
            throw new StatementException(index, e) { IsRepeatable = true };
        }
    }

    private void Pause()
    {
        if (options.Delay > TimeSpan.Zero)
        {
            cancellation.WaitHandle.WaitOne(options.Delay);
        }

        cancellation.ThrowIfCancellationRequested();
        MakeSureOfLock();
    }
}
