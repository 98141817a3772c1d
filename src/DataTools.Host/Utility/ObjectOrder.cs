using System.Globalization;
using System.Management.Automation;

namespace DataTools.Host;

/// <summary>Orders objects by keys as PowerShell compares values; the loop of Sort-Object, which would be slow as a script.</summary>
/// <param name="descending">The direction of each key.</param>
/// <param name="ignoreCase">Whether texts that differ only in case are equal.</param>
/// <param name="culture">Whose order of letters counts.</param>
public sealed class ObjectOrder(bool[] descending, bool ignoreCase, CultureInfo culture) : IComparer<object?[]>
{
    private readonly List<(object Item, object?[] Keys)> items = [];

    /// <summary>Adds an object with the values to order it by.</summary>
    public void Add(object item, object?[] keys) => items.Add((item, keys));

    /// <summary>The objects in order; of those with equal keys the first only, if <paramref name="unique"/>.</summary>
    public IEnumerable<object> Sorted(bool unique, int top)
    {
        var sorted = items.OrderBy(item => item.Keys, this).ToList();
        return sorted
            .Where((item, index) => !unique || index == 0 || Compare(item.Keys, sorted[index - 1].Keys) != 0)
            .Take(top)
            .Select(item => item.Item);
    }

    /// <inheritdoc/>
    public int Compare(object?[]? x, object?[]? y)
    {
        for (var key = 0; key < descending.Length; key++)
        {
            var order = CompareValues(x?[key], y?[key]);
            if (order != 0)
            {
                return descending[key] ? -order : order;
            }
        }

        return 0;
    }

    private int CompareValues(object? x, object? y) =>
        LanguagePrimitives.TryCompare(x, y, ignoreCase, culture, out var order)
            ? order
            : culture.CompareInfo.Compare($"{x}", $"{y}", ignoreCase ? CompareOptions.IgnoreCase : CompareOptions.None);
}
