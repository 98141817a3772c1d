namespace DataTools.Errors;

/// <summary>The errors of Excel books.</summary>
public static partial class DataErrors
{
    /// <summary>A book has no sheet of a name or pattern.</summary>
    public static DataException SheetNotFound(string pattern, string source, IEnumerable<string> known) =>
        Make(DataErrorCategory.ObjectNotFound, $"'{source}' has no worksheet '{pattern}'. Its worksheets are: {string.Join(", ", known)}.", pattern);

    /// <summary>A range is neither cells nor a name or table of the book.</summary>
    public static DataException RangeNotFound(string range, string source, string reason) =>
        Make(DataErrorCategory.ObjectNotFound, $"'{source}': the range '{range}' {reason}.", range);

    /// <summary>A book is encrypted, and no password was given.</summary>
    public static DataException PasswordNeeded(string path) =>
        Make(DataErrorCategory.InvalidArgument, $"'{path}' is encrypted. Give its password: -Password (Read-Host -AsSecureString).", path);

    /// <summary>The password of a book is not the one that was given.</summary>
    public static DataException WrongPassword(string path) =>
        Make(DataErrorCategory.InvalidArgument, $"'{path}' is encrypted with another password.", path);

    /// <summary>A book is encrypted by another cipher than AES.</summary>
    public static DataException CipherNotSupported(string path) =>
        Make(DataErrorCategory.NotImplemented, $"'{path}' is encrypted in a way that Excel does not use by itself; only AES is supported.", path);
}
