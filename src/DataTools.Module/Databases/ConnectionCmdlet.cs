using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>A command that asks a database.</summary>
public abstract class ConnectionCmdlet : DataCmdlet
{
    private SessionLease? _lease;
    private RejectLog? _rejects;

    /// <summary>A connection, the name of one, or a URL, which is opened for this command.</summary>
    [Parameter(Mandatory = true)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument Connection { get; set; } = null!;

    private protected IDatabaseSession Session => (_lease ??= Connection.Open(FullPath, Cancellation, Use)).Session;

    /// <summary>What is done with the database.</summary>
    private protected abstract ConnectionUse Use { get; }

    private protected virtual RejectLog Rejects => _rejects ??= new RejectLog(new RejectPolicy());

    private protected DatabaseContext Context => new(Rejects, Warn, Cancellation);

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _lease?.Dispose();
        _rejects?.Dispose();
    }
}
