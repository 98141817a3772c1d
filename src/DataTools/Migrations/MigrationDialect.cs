using DataTools.Databases;

namespace DataTools.Migrations;

/// <summary>How a relational database does what migrations need. What is said here holds for most; a database overrides what it does otherwise.</summary>
public abstract partial class MigrationDialect
{
    /// <summary>Where a statement may stand.</summary>
    /// <param name="words">Its words in capitals.</param>
    public virtual StatementPlace PlaceOf(IReadOnlyList<string> words) => words switch
    {
        ["BEGIN", "NOT" or "ATOMIC", ..] => StatementPlace.Inside,
        ["BEGIN", ..] or ["START", "TRANSACTION", ..] => StatementPlace.Begin,
        ["COMMIT" or "END" or "ROLLBACK" or "ABORT", ..] => words.Contains("TO") ? StatementPlace.Inside : StatementPlace.End,
        _ => StatementPlace.Inside,
    };

    /// <summary>The statements that limit how long the session waits for locks; zero is no limit, null the session's own.</summary>
    public virtual IEnumerable<string> LimitLocks(TimeSpan? limit) => [];

    /// <summary>The statement that tells the server that a script is UTF-8, whatever the client that runs it would say; null where there is no such question.</summary>
    public virtual string? ScriptEncoding => null;

    /// <summary>The expression of the milliseconds since the transaction began; null where the database has none.</summary>
    public virtual string? Elapsed => null;

    /// <summary>
    /// The statement that lets a transaction's commit return before it is on disk, and the one that afterwards makes sure that all before it is; null where the database has
    /// no such thing. What is lost if the server breaks down between them is lost with its row of the history.
    /// </summary>
    public virtual (string Begin, string Flush)? LateFlush => null;

    /// <summary>Whether a statement changes settings of the session for those behind it.</summary>
    public virtual bool ChangesSettings(IReadOnlyList<string> words) => PlaceOf(words) == StatementPlace.Around;

    /// <summary>The statements that bring back what statements may change that <see cref="ChangesSettings"/> finds.</summary>
    public virtual IEnumerable<string> ReadSettings(SqlSession session, CancellationToken cancellation) => [];

    /// <summary>Removes what an earlier try of a statement that no transaction guards has left.</summary>
    public virtual void Prepare(SqlSession session, string statement, CancellationToken cancellation)
    {
    }

    /// <summary>Makes sure of what was not checked while settings were changed; an error where it does not hold.</summary>
    public virtual void CheckBeforeCommit(SqlSession session, CancellationToken cancellation)
    {
    }

    /// <summary>What will hurt in a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="section">All statements of its section.</param>
    public virtual IEnumerable<Lint.MigrationFinding> Lint(Lint.LintStatement statement, IReadOnlyList<Lint.LintStatement> section) => [];

    /// <summary>The lock that keeps two runners apart, not yet taken.</summary>
    /// <param name="session">The session of the run.</param>
    /// <param name="name">What the runners of one history have in common.</param>
    /// <param name="cancellation">Ends it.</param>
    public abstract RunnerLock OpenLock(SqlSession session, string name, CancellationToken cancellation);

    /// <summary>The words of a statement in capitals, without names in quotes, strings and comments.</summary>
    public static IReadOnlyList<string> Words(string statement, SplitRules rules) =>
        [.. SqlLexer.CodeOf(statement, rules).Where(t => t.Kind == SqlTokenKind.Word).Select(t => t.Of(statement).ToString().ToUpperInvariant())];
}

/// <summary>The lock of a runner. It ends with its holder, and nobody else can take it away.</summary>
public abstract class RunnerLock : IDisposable
{
    /// <summary>Who holds a lock, as others are told.</summary>
    public static string Me { get; } = $"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName}";

    /// <summary>Takes the lock where nobody has it.</summary>
    public abstract bool TryTake(CancellationToken cancellation);

    /// <summary>Who has it.</summary>
    public abstract string Owner(CancellationToken cancellation);

    /// <summary>Why it is not held any more; null while it is.</summary>
    public virtual string? WhyLost(CancellationToken cancellation) => null;

    /// <summary>A query that any session of the database can run, and that fails where the lock is not held any more; null where there is none.</summary>
    public virtual string? Proof => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the lock back.</summary>
    protected abstract void Dispose(bool disposing);
}
