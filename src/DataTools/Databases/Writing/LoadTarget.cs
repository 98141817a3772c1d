using Apache.Arrow;
using DataTools.Schemas;

namespace DataTools.Databases.Writing;

/// <summary>What a loader fills.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns that get values.</param>
/// <param name="Schema">The batches' columns: in the same order, with the types of the table's columns.</param>
/// <param name="OnLoss">What becomes of a value that the column cannot hold.</param>
/// <param name="Warn">Takes warnings.</param>
public sealed record LoadTarget(TableName Table, IReadOnlyList<ColumnSchema> Columns, Schema Schema, Formats.LossPolicy OnLoss, Action<string> Warn)
{
    /// <summary>The table whose keys and conditions the rows must meet: the target, where the loaded table is one that stages rows for it.</summary>
    public required TableSchema Rules { get; init; }

    /// <summary>How the rows get from the loaded table into the target; null where they stay.</summary>
    public MergePlan? Merge { get; init; }

    /// <summary>Takes bad rows of the batch that is loaded, so that a loader that finds them itself loads the others; null where every row must be good.</summary>
    public Action<LoadFault>? Reject { get; init; }

    /// <summary>Tells of values that were changed because the options accept it, where they want to know.</summary>
    public void WarnOfLoss(long lost)
    {
        if (lost > 0 && OnLoss == Formats.LossPolicy.Warn)
        {
            Warn($"{Table}: {lost} values were changed, for their columns cannot hold them.");
        }
    }
}
