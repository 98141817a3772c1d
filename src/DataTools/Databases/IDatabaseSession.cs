using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Schemas;

namespace DataTools.Databases;

/// <summary>
/// One open connection. Used by one command at a time, unless <see cref="IsShared"/>; the threads of that command take turns.
/// </summary>
public interface IDatabaseSession : IDisposable
{
    /// <summary>The kind of database.</summary>
    IDatabase Database { get; }

    /// <summary>Where it leads.</summary>
    DatabaseAddress Address { get; }

    /// <summary>The server's own version.</summary>
    string Version { get; }

    /// <summary>Whether the connection still stands, as far as is known without asking the server.</summary>
    bool IsOpen { get; }

    /// <summary>Whether several commands may read and write at once, as with a database in this process.</summary>
    bool IsShared { get; }

    /// <summary>Whether a transaction that <see cref="Begin"/> began is open.</summary>
    bool InTransaction { get; }

    /// <summary>The tables and views that the user may see, without those of the system.</summary>
    IReadOnlyList<TableListing> ListTables(CancellationToken cancellation);

    /// <summary>A table or view; null where there is none of the name.</summary>
    TableSchema? FindTable(TableName name, CancellationToken cancellation);

    /// <summary>Reads a table or the rows of one query, streamed in constant memory.</summary>
    IBatchReader Read(TableQuery query, DatabaseContext context);

    /// <summary>Opens a table for batches of a schema. The rows are there when the writer is complete, unless the options commit by batches.</summary>
    ITableWriter OpenWriter(TableName table, Schema schema, TableWriteOptions options, DatabaseContext context);

    /// <summary>
    /// Runs statements and gives the result of each in turn, which must be used up before the next is asked for.
    /// </summary>
    IEnumerable<StatementResult> Execute(string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context);

    /// <summary>Begins a transaction that lasts until <see cref="Commit"/> or <see cref="Rollback"/>; writers then do not commit by themselves.</summary>
    void Begin();

    /// <summary>Keeps what the transaction did.</summary>
    void Commit();

    /// <summary>Undoes what the transaction did.</summary>
    void Rollback();
}

/// <summary>What one statement gave.</summary>
/// <param name="Rows">The rows of a query; null for other statements.</param>
/// <param name="Affected">The rows that a statement changed, -1 where that is not known.</param>
public sealed record StatementResult(IBatchReader? Rows, long Affected);

/// <summary>A session that several connections can read at one state of the database.</summary>
public interface ISnapshots
{
    /// <summary>Names the state that this session sees until its transaction ends, which begins here where none is open.</summary>
    string ExportSnapshot();

    /// <summary>Makes this session, in a new transaction, see the state of that name.</summary>
    void UseSnapshot(string name);
}

/// <summary>A session whose rows another one of the same database takes as they are sent: nothing is decoded, so that no value can change.</summary>
internal interface IRowRelay
{
    /// <summary>Whether columns of these types come and go in one form, whatever the versions of the servers.</summary>
    bool CanRelay(IDatabaseSession target, IEnumerable<(string From, string To)> types);

    /// <summary>
    /// Sends the rows of a query, which names its columns, to columns of a table that is there, and says how many they were; <paramref name="moved"/> is told of each part. An
    /// error undoes none of it: the target is in a transaction of the caller's.
    /// </summary>
    long Relay(TableQuery query, IDatabaseSession target, TableSchema table, IReadOnlyList<string> columns, Action<int> moved, DatabaseContext context);
}

/// <summary>What reading and writing need besides their options.</summary>
/// <param name="Rejects">Takes bad rows, or throws.</param>
/// <param name="Warn">Takes warnings; may be called from any thread.</param>
/// <param name="Cancellation">Ends what the opening itself does.</param>
public sealed record DatabaseContext(Errors.RejectLog Rejects, Action<string> Warn, CancellationToken Cancellation);
