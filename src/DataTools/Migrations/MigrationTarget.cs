using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

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
    /// <summary>The history's table where no other is named.</summary>
    public const string DefaultHistory = "datatools_migration";

    /// <summary>The session.</summary>
    public IDatabaseSession Session => session;

    /// <summary>The name of the history's table, with its schema where it has one.</summary>
    public abstract string HistoryName { get; }

    /// <summary>The kind of database.</summary>
    public IDatabase Database => session.Database;

    /// <summary>Whether a rollback undoes everything that a migration does.</summary>
    public abstract bool HasTransactions { get; }

    /// <summary>The statements that make the history's table.</summary>
    public abstract string CreateHistory { get; }

    /// <summary>The target of migrations of a session.</summary>
    public static MigrationTarget Of(IDatabaseSession session, string history = DefaultHistory)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session is IMigrationSession able
            ? session.InTransaction ? throw DataErrors.InvalidOption("Migrations begin and commit transactions of their own, and the connection is in one.") : able.OpenMigrations(history)
            : throw DataErrors.InvalidOption($"Migrations cannot be run on {session.Database.Name}.");
    }

    /// <summary>The statements of a text.</summary>
    public abstract IReadOnlyList<SqlStatement> Split(string text, string source, int line);

    /// <summary>Where a statement may stand.</summary>
    public abstract StatementPlace PlaceOf(string statement);

    /// <summary>
    /// The rows of the history; null where there is no table for it, which only the catalogue may say: every other trouble is an error, or everything would be run again.
    /// </summary>
    public abstract IReadOnlyList<MigrationRecord>? ReadHistory(CancellationToken cancellation);

    /// <summary>The text that undoes a migration, which <see cref="ReadHistory"/> leaves out.</summary>
    public abstract string? ReadDownText(string id, CancellationToken cancellation);

    /// <summary>Writes a row of the history, in the transaction where one is open.</summary>
    /// <param name="record">The row.</param>
    /// <param name="isNew">Whether there is none of the id.</param>
    /// <param name="cancellation">Ends it.</param>
    public abstract void Save(MigrationRecord record, bool isNew, CancellationToken cancellation);

    /// <summary>The statement that writes the row, for a script.</summary>
    public abstract string SaveText(MigrationRecord record, bool isNew);

    /// <summary>Runs a statement.</summary>
    public abstract void Run(string statement, CancellationToken cancellation);

    /// <summary>Whether <see cref="RunAtOnce"/> can be used.</summary>
    public virtual bool RunsAtOnce => false;

    /// <summary>
    /// Runs steps, each one transaction with its row of the history, in one exchange with the server; the durations are the server's. Gives the rows of those that were committed:
    /// at an error nothing has happened of the step that failed, nor of those behind it, and it is not known which of its statements it was.
    /// </summary>
    public virtual IReadOnlyList<MigrationRecord> RunAtOnce(IReadOnlyList<StepAtOnce> steps, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>The commit of this transaction does not wait for the server's disk: a later one brings both there, in their order.</summary>
    public virtual void CommitLate(CancellationToken cancellation)
    {
    }

    /// <summary>Makes sure that what was committed late is on the server's disk.</summary>
    public virtual void Flush(CancellationToken cancellation)
    {
    }

    /// <summary>The first row that a query gives, as text; null where it gives none.</summary>
    public abstract string? FirstRow(string query, CancellationToken cancellation);

    /// <summary>Limits how long the following statements wait for locks; zero is no limit, null the session's own.</summary>
    public abstract void LimitLocks(TimeSpan? limit, CancellationToken cancellation);

    /// <summary>The statement that a script begins with; null for none.</summary>
    public virtual string? ScriptEncoding => null;

    /// <summary>The statements that do so in a script.</summary>
    public abstract IEnumerable<string> LimitLocksText(TimeSpan? limit);

    /// <summary>A statement that is run in batches, not yet begun; null for any other.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="size">The rows of a batch; null for the default.</param>
    /// <param name="cursor">Where an earlier run of the same statement has left it, which another one does not care about; null where there was none.</param>
    /// <param name="cancellation">Ends it.</param>
    public virtual StatementBatches? OpenBatches(string statement, int? size, string? cursor, CancellationToken cancellation) => null;

    /// <summary>Whether an error leaves open what became of the statement, as where the connection broke.</summary>
    public virtual bool IsOutcomeUnknown(DataException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Id == nameof(DataErrors.ConnectionFailed);
    }

    /// <summary>Whether a statement that was interrupted may be run again, however far it came.</summary>
    public virtual bool IsRepeatable(string statement) => false;

    /// <summary>Whether a backfill is one transaction, or one for each of its batches; else its statements cut themselves (<see cref="OpenBatches"/>).</summary>
    public virtual bool FillsInTransactions => true;

    /// <summary>The migration that undoes statements which have not been run yet, where the database knows the way back of each by itself; else null.</summary>
    public virtual string? WayBack(IReadOnlyList<SqlStatement> statements) => null;

    /// <summary>The rows of another tool's history as texts, in an order; an error where there is no table of the name.</summary>
    public abstract IReadOnlyList<string[]> ReadForeign(string table, IReadOnlyList<string> columns, string? order, CancellationToken cancellation);

    /// <summary>The schema, without the tables in which tools keep what they have done.</summary>
    public abstract DatabaseSchema ReadSchema(CancellationToken cancellation);

    /// <summary>The text that makes such a schema, in an order that hangs on names alone.</summary>
    public abstract string SchemaText(DatabaseSchema schema);

    /// <summary>The lines of a script that say something to its reader; empty where the language has no comments.</summary>
    public virtual string ScriptComment(string text) => $"-- {text}\n";

    /// <summary>The lines of a script that run a statement.</summary>
    public virtual string ScriptStatement(string statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return $"{statement.TrimEnd()};\n";
    }

    /// <summary>Runs a statement and gives the number of rows that it changed.</summary>
    public virtual long RunCounted(string statement, CancellationToken cancellation)
    {
        Run(statement, cancellation);
        return 0;
    }

    /// <summary>
    /// The key of a row of a table in the order of its keys, as a literal: behind <paramref name="from"/> and up to <paramref name="upper"/>, so many rows further; null where
    /// there is none.
    /// </summary>
    internal virtual string? KeyAt(BackfillOptions batch, string? from, string? upper, int skip, bool descending, CancellationToken cancellation) => null;

    /// <summary>A key's column within a statement.</summary>
    internal virtual string QuoteKey(BackfillOptions batch) => batch.Key;

    /// <summary>A literal that comes before all keys.</summary>
    internal virtual string LeastKey(BackfillOptions batch) => throw DataErrors.InvalidOption("${from} is not known here.");

    /// <summary>The tokens of a statement that are code.</summary>
    internal virtual List<SqlToken> CodeOf(string statement) => SqlLexer.CodeOf(statement, SplitRules.Standard);

    /// <summary>The lock that keeps two runners apart, not yet taken.</summary>
    public abstract RunnerLock OpenLock(CancellationToken cancellation);

    /// <summary>Whether a statement changes settings of the session for those behind it.</summary>
    public virtual bool ChangesSettings(string statement) => false;

    /// <summary>The statements that bring back the settings of the session.</summary>
    public virtual IReadOnlyList<string> ReadSettings(CancellationToken cancellation) => [];

    /// <summary>Removes what an earlier try of a statement that no transaction guards has left.</summary>
    public virtual void Prepare(string statement, CancellationToken cancellation)
    {
    }

    /// <summary>Makes sure of what was not checked while settings were changed; an error where it does not hold.</summary>
    public virtual void CheckBeforeCommit(CancellationToken cancellation)
    {
    }
}

