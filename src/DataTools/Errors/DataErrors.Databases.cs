namespace DataTools.Errors;

/// <summary>The errors of databases.</summary>
public static partial class DataErrors
{
    /// <summary>No database of the name is known.</summary>
    public static DataException UnknownDatabase(string name, IEnumerable<string> known) =>
        Make(DataErrorCategory.InvalidArgument, $"'{name}' is no known kind of database. Known are {string.Join(", ", known)}.", name);

    /// <summary>An option of a URL is not known.</summary>
    public static DataException UnknownConnectionOption(string option, string database, IEnumerable<string> known) =>
        Make(DataErrorCategory.InvalidArgument, $"{database} has no option '{option}'. Its options are {string.Join(", ", known)}.", option);

    /// <summary>No connection of the name is open.</summary>
    public static DataException ConnectionNotFound(string name, IEnumerable<string> known) =>
        Make(DataErrorCategory.ObjectNotFound, $"There is no connection '{name}'. Open are: {string.Join(", ", known.DefaultIfEmpty("none"))}. Connect-Database opens one, and a URL serves as well.", name);

    /// <summary>A connection is closed.</summary>
    public static DataException ConnectionClosed(string name) =>
        Make(DataErrorCategory.ConnectionError, $"The connection '{name}' is closed.", name);

    /// <summary>A connection that reads cannot do something else at the same time.</summary>
    public static DataException ConnectionBusy(string name) =>
        Make(DataErrorCategory.ResourceBusy, $"The connection '{name}' is in a transaction and busy with another command. Use a second connection, or put the rows into a variable first.", name);

    /// <summary>The server refuses user or password.</summary>
    public static DataException LoginFailed(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.AuthenticationError, $"{server}: {reason}", server, inner);

    /// <summary>The server cannot be reached, or the connection broke.</summary>
    public static DataException ConnectionFailed(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.ConnectionError, $"{server}: {reason}", server, inner);

    /// <summary>The user lacks a right.</summary>
    public static DataException PermissionDenied(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.PermissionDenied, $"{server}: {reason}", server, inner);

    /// <summary>The server has no room left: connections, memory, disk.</summary>
    public static DataException ServerExhausted(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.ResourceUnavailable, $"{server}: {reason}", server, inner);

    /// <summary>A deadlock, a conflict, or a lock that was not given in time.</summary>
    public static DataException TransactionConflict(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.ResourceBusy, $"{server}: {reason}", server, inner);

    /// <summary>A statement took too long.</summary>
    public static DataException StatementTimedOut(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.OperationTimeout, $"{server}: {reason}", server, inner);

    /// <summary>Somebody else ended what was under way, such as a server's administrator.</summary>
    public static DataException RunCancelled(string reason, Exception? inner) =>
        Make(DataErrorCategory.InvalidOperation, $"The run was cancelled: {reason}", null, inner);

    /// <summary>The database refuses a row.</summary>
    public static DataException RowRefused(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.InvalidData, $"{server}: {reason}", server, inner);

    /// <summary>The database refuses a statement.</summary>
    public static DataException StatementFailed(string server, string reason, Exception? inner) =>
        Make(DataErrorCategory.InvalidOperation, $"{server}: {reason}", server, inner);

    /// <summary>A table or query holds a value that no type of ours holds: an infinite date, NaN among decimals, an interval with months.</summary>
    public static DataException ValueUnreadable(string source, long row, string column, string type, string remedy) =>
        Make(DataErrorCategory.InvalidData, $"{source}, row {row}, column '{column}': the value cannot be {type}. {remedy}", column);

