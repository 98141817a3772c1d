using DataTools.Schemas;

namespace DataTools.Databases;

/// <summary>A session whose tables can be read by ranges of an integer key.</summary>
public interface IKeyBounds
{
    /// <summary>The least and the greatest value of a column of integers; 0 where there is none.</summary>
    (long Least, long Most) FindBounds(TableName table, string column, CancellationToken cancellation);
}
