namespace DataTools.Errors;

/// <summary>The errors of files that are elsewhere or within others.</summary>
public static partial class DataErrors
{
    /// <summary>A server refuses or fails a request.</summary>
    public static DataException HttpFailed(string address, int status, string? reason) =>
        Make(DataErrorCategory.OpenError, $"'{address}' cannot be read: the server answers {status} ({reason}).{(status is 401 or 403 ? " Use -Credential or -Headers to say who asks." : "")}", address);

    /// <summary>A source became another while it was read.</summary>
    public static DataException SourceChanged(string source) =>
        Make(DataErrorCategory.ReadError, $"'{source}' changed while it was read. Read it again.", source);

    /// <summary>Pages lead back to where they came from.</summary>
    public static DataException PagesRepeat(string address) =>
        Make(DataErrorCategory.InvalidData, $"'{address}': the pages repeat, so that they would never end. Check -NextLink, -PageParameter or -OffsetParameter.", address);

    /// <summary>An archive has no such file.</summary>
    public static DataException EntryNotFound(string archive, string pattern, IEnumerable<string> known) =>
        Make(DataErrorCategory.ObjectNotFound, $"'{archive}' holds no '{pattern}' of a known format. It holds: {string.Join(", ", known.Take(20))}.", archive);
}