    /// <summary>A document has a field, or a value, that none of the sampled ones had.</summary>
    public static DataException FieldUnknown(string source, long row, string field, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{source}, document {row}: the field '{field}' {reason}. Use -FullScan or a larger -SampleRows to look at more documents first, -Column to read other fields, or -OnLoss Warn or Allow to leave it out.", field);

    /// <summary>A table does not exist.</summary>
    public static DataException TableNotFound(string table, string server, string hint = "") =>
        Make(DataErrorCategory.ObjectNotFound, $"{server} has no table '{table}'.{hint}", table);

    /// <summary>A table exists, and the mode forbids to touch it.</summary>
    public static DataException TableExists(string table) =>
        Make(DataErrorCategory.ResourceExists, $"The table '{table}' exists already, and -Mode Fail forbids to write to it.", table);

    /// <summary>Columns of the rows that the table lacks; <paramref name="advice"/> says what can be done.</summary>
    public static DataException ColumnsMissing(string table, IEnumerable<string> columns, IEnumerable<string> known, string advice) =>
        Make(DataErrorCategory.InvalidArgument, $"The table '{table}' has no column {string.Join(", ", columns.Select(c => $"'{c}'"))}. Its columns are {string.Join(", ", known)}. {advice}", table);

    /// <summary>Columns that the table must have a value for and the rows lack.</summary>
    public static DataException ColumnsRequired(string table, IEnumerable<string> columns) =>
        Make(DataErrorCategory.InvalidArgument, $"The table '{table}' must have a value for {string.Join(", ", columns.Select(c => $"'{c}'"))}, and the rows have no such column.", table);

    /// <summary>Two rows or columns go to one column.</summary>
    public static DataException ColumnMappedTwice(string table, string column) =>
        Make(DataErrorCategory.InvalidArgument, $"Two columns of the rows go to the column '{column}' of '{table}'.", column);

    /// <summary>Rows cannot be matched, for neither -Key nor a primary key says how.</summary>
    public static DataException KeyRequired(string table, string mode) =>
        Make(DataErrorCategory.InvalidArgument, $"-Mode {mode} needs -Key, for '{table}' has no primary key.", table);

    /// <summary>A table or column has a name that the target would cut.</summary>
    public static DataException NameTooLong(string name, int bytes, string database) =>
        Make(DataErrorCategory.InvalidData, $"The name '{name}' is longer than the {bytes} bytes that {database} allows. Give it another.", name);

    /// <summary>No table of the source is wanted.</summary>
    public static DataException NothingToCopy(string source, IEnumerable<string> patterns) =>
        Make(DataErrorCategory.ObjectNotFound, $"{source} has no table that {string.Join(", ", patterns)} names, or -Include and -Exclude leave none.", source);

    /// <summary>A row points to a row that is not there.</summary>
    public static DataException KeyBroken(string table, string where) =>
        Make(DataErrorCategory.InvalidData, $"A foreign key of '{table}' does not hold: {where}. Nothing was changed.", table);

    /// <summary>Rows are gone to which other tables, which were not copied, point.</summary>
    public static DataException RowsPointedTo(string table) =>
        Make(DataErrorCategory.InvalidData, $"Rows of other tables point to rows of '{table}' that would be gone. Copy those tables too, or use -Mode Upsert. Nothing was changed.", table);

    /// <summary>Rows of a table point to each other so that none can be there first, in a database that wants just that.</summary>
    public static DataException RowsInCircle(string table, string database, IEnumerable<string> columns) =>
        Make(DataErrorCategory.InvalidData, $"Rows of '{table}' point to themselves or to each other in a circle ({string.Join(", ", columns)}), and {database} takes no row before the one to which it points. Only a table without this key can hold them: Copy-DataTable makes one, where it makes the table.", table);

    /// <summary>The database refuses to make a table.</summary>
    public static DataException TableRefused(string table, DataException inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return Make(DataErrorCategory.InvalidOperation, $"The table '{table}' cannot be made: {inner.Message} -TypeMap gives its columns other types, and -ColumnMap leaves some out.", table, inner);
    }

    /// <summary>A table has more columns than the target allows.</summary>
    public static DataException TooManyColumns(string table, int count, int most, string database) =>
        Make(DataErrorCategory.LimitsExceeded, $"The table '{table}' has {count} columns, and {database} allows {most}. -ColumnMap @{{ column = $null }} leaves columns out.", table);

    /// <summary>Rows that go into those of another table point to none that is copied.</summary>
    public static DataException RowsWithoutParent(string child, string parent, long rows) =>
        Make(DataErrorCategory.InvalidData, $"{rows} row{(rows == 1 ? "" : "s")} of '{child}' would be lost: nothing of '{parent}' that is copied has {(rows == 1 ? "its" : "their")} key. -OnLoss Warn or Allow leaves {(rows == 1 ? "it" : "them")} out.", child);

    /// <summary>A ledger of the name exists for another copy.</summary>
    public static DataException LedgerMismatch(string ledger, string what) =>
        Make(DataErrorCategory.InvalidArgument, $"The ledger '{ledger}' belongs to a copy with other arguments ({what}). All workers of a copy, and a run that resumes it, use the same; another copy needs another name.", ledger);

    /// <summary>A copy is complete already.</summary>
    public static DataException LedgerComplete(string ledger) =>
        Make(DataErrorCategory.ResourceExists, $"The copy of the ledger '{ledger}' is complete. -Since copies what is new, -Resume takes it as it is; another copy needs another name.", ledger);

    /// <summary>A step of a copy failed for another worker or in a run before.</summary>
    public static DataException CopyStepFailed(string ledger, string table, string? reason) =>
        Make(DataErrorCategory.InvalidOperation, $"A step of the copy '{ledger}' failed ({table}): {reason} -Resume tries it again.", table);

    /// <summary>A file of a staged copy is not what its manifest says.</summary>
    public static DataException ManifestMismatch(string path, string reason) =>
        Make(DataErrorCategory.InvalidData, $"'{path}' {reason}.", path);

    /// <summary>A file of SQL that describes a schema does not run.</summary>
    public static DataException ModelFailed(string file, DataException inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return Make(DataErrorCategory.InvalidData, $"{file}: {inner.Message}", file, inner);
    }

    /// <summary>There is nothing to change.</summary>
    public static DataException SchemaUnchanged() => Make(DataErrorCategory.InvalidOperation, "The database has the schema of the model already: there is nothing to write.", "");

    /// <summary>A generated change would drop what something else uses that it does not write.</summary>
    public static DataException DroppedInUse(string database, IEnumerable<string> users) => Make(
        DataErrorCategory.InvalidOperation,
        $"The model lacks what is used yet, and {database} would refuse to drop: {string.Join("; ", users)}. -Autogenerate writes tables and their types only: drop or change that in a migration before this one (DROP VIEW and the like), run it, and make it anew, where it is wanted, in one behind it.",
        "");

    /// <summary>A generated change destroys something, which must be allowed.</summary>
    public static DataException DestructiveChange(IEnumerable<string> losses, IEnumerable<string> renames)
    {
        var candidates = string.Join("; ", renames);
        return Make(
            DataErrorCategory.InvalidOperation,
            $"The change would destroy {string.Join(", ", losses)}. -AllowDestructive writes it all the same.{(candidates.Length == 0 ? "" : $" What looks like a renaming: -Rename @{{ {candidates} }} keeps the values.")}",
            "");
    }
}
