using System.Management.Automation;

namespace DataTools.Module.Databases;

/// <summary>Closes connections to databases.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Database", DefaultParameterSetName = "Connection")]
public sealed class DisconnectDatabaseCommand : DataCmdlet
{
    /// <summary>The connections, or their names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Connection")]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument[] Connection { get; set; } = [];

    /// <summary>Close all connections of the session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var connection in All ? Connections.Current.All : [.. Connection.Select(c => c.Find())])
        {
            Connections.Current.Close(connection);
        }
    }
}
