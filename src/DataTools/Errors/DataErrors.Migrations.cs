namespace DataTools.Errors;

/// <summary>The errors of schema migrations.</summary>
public static partial class DataErrors
{
    /// <summary>A text of SQL cannot be cut into statements.</summary>
    public static DataException SqlUnclear(string source, int line, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{source}, line {line}: {reason}.", source);

    /// <summary>A migration's file is not what it should be.</summary>
    public static DataException MigrationMalformed(string path, int line, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{path}, line {line}: {reason}.", path);

    /// <summary>A placeholder has no value.</summary>
    public static DataException MigrationVariableMissing(string path, string name) =>
        Make(DataErrorCategory.InvalidArgument, $"{path} declares the variable '{name}'; give its value with -Variable @{{ {name} = '...' }}.", path);

    /// <summary>No migration of the id or name is known.</summary>
    public static DataException MigrationNotFound(string id, string where) =>
        Make(DataErrorCategory.ObjectNotFound, $"There is no migration '{id}' {where}.", id);

    /// <summary>Two files have one id, or a migration depends on what is not there or on itself.</summary>
    public static DataException MigrationsUnclear(string reason, string? target) =>
        Make(DataErrorCategory.InvalidData, reason, target);

    /// <summary>Several branches end in heads of their own.</summary>
    public static DataException MigrationHeads(IEnumerable<string> heads) =>
        Make(DataErrorCategory.InvalidOperation, $"The migrations have several heads: {string.Join(", ", heads)}. New-DataMigration -Merge joins them; -To heads runs all of them as they are.", null);

    /// <summary>Files of applied migrations were edited.</summary>
    public static DataException MigrationChanged(IEnumerable<string> files) =>
        Make(DataErrorCategory.InvalidOperation, $"Applied migrations were edited since: {string.Join(", ", files)}. Undo the edit and write a new migration, or accept the files as they are with Repair-DataMigration.", null);

    /// <summary>Files of applied migrations are not there.</summary>
    public static DataException MigrationMissing(IEnumerable<string> ids) =>
        Make(DataErrorCategory.ObjectNotFound, $"The files of applied migrations are missing: {string.Join(", ", ids)}. Bring them back, or go on without them with -AllowMissing.", null);

    /// <summary>A pending migration comes before applied ones.</summary>
    public static DataException MigrationOutOfOrder(IEnumerable<string> files) =>
        Make(DataErrorCategory.InvalidOperation, $"Migrations come before ones that are applied already: {string.Join(", ", files)}. Give them a later id, or run them now with -AllowOutOfOrder.", null);

    /// <summary>A runner ended between the begin and the end of a statement that no transaction guards.</summary>
    public static DataException MigrationUnclear(string id, string path, int statement, int line, string text) =>
        Make(DataErrorCategory.InvalidOperation, $"{id} was interrupted while statement {statement} ran ({path}, line {line}: {Reject.Shorten(text)}). Look whether it took effect, then say so: Repair-DataMigration -Id {id} -StatementDone, or -Retry to run it again.", id);

    /// <summary>A statement of a migration failed.</summary>
    public static DataException MigrationFailed(string path, int line, int statement, int total, string text, string reason, string consequence, Exception inner) =>
        Make(DataErrorCategory.InvalidOperation, $"{path}, line {line}, statement {statement} of {total}: {reason}\n{Reject.Shorten(text)}\n{consequence}", path, inner);

    /// <summary>A query of a verify section gave rows.</summary>
    public static DataException MigrationVerifyFailed(string path, int line, string query, string row) =>
        Make(DataErrorCategory.InvalidData, $"{path}, line {line}: the verification gives rows, where there must be none: {Reject.Shorten(query)}\nThe first: {Reject.Shorten(row)}", path);

    /// <summary>There is no way back.</summary>
    public static DataException MigrationIrreversible(string id, string reason) =>
        Make(DataErrorCategory.InvalidOperation, $"{id} cannot be undone: {reason}.", id);

    /// <summary>Another runner is at work.</summary>
    public static DataException MigrationLocked(string target, string owner, TimeSpan waited) =>
        Make(DataErrorCategory.ResourceBusy, $"{target}: another run of migrations holds the lock, and did not end within {waited.TotalSeconds:0.#} s: {owner}. Wait for it, or end it; the lock ends with it. -LockWait says how long to wait.", target);

    /// <summary>The lock of the run is gone.</summary>
    public static DataException MigrationLockLost(string target, string reason) =>
        Make(DataErrorCategory.ConnectionError, $"{target}: the run has lost its lock ({reason}), and stopped before the next step.", target);

    /// <summary>A script may not run.</summary>
    public static DataException MigrationScriptNotAllowed(string path) =>
        Make(DataErrorCategory.PermissionDenied, $"{path} is a script, which can do anything on this machine. -AllowScript lets it run.", path);

    /// <summary>A document is not as a migration needs it.</summary>
    public static DataException DocumentUnfit(string collection, string id, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{collection}, document {id}: {reason}", id);
}
