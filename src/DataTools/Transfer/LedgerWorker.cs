using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>
/// Works on the steps of a ledger until none is left: takes one, and does it and marks it as done. What breaks off on the way is taken again, by this worker or another.
/// </summary>
internal sealed class LedgerWorker(LedgerCrew crew, string name, ILedgerSession target, ILedgerSession control, ICopySource source)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly ILedger _claims = control.OpenLedger(crew.Name);
    private readonly ILedger _marks = target.OpenLedger(crew.Name);
    private readonly CancellationToken _cancellation = crew.Context.Cancellation;

    /// <summary>Works until all steps are done; a step that failed, here or elsewhere, ends it with an error.</summary>
    public void Run()
    {
        _claims.Open(_cancellation);
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_claims.Claim(name, crew.Lease, target.IsExclusive, _cancellation) is { } step)
            {
                Try(step);
            }
            else if (IsComplete())
            {
                return;
            }
            else
            {
                _cancellation.WaitHandle.WaitOne(Poll);
            }
        }
    }

    private bool IsComplete()
    {
        var steps = _claims.Read(_cancellation).Where(s => s.Kind != StepKind.Plan).ToList();
        var failed = steps.Find(s => s.State == LedgerStep.Failed);
        return failed is null ? steps.TrueForAll(s => s.State == LedgerStep.Done) : throw DataErrors.CopyStepFailed(crew.Name, failed.Table, failed.Error);
    }

    private void Try(LedgerStep step)
    {
        crew.Hold(step.Token!);
        try
        {
            crew.Steps.Run(target, source, _marks, step, () => _claims.Read(_cancellation));
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.TransactionConflict) && crew.MayRetry(step))
        {
            Undo();
            _claims.Return(step, null, _cancellation);
            _cancellation.WaitHandle.WaitOne(Random.Shared.Next(20, 400));
        }
        catch (Exception e)
        {
            Undo();
            Report(step, e);
            throw;
        }
        finally
        {
            crew.Release(step.Token!);
        }
    }

    private void Report(LedgerStep step, Exception error)
    {
        if (!control.IsOpen || error is DataException { Id: nameof(DataErrors.ConnectionFailed) })
        {
            // Nobody to tell: the lease runs out by itself, and this worker, when it is back, takes it at once.
            return;
        }

        try
        {
            // What the user ended is free for others; what failed is not tried again by itself.
            _claims.Return(step, error is DataException known ? known.Message : null, CancellationToken.None);
        }
        catch (DataException)
        {
            // The error of the step itself is the one to see.
        }
    }

    private void Undo()
    {
        try
        {
            if (target.InTransaction)
            {
                target.Rollback();
            }
        }
        catch (DataException)
        {
            // The connection is gone; the server undoes what was not committed.
        }
    }
}
