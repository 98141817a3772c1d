using DataTools.Databases;

namespace DataTools.Transfer;

/// <summary>
/// What a target keeps of the steps of a copy: which are done, and who works on which. A lease is taken by changing a step only if it is as it was read, so that of several
/// workers one gets it; a step counts as done only where the lease that it was done under still stands.
/// </summary>
internal interface ILedger
{
    /// <summary>Makes the place of the ledgers where there is none.</summary>
    void Open(CancellationToken cancellation);

    /// <summary>The steps in order; none where the ledger is new.</summary>
    List<LedgerStep> Read(CancellationToken cancellation);

    /// <summary>Puts down the steps of a run, in place of those of a run that is complete; false where another worker did so first, which may be an error at the last try.</summary>
    bool TryStart(IReadOnlyList<LedgerStep> steps, bool isLast, CancellationToken cancellation);

    /// <summary>Takes a step that is ready; null where none is. Leases that ran out count as free, as do those of the same worker, which must have died.</summary>
    LedgerStep? Claim(string worker, TimeSpan lease, bool isAlone, CancellationToken cancellation);

    /// <summary>Prolongs leases.</summary>
    void Renew(IEnumerable<string> tokens, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Marks a step as done; false where the lease is another's by now.</summary>
    bool Finish(LedgerStep step, long rows, string? checksum, long milliseconds, CancellationToken cancellation);

    /// <summary>Gives a step back, to be tried again or, with an error, as failed.</summary>
    void Return(LedgerStep step, string? error, CancellationToken cancellation);

    /// <summary>Lets steps that failed be tried again.</summary>
    void Retry(CancellationToken cancellation);

    /// <summary>Closes the run by its last step: the plan is done, with the watermarks for the next one.</summary>
    void Close(LedgerStep last, string? watermark, CancellationToken cancellation);
}

/// <summary>A session of a database that keeps ledgers.</summary>
internal interface ILedgerSession : IDatabaseSession
{
    /// <summary>Whether no other process writes to the database while this one has it open.</summary>
    bool IsExclusive { get; }

    /// <summary>The ledger of a name.</summary>
    ILedger OpenLedger(string name);

    /// <summary>What the steps of a copy do in a database of this kind.</summary>
    LedgerSteps LedgerSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump);
}
