using DataTools.Databases;

namespace DataTools.Migrations;

/// <summary>A session on which migrations can be run.</summary>
public interface IMigrationSession
{
    /// <summary>What the runner needs of the database.</summary>
    /// <param name="history">The table of the history.</param>
    MigrationTarget OpenMigrations(string history);
}

/// <summary>What the runner needs of a database: its history, its lock, its statements.</summary>
public abstract class MigrationTarget(IDatabaseSession session)
{
    /// <summary>The session.</summary>
    public IDatabaseSession Session => session;

    /// <summary>Whether a rollback undoes everything that a migration does.</summary>
    public abstract bool HasTransactions { get; }

    /// <summary>The statements of a text.</summary>
    public abstract IReadOnlyList<SqlStatement> Split(string text, string source, int line);

    /// <summary>Where a statement may stand.</summary>
    public abstract StatementPlace PlaceOf(SqlStatement statement);

    /// <summary>
    /// The rows of the history; null where there is no table for it, which only the catalogue may say: every other trouble is an error, or everything would be run again.
    /// </summary>
    public abstract IReadOnlyList<MigrationRecord>? ReadHistory(CancellationToken cancellation);

    /// <summary>The text that undoes a migration, which <see cref="ReadHistory"/> leaves out.</summary>
    public abstract string? ReadDownText(string id, CancellationToken cancellation);

    /// <summary>The statements that make the history's table.</summary>
    public abstract string CreateHistory { get; }

    /// <summary>Writes a row of the history, in the transaction where one is open.</summary>
    /// <param name="record">The row.</param>
    /// <param name="isNew">Whether there is none of the id.</param>
    /// <param name="cancellation">Ends it.</param>
    public abstract void Save(MigrationRecord record, bool isNew, CancellationToken cancellation);

    /// <summary>The statements that write the row, for a script.</summary>
    public abstract IEnumerable<string> SaveText(MigrationRecord record, bool isNew);

    /// <summary>Runs a statement.</summary>
    public abstract void Run(string statement, CancellationToken cancellation);

    /// <summary>Whether a query gives rows.</summary>
    public abstract bool HasRows(string query, CancellationToken cancellation);

    /// <summary>Limits how long the following statements wait for locks; null for the session's own limit.</summary>
    public abstract void LimitLocks(TimeSpan? limit, CancellationToken cancellation);

    /// <summary>The statements that do so in a script.</summary>
    public abstract IEnumerable<string> LimitLocksText(TimeSpan limit);

    /// <summary>Takes the lock that keeps two runners apart; null where another has it.</summary>
    public abstract IRunnerLock? TryLock(CancellationToken cancellation);

    /// <summary>Who has the lock.</summary>
    public abstract string LockOwner(CancellationToken cancellation);

    /// <summary>What must hold before a migration's transaction is committed, such as keys that were not checked meanwhile; an error where it does not.</summary>
    public virtual void CheckBeforeCommit(CancellationToken cancellation)
    {
    }
}

/// <summary>Where a statement may stand.</summary>
public enum StatementPlace
{
    /// <summary>In a transaction.</summary>
    Inside,

    /// <summary>Only where no transaction is open: CREATE INDEX CONCURRENTLY.</summary>
    Outside,

    /// <summary>Before the transaction begins and after it ends: a setting of the session that has no effect within.</summary>
    Around,

    /// <summary>It begins a transaction.</summary>
    Begin,

    /// <summary>It ends a transaction.</summary>
    End,
}

/// <summary>The lock of a runner, until it is disposed.</summary>
public interface IRunnerLock : IDisposable
{
    /// <summary>Makes sure that it is still held; an error where it is not.</summary>
    void Check(CancellationToken cancellation);
}
