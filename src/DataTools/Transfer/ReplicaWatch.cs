using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>Asks how far replicas are behind, over a connection of its own.</summary>
internal static class ReplicaWatch
{
    /// <summary>Opens it; a database that tells nothing of replicas is an error.</summary>
    public static SqlSession Open(IDatabaseSession target, CancellationToken cancellation)
    {
        if (target is not SqlSession { IsShared: false } sql || sql.ReplicaLag(cancellation) is null)
        {
            throw DataErrors.InvalidOption($"-MaxReplicaLag is not offered for {target.Database.Name}.");
        }

        return (SqlSession)Connector.Open(target.Address, cancellation);
    }
}
