namespace DataTools.Expressions;

/// <summary>A filter that can rule out rows by the least and greatest value of their columns.</summary>
public interface IRangeFilter
{
    /// <summary>The columns whose ranges help.</summary>
    IReadOnlyCollection<string> Columns { get; }

    /// <summary>
    /// False only where no row can match. <paramref name="range"/> gives the least and greatest value and the number of nulls of a column,
    /// or null where they are not known; values are as <see cref="Data.DataType.GetValue"/> gives them.
    /// </summary>
    bool MayMatch(Func<string, (object Min, object Max)?> range);
}
