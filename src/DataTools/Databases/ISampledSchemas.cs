using DataTools.Schemas;

namespace DataTools.Databases;

/// <summary>A session whose tables have no columns but those that their rows show.</summary>
public interface ISampledSchemas
{
    /// <summary>A table as a sample of its rows shows it; null where there is none of the name.</summary>
    TableSchema? FindTable(TableName name, SampleSize sample, CancellationToken cancellation);
}

/// <summary>How many rows are looked at for their columns and types.</summary>
public sealed record SampleSize
{
    /// <summary>The rows that are looked at.</summary>
    public int Rows { get; init; } = Formats.ReadOptions.Default.SampleRows;

    /// <summary>Look at all of them.</summary>
    public bool FullScan { get; init; }
}
