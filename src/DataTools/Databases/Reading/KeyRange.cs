using DataTools.Data;

namespace DataTools.Databases.Reading;

/// <summary>
/// The rows whose key lies from <paramref name="From"/> (inclusive) to <paramref name="To"/> (exclusive), in the order that the database gives the key. Rows without
/// a key belong to the first range.
/// </summary>
/// <param name="Columns">The key's columns.</param>
/// <param name="From">The least value of each column, as our text of it; null for no bound.</param>
/// <param name="To">The values that are no longer in it; null for no bound.</param>
public sealed record KeyRange(IReadOnlyList<KeyColumn> Columns, IReadOnlyList<string>? From, IReadOnlyList<string>? To)
{
    /// <summary>The ranges between bounds that stand in the database's order: one more than there are bounds.</summary>
    public static IReadOnlyList<KeyRange> Between(IReadOnlyList<KeyColumn> columns, IReadOnlyList<IReadOnlyList<string>> bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        return [.. Enumerable.Range(0, bounds.Count + 1).Select(i => new KeyRange(columns, i == 0 ? null : bounds[i - 1], i == bounds.Count ? null : bounds[i]))];
    }
}

/// <summary>A column of a key by which a table is cut.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Nullable">Whether it may hold nulls.</param>
public sealed record KeyColumn(string Name, DataType Type, bool Nullable);

/// <summary>The place that a database gives to each row of a table, by which it is read in ranges without a key of its own.</summary>
/// <param name="Column">The place as a column.</param>
/// <param name="Least">The least place.</param>
/// <param name="Most">The greatest place.</param>
/// <param name="Bound">The text of a place.</param>
/// <param name="IsStable">Whether a row keeps its place when it is changed.</param>
public sealed record RowLocator(KeyColumn Column, long Least, long Most, Func<long, string> Bound, bool IsStable);
