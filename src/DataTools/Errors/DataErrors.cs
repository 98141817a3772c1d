using System.Runtime.CompilerServices;

namespace DataTools.Errors;

/// <summary>Every error of the engine. The name of the method is the error's stable id.</summary>
public static partial class DataErrors
{
    /// <summary>A row cannot be taken, and no more bad rows are allowed.</summary>
    public static DataException BadRow(Reject reject, long count) =>
        Make(
            DataErrorCategory.InvalidData,
            reject.Describe() + (count > 1 ? $" This is bad row {count}, more than -MaxErrors allows." : " Use -MaxErrors and -RejectPath to set bad rows aside" + (reject.Column is null ? "." : ", or name the column's type: -Type for files, -TypeMap for tables.")),
            reject.Source,
            reject: reject);

    /// <summary>More rows were rejected than the share that was allowed.</summary>
    public static DataException TooManyRejects(long rejected, long rows, double ratio) =>
        Make(DataErrorCategory.InvalidData, $"{rejected} of {rows} rows were rejected, more than the {ratio:P1} that -MaxErrors allows.", null);

    /// <summary>A file does not exist.</summary>
    public static DataException FileNotFound(string path) =>
        Make(DataErrorCategory.ObjectNotFound, $"The file '{path}' does not exist.", path);

    /// <summary>A folder holds no file of a known format.</summary>
    public static DataException NoFiles(string folder) =>
        Make(DataErrorCategory.ObjectNotFound, $"The folder '{folder}' holds no file of a known format.", folder);

    /// <summary>A file cannot be opened for reading.</summary>
    public static DataException CannotOpen(string path, Exception inner) =>
        Make(DataErrorCategory.OpenError, $"'{path}' cannot be opened: {inner.Message}", path, inner);

    /// <summary>A file cannot be read to its end.</summary>
    public static DataException CannotRead(string path, string reason, Exception? inner = null) =>
        Make(DataErrorCategory.ReadError, $"'{path}' cannot be read: {reason}", path, inner);

    /// <summary>A file cannot be written.</summary>
    public static DataException CannotWrite(string path, Exception inner) =>
        Make(DataErrorCategory.WriteError, $"'{path}' cannot be written: {inner.Message}", path, inner);

    /// <summary>The target exists and -NoClobber forbids to replace it.</summary>
    public static DataException TargetExists(string path) =>
        Make(DataErrorCategory.ResourceExists, $"'{path}' exists already, and -NoClobber forbids to replace it.", path);

    /// <summary>The folder that is to be written holds files.</summary>
    public static DataException FolderNotEmpty(string path) =>
        Make(DataErrorCategory.ResourceExists, $"'{path}' exists already and is not empty. Use -Force to replace all of it, or -Append to add files.", path);

    /// <summary>The file is empty: it has neither a header nor rows.</summary>
    public static DataException EmptyFile(string path) =>
        Make(DataErrorCategory.InvalidData, $"'{path}' is empty: it has no header and no rows.", path);

    /// <summary>The content is not of the format.</summary>
    public static DataException MalformedFile(string path, string format, string reason, Exception? inner = null) =>
        Make(DataErrorCategory.InvalidData, $"'{path}' is not a well-formed {format} file: {reason}", path, inner);

    /// <summary>The file is encrypted, and there is no way to give its key.</summary>
    public static DataException EncryptedFile(string path, Exception? inner) =>
        Make(DataErrorCategory.NotImplemented, $"'{path}' is encrypted; encrypted files are not supported.", path, inner);

    /// <summary>No format is known for the file.</summary>
    public static DataException UnknownFormat(string path, IEnumerable<string> known) =>
        Make(DataErrorCategory.InvalidArgument, $"The format of '{path}' is not known by its extension. Name it with -Format: {string.Join(", ", known)}.", path);

    /// <summary>The format can be read but not written, or the reverse.</summary>
    public static DataException FormatCannot(string format, string verb) =>
        Make(DataErrorCategory.NotImplemented, $"The format {format} cannot be {verb}.", format);

    /// <summary>A named column does not exist.</summary>
    public static DataException ColumnNotFound(string column, string source, IEnumerable<string> known) =>
        Make(DataErrorCategory.ObjectNotFound, $"{source} has no column '{column}'. Its columns are: {string.Join(", ", known)}.", column);

