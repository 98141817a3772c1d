using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>What kind of trouble a database reports.</summary>
public enum FaultKind
{
    /// <summary>Any other error of a statement: the syntax, a function.</summary>
    Statement,

    /// <summary>A value does not fit its column, or breaks a constraint: the row is at fault.</summary>
    Row,

    /// <summary>A table, column or database that does not exist.</summary>
    NotFound,

    /// <summary>The user lacks a right.</summary>
    Permission,

    /// <summary>User or password are wrong.</summary>
    Authentication,

    /// <summary>The server cannot be reached, or the connection broke.</summary>
    Connection,

    /// <summary>The server has no room for a connection, memory or disk.</summary>
    Resources,

    /// <summary>A deadlock, a conflict of transactions or a lock that was not given in time: the same may succeed a moment later.</summary>
    Conflict,

    /// <summary>The statement took longer than it may.</summary>
    Timeout,

    /// <summary>The user ended it.</summary>
    Cancelled,
}

/// <summary>An error of a driver, understood.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Message">The database's own words, without secrets.</param>
public sealed record DatabaseFault(FaultKind Kind, string Message)
{
    /// <summary>The database's code: SQLSTATE or a number.</summary>
    public string? Code { get; init; }

    /// <summary>The 1-based row of what was being loaded, where the database names it.</summary>
    public long? Row { get; init; }

    /// <summary>The column, where the database names it.</summary>
    public string? Column { get; init; }

    /// <summary>The constraint, where the database names it.</summary>
    public string? Constraint { get; init; }

    /// <summary>A condition or a statement has parameters where no values are given.</summary>
    public static DatabaseFault ParameterMissing { get; } = new(FaultKind.Statement, "a parameter (a ?, or a name or number behind @, : or $) has no value here; a text stands in single quotes");

    /// <summary>Whether the same may succeed when it is tried again.</summary>
    public bool IsTransient => Kind is FaultKind.Conflict or FaultKind.Connection;

    /// <summary>The error that a user sees.</summary>
    public Exception ToException(DatabaseAddress address, Exception inner)
    {
        var message = address.Password?.RemoveFrom(Message) ?? Message;
        return Kind switch
        {
            FaultKind.Authentication => DataErrors.LoginFailed(address.ToString(), message, inner),
            FaultKind.Connection => DataErrors.ConnectionFailed(address.ToString(), message, inner),
            FaultKind.Permission => DataErrors.PermissionDenied(address.ToString(), message, inner),
            FaultKind.Resources => DataErrors.ServerExhausted(address.ToString(), message, inner),
            FaultKind.Conflict => DataErrors.TransactionConflict(address.ToString(), message, inner),
            FaultKind.Timeout => DataErrors.StatementTimedOut(address.ToString(), message, inner),
            FaultKind.Row => DataErrors.RowRefused(address.ToString(), message, inner),
            FaultKind.Cancelled => new OperationCanceledException(message, inner),
            _ => DataErrors.StatementFailed(address.ToString(), message, inner),
        };
    }
}
