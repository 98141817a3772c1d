namespace DataTools.Errors;

/// <summary>What kind of fault an error is; the module turns it into PowerShell's category of the same name.</summary>
public enum DataErrorCategory
{
    /// <summary>The data is not what it claims to be.</summary>
    InvalidData,

    /// <summary>An argument cannot be used.</summary>
    InvalidArgument,

    /// <summary>Something named does not exist.</summary>
    ObjectNotFound,

    /// <summary>The target exists and may not be replaced.</summary>
    ResourceExists,

    /// <summary>A file or a server could not be opened.</summary>
    OpenError,

    /// <summary>Reading failed part way.</summary>
    ReadError,

    /// <summary>Writing failed part way.</summary>
    WriteError,

    /// <summary>A bound on size or depth was passed.</summary>
    LimitsExceeded,

    /// <summary>The library or the format cannot do this.</summary>
    NotImplemented,

    /// <summary>A server cannot be reached.</summary>
    ConnectionError,

    /// <summary>A server refuses user or password.</summary>
    AuthenticationError,

    /// <summary>The user lacks a right.</summary>
    PermissionDenied,

    /// <summary>Somebody else has it.</summary>
    ResourceBusy,

    /// <summary>A server has no room left.</summary>
    ResourceUnavailable,

    /// <summary>It took too long.</summary>
    OperationTimeout,

    /// <summary>A statement is refused.</summary>
    InvalidOperation,

    /// <summary>A check found what should not be.</summary>
    InvalidResult,
}

/// <summary>An error that a user can act on: a stable id, a category and a message that says where.</summary>
public sealed class DataException(string id, DataErrorCategory category, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The stable id: the name of the message in <see cref="DataErrors"/>.</summary>
    public string Id => id;

    /// <summary>The kind of fault.</summary>
    public DataErrorCategory Category => category;

    /// <summary>What the error is about: a path, a table, a column.</summary>
    public string? Target { get; init; }

    /// <summary>The bad row, where the error is one.</summary>
    public Reject? Reject { get; init; }
}
