using DataTools.Errors;
using Polly;
using Polly.Retry;

namespace DataTools.Databases;

/// <summary>Opens sessions: fills in the address, and tries again where a server is only starting or has no room at the moment.</summary>
public static class Connector
{
    private const int Tries = 3;

    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Tries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(200),
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<DataException>(e => e.Id is nameof(DataErrors.ServerExhausted) or nameof(DataErrors.TransactionConflict) || IsStarting(e)),
        })
        .Build();

    /// <summary>Opens a session. A run that is cancelled does not wait for ever for a server that has frozen: the connection is then broken off.</summary>
    public static IDatabaseSession Open(DatabaseAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        var complete = address.Kind.Complete(address);
        var session = Retry.Execute(token => complete.Kind.Open(complete, token), cancellation);
        (session as SqlSession)?.BelongTo(cancellation);
        return session;
    }

    /// <summary>Whether a server answered that it is not ready; one that does not answer is mostly a wrong name.</summary>
    private static bool IsStarting(DataException error) =>
        error.Id == nameof(DataErrors.ConnectionFailed) && error.InnerException is System.Data.Common.DbException { SqlState: "57P03" };
}
