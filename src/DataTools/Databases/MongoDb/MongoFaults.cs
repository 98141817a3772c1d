using System.Net.Sockets;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>What the driver's exceptions and the server's codes mean (https://www.mongodb.com/docs/manual/reference/error-codes).</summary>
internal static class MongoFaults
{
    private const int Unauthorized = 13;
    private const int AuthenticationFailed = 18;
    private const int ValidationFailed = 121;

    /// <summary>What an exception means; null where it is none of the driver's.</summary>
    public static DatabaseFault? Classify(Exception exception) => exception switch
    {
        MongoAuthenticationException e => new DatabaseFault(FaultKind.Authentication, e.InnerException is MongoCommandException { ErrorMessage: { } text } ? $"{text} (user or password)" : e.Message),
        MongoNotPrimaryException or MongoNodeIsRecoveringException => new DatabaseFault(FaultKind.Conflict, exception.Message),
        MongoExecutionTimeoutException => new DatabaseFault(FaultKind.Timeout, exception.Message),
        MongoBulkWriteException { WriteErrors: [var first, ..] } => Of(first),
        MongoWriteException { WriteError: { } error } => Of(error),
        MongoCommandException e => new DatabaseFault(KindOf(e), e.ErrorMessage ?? e.Message) { Code = $"{e.Code}" },
        MongoConnectionException { InnerException: { } inner } e => Classify(inner) ?? new DatabaseFault(FaultKind.Connection, $"{e.Message} {inner.Message}"),
        MongoCursorNotFoundException or MongoConnectionException => new DatabaseFault(FaultKind.Connection, exception.Message),
        MongoException => new DatabaseFault(FaultKind.Statement, exception.Message),
        TimeoutException or SocketException or IOException => new DatabaseFault(FaultKind.Connection, Brief(exception.Message)),
        _ => null,
    };

    /// <summary>What a refused document means: the document is at fault.</summary>
    public static DatabaseFault Of(WriteError error) => new(FaultKind.Row, Describe(error)) { Code = $"{error.Code}" };

    private static string Describe(WriteError error) =>
        error.Code == ValidationFailed && error.Details is { } details ? $"{error.Message}: {details}" : error.Message;

    private static FaultKind KindOf(MongoCommandException error) => error.HasErrorLabel("TransientTransactionError") ? FaultKind.Conflict : error.Code switch
    {
        11000 or 11001 or 12582 or ValidationFailed => FaultKind.Row,
        AuthenticationFailed => FaultKind.Authentication,
        Unauthorized => FaultKind.Permission,
        26 => FaultKind.NotFound,
        50 => FaultKind.Timeout,
        24 or 112 or 246 => FaultKind.Conflict,
        146 or 14031 => FaultKind.Resources,
        11601 => FaultKind.Cancelled,
        _ => FaultKind.Statement,
    };

    /// <summary>The driver tells all that it knows of the cluster; the first sentence is enough.</summary>
    private static string Brief(string message)
    {
        var end = message.IndexOf("Client view of cluster state", StringComparison.Ordinal);
        return end < 0 ? message : message[..end].Trim();
    }
}