    /// <summary>A type is not known.</summary>
    public static DataException UnknownType(string name) =>
        Make(DataErrorCategory.InvalidArgument, $"'{name}' is no known type. Types are {string.Join(", ", Data.DataTypes.KnownNames)}, decimal(p,s) and list<type>.", name);

    /// <summary>The format or library cannot hold or read a column's type.</summary>
    public static DataException TypeNotSupported(string column, string type, string where) =>
        Make(DataErrorCategory.NotImplemented, $"The column '{column}' has the type {type}, which {where} does not support.", column);

    /// <summary>A value would change on the way, and loss is not allowed.</summary>
    public static DataException ValueLost(string column, long row, string value, string reason) =>
        Make(DataErrorCategory.InvalidData, $"Row {row}, column '{column}': '{Reject.Shorten(value)}' {reason}. Use -OnLoss Warn or Allow to accept the loss.", column);

    /// <summary>A file or query holds a value that no type in use can hold.</summary>
    public static DataException ValueNotRepresentable(string source, string column, long row, string value, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{source}, row {row}, column '{column}': '{Reject.Shorten(value)}' {reason}.", source);

    /// <summary>The target has no place for a value, and no option makes one.</summary>
    public static DataException ValueDoesNotFit(string column, long row, string value, string reason) =>
        Make(DataErrorCategory.InvalidData, $"Row {row}, column '{column}': '{Reject.Shorten(value)}' {reason}.", column);

    /// <summary>A text would run as a formula in a spreadsheet, and -FormulaPolicy forbids that.</summary>
    public static DataException FormulaFound(string column, long row, string value) =>
        Make(DataErrorCategory.InvalidData, $"Row {row}, column '{column}': '{Reject.Shorten(value)}' would run as a formula in a spreadsheet. Use -FormulaPolicy Escape or Keep to write it.", column);

    /// <summary>A bound that protects the machine was passed.</summary>
    public static DataException LimitExceeded(string source, string what) =>
        Make(DataErrorCategory.LimitsExceeded, $"'{source}': {what}", source);

    /// <summary>The objects have no property to make a column of.</summary>
    public static DataException NoColumns() =>
        Make(DataErrorCategory.InvalidData, "The objects of the pipeline have no properties, so there is no column.", null);

    /// <summary>A property appears after the columns were fixed.</summary>
    public static DataException LateColumn(string name, long row) =>
        Make(DataErrorCategory.InvalidData, $"Row {row} has the property '{name}', which no row of the first batch had. Use -Widen to look at all rows first.", name);

    /// <summary>Two options contradict each other, or one is out of range.</summary>
    public static DataException InvalidOption(string message) =>
        Make(DataErrorCategory.InvalidArgument, message, null);

    /// <summary>Two batches of one stream have different columns.</summary>
    public static DataException SchemaMismatch(string source, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{source}: {reason}", source);

    /// <summary>DuckDB refuses or fails a statement; its message says why and where.</summary>
    public static DataException QueryFailed(string reason) =>
        Make(DataErrorCategory.InvalidArgument, reason, null);

    /// <summary>A query gives a value that no type of ours holds.</summary>
    public static DataException QueryValueUnfit(string column, string value, string reason) =>
        Make(DataErrorCategory.InvalidData, $"The query's column '{column}': '{Reject.Shorten(value)}' {reason}. Cast it in the query.", column);

    /// <summary>A query has a parameter that got no value.</summary>
    public static DataException ParameterMissing(string name, IEnumerable<string> given) =>
        Make(DataErrorCategory.InvalidArgument, $"The query's parameter '{name}' has no value. Given are: {string.Join(", ", given.DefaultIfEmpty("none"))}.", name);

    /// <summary>A query's parameter has a value that SQL cannot take.</summary>
    public static DataException ParameterUnfit(string name, object value) =>
        Make(DataErrorCategory.InvalidArgument, $"The query's parameter '{name}' has a value of type {value.GetType()} that cannot be one.", name);

    /// <summary>A query reads an input again that could be read once only.</summary>
    public static DataException InputReadTwice(string name) =>
        Make(DataErrorCategory.InvalidArgument, $"The query reads '{name}' more than once, which cannot be read again. Load it first: CREATE TEMP TABLE t AS SELECT * FROM {name}; then use t.", name);

    private static DataException Make(
        DataErrorCategory category, string message, string? target, Exception? inner = null, Reject? reject = null, [CallerMemberName] string id = "") =>
        new(id, category, message, inner) { Target = target, Reject = reject };
}
