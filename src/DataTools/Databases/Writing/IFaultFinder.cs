using Apache.Arrow;

namespace DataTools.Databases.Writing;

/// <summary>A loader that tells bad rows before they are loaded, for databases that lose a whole transaction by one.</summary>
public interface IFaultFinder
{
    /// <summary>The rows that the table would refuse, at most one fault for each. The session's transaction goes on.</summary>
    IReadOnlyList<LoadFault> FindFaults(RecordBatch rows, CancellationToken cancellation);
}
