using DataTools.Databases.Reading;
using DataTools.Schemas;

namespace DataTools.Databases;

/// <summary>A session whose tables can be read by ranges of a key.</summary>
public interface IKeyRanges
{
    /// <summary>
    /// Cuts a table into at most <paramref name="count"/> ranges; none where it can be read as a whole only. <paramref name="columns"/> name the key; empty for what the table
    /// offers.
    /// </summary>
    IReadOnlyList<KeyRange> CutRanges(TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation);
}
