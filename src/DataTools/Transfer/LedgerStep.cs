namespace DataTools.Transfer;

/// <summary>What a step of a copy does. Steps of a later kind wait for those before.</summary>
internal enum StepKind
{
    /// <summary>Holds the plan; nothing is done.</summary>
    Plan,

    /// <summary>Makes and empties tables.</summary>
    Prepare,

    /// <summary>Copies rows of a table.</summary>
    Rows,

    /// <summary>Builds a table's keys and indexes.</summary>
    Indexes,

    /// <summary>Deletes what the source has no more, and builds the keys between tables.</summary>
    Keys,
}

/// <summary>A step of a copy, as the ledger has it.</summary>
internal sealed record LedgerStep(long Number, StepKind Kind, string Table, string Part)
{
    public const string Pending = "pending";
    public const string Leased = "leased";
    public const string Done = "done";
    public const string Failed = "failed";

    public string State { get; init; } = Pending;

    public long Rows { get; init; }

    public long Milliseconds { get; init; }

    public string? Error { get; init; }

    public string? Watermark { get; init; }

    public string? Token { get; init; }

    /// <summary>The run that it is of, where the ledger does not keep one run only.</summary>
    public string Run { get; init; } = "";

    /// <summary>The lease of the worker that had it before and has died.</summary>
    public string? FormerToken { get; init; }

    /// <summary>Where its rows wait, all of them, to be brought to their place; null where they do not.</summary>
    public string? Staged { get; init; }
}
