namespace DataTools.Migrations;

/// <summary>How a migration stands.</summary>
public enum MigrationStatus
{
    /// <summary>It is in the database.</summary>
    Applied,

    /// <summary>It waits to be run; a repeatable one also when its text was changed.</summary>
    Pending,

    /// <summary>It waits, though migrations that come after it are applied.</summary>
    OutOfOrder,

    /// <summary>It is applied, and its file was edited since.</summary>
    Changed,

    /// <summary>It is applied, and its file is not there.</summary>
    Missing,

    /// <summary>It was begun and not finished.</summary>
    Failed,

    /// <summary>A runner is at it.</summary>
    Running,

    /// <summary>It is expanded and filled, and waits for Complete-DataMigration.</summary>
    Expanded,
}

/// <summary>A migration and how it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">How it stands.</param>
public sealed record MigrationInfo(string Id, string Name, MigrationStatus Status)
{
    /// <summary>When it was applied, UTC.</summary>
    public DateTime? AppliedAt { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The account that ran it.</summary>
    public string? AppliedBy { get; init; }

    /// <summary>The machine on which it ran.</summary>
    public string? Host { get; init; }

    /// <summary>The number of the run that applied it.</summary>
    public long? Batch { get; init; }

    /// <summary>The statements that are done, where it is not finished.</summary>
    public int StatementsDone { get; init; }

    /// <summary>Its statements.</summary>
    public int StatementsTotal { get; init; }

    /// <summary>Of one that is expanded the documents that its backfill has still to change, as an application of old has written them since; null where that is not known.</summary>
    public long? Left { get; init; }

    /// <summary>Whether it was taken for applied when the database was adopted.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Whether no other migration needs it.</summary>
    public bool IsHead { get; init; }

    /// <summary>What failed.</summary>
    public string? Error { get; init; }

    /// <summary>The checksum of the file, or of what was run where there is no file.</summary>
    public string? Checksum { get; init; }

    /// <summary>The file; null where it is missing.</summary>
    public string? Path { get; init; }

    internal MigrationFile? File { get; init; }

    internal MigrationRecord? Record { get; init; }

    /// <summary>Whether it is in the database, wholly or so far that both applications can live with it.</summary>
    internal bool IsApplied => Record?.IsApplied == true;

    /// <summary>The migration as text.</summary>
    public override string ToString() => $"{Id} {Name}";
}
