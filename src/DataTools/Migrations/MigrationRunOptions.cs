namespace DataTools.Migrations;

/// <summary>How migrations are run.</summary>
public sealed record MigrationRunOptions
{
    /// <summary>What holds where nothing is said.</summary>
    public static MigrationRunOptions Default { get; } = new();

    /// <summary>How long to wait until another run has ended.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a statement may wait for a lock, where the file does not say; zero is no limit.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a statement that did not get its lock, or was in a deadlock, is tried again.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The values of placeholders.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether migrations may run though later ones are applied.</summary>
    public bool AllowOutOfOrder { get; init; }

    /// <summary>Whether applied migrations may lack their files.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>The rows of a batch of a backfill, in place of what files say.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The pause between two batches.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How far replicas may be behind before a backfill waits for them; null for no limit.</summary>
    public TimeSpan? MaxReplicaLag { get; init; }

    /// <summary>Runs the function Up or Down of a script; null where scripts may not run.</summary>
    public Action<MigrationFile, SectionKind>? RunScript { get; init; }

    /// <summary>Asked before each step; false ends the run before it.</summary>
    public Func<MigrationStep, bool> Confirm { get; init; } = _ => true;

    /// <summary>Whether <see cref="Confirm"/> asks someone, who is to see each step done before the next question.</summary>
    public bool IsAsking { get; init; }

    /// <summary>Told what is done, for progress.</summary>
    public Action<MigrationProgress> Report { get; init; } = _ => { };

    /// <summary>Takes warnings.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}

/// <summary>How far a run is.</summary>
/// <param name="Migration">The migration's id and name.</param>
/// <param name="Statement">The statement that is next, from 1.</param>
/// <param name="Statements">The statements of the section.</param>
/// <param name="Rows">The rows that a backfill has changed.</param>
/// <param name="Share">How much of the backfill is done, 0 to 1; null where that is not known.</param>
public sealed record MigrationProgress(string Migration, int Statement, int Statements, long Rows, double? Share);

/// <summary>A migration that a run is about to do, or to undo.</summary>
/// <param name="File">The migration; of one whose file is gone what the history keeps of it.</param>
/// <param name="Kind">The section.</param>
/// <param name="Statements">Its statements.</param>
public sealed record MigrationStep(MigrationFile File, SectionKind Kind, IReadOnlyList<SqlStatement> Statements)
{
    /// <summary>The section with its placeholders filled.</summary>
    public string Text { get; init; } = "";

    /// <summary>The queries that must give no rows afterwards.</summary>
    public IReadOnlyList<SqlStatement> Verify { get; init; } = [];

    /// <summary>The row of the history as it is before; a new one where there is none.</summary>
    public required MigrationRecord Record { get; init; }

    /// <summary>The row that stays where an undoing or a completion fails before it has changed anything; null where the failure is what the history is to say.</summary>
    public MigrationRecord? Before { get; init; }

    /// <summary>Whether the history has no row yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>What the history says when the step is done.</summary>
    public RecordState Final { get; init; } = RecordState.Applied;
}