/// <summary>A step as one transaction.</summary>
/// <param name="Statements">Its statements.</param>
/// <param name="Record">The row of the history behind it.</param>
/// <param name="IsNew">Whether the history has no row yet.</param>
public sealed record StepAtOnce(IEnumerable<string> Statements, MigrationRecord Record, bool IsNew);

/// <summary>A statement that is run in batches. A batch whose end is unknown may be run again.</summary>
public abstract class StatementBatches
{
    /// <summary>Where it stands, for <see cref="MigrationTarget.OpenBatches"/> of a later run.</summary>
    public abstract string Cursor { get; }

    /// <summary>The rows that were changed.</summary>
    public abstract long Rows { get; }

    /// <summary>The rows that are left to change, which may take a look at all of them; null where that is not known.</summary>
    public abstract long? CountLeft(CancellationToken cancellation);

    /// <summary>Runs the next batch; false where there is none.</summary>
    public abstract bool Next(CancellationToken cancellation);
}

/// <summary>Where a statement may stand.</summary>
public enum StatementPlace
{
    /// <summary>In a transaction.</summary>
    Inside,

    /// <summary>Only where no transaction is open: CREATE INDEX CONCURRENTLY.</summary>
    Outside,

    /// <summary>Before the transaction begins or after it ends: a setting of the session that has no effect within.</summary>
    Around,

    /// <summary>It begins a transaction.</summary>
    Begin,

    /// <summary>It ends a transaction.</summary>
    End,
}
