namespace DataTools.Migrations;

/// <summary>What the history says of a migration.</summary>
public enum RecordState
{
    /// <summary>A runner is at it, or was when it ended.</summary>
    Running,

    /// <summary>It is done.</summary>
    Applied,

    /// <summary>A statement failed.</summary>
    Failed,

    /// <summary>Expanded and filled; Complete-DataMigration does the rest.</summary>
    Expanded,

    /// <summary>It was undone.</summary>
    Reverted,

    /// <summary>It was taken for applied when the database was adopted.</summary>
    Baseline,
}

/// <summary>A row of the history.</summary>
/// <param name="Id">The migration's id.</param>
/// <param name="Name">Its name.</param>
public sealed record MigrationRecord(string Id, string Name)
{
    /// <summary>The checksum of the file that was run.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>How far it came.</summary>
    public RecordState State { get; init; }

    /// <summary>The section that was run last.</summary>
    public SectionKind Phase { get; init; }

    /// <summary>The order in which migrations were applied; clocks have no part in it.</summary>
    public long Position { get; init; }

    /// <summary>The number of the run that applied it.</summary>
    public long Batch { get; init; }

    /// <summary>When it was finished, or begun where it is not, UTC.</summary>
    public DateTime AppliedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The account of the runner.</summary>
    public string AppliedBy { get; init; } = "";

    /// <summary>The machine of the runner.</summary>
    public string Host { get; init; } = "";

    /// <summary>The statements of the section.</summary>
    public int StatementsTotal { get; init; }

    /// <summary>Those that are done.</summary>
    public int StatementsDone { get; init; }

    /// <summary>The number of the last that was begun; where it is not done, nobody knows whether it took effect.</summary>
    public int StatementBegun { get; init; }

    /// <summary>A checksum of each statement of the section.</summary>
    public string StatementHashes { get; init; } = "";

    /// <summary>What failed.</summary>
    public string? Error { get; init; }

    /// <summary>The version of this module that ran it.</summary>
    public string ToolVersion { get; init; } = "";

    /// <summary>The text that undoes it, as a migration of its own; null where it has not been read or there is none.</summary>
    public string? DownText { get; init; }

    /// <summary>Where the backfill stands.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the migration is in the database.</summary>
    public bool IsApplied => State is RecordState.Applied or RecordState.Baseline or RecordState.Expanded;

    /// <summary>Whether a statement was begun and nobody knows how it ended.</summary>
    public bool IsUnclear => State is RecordState.Running or RecordState.Failed && StatementBegun > StatementsDone;
}
