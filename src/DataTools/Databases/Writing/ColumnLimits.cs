using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Formats;

namespace DataTools.Databases.Writing;

/// <summary>What a type would change without a word, such as digits that it rounds away.</summary>
/// <param name="Reason">Why a value is refused.</param>
/// <param name="Keeps">Whether a value, which is not null, stays as it is; also true of one that the database refuses by itself.</param>
internal sealed record ColumnLimit(string Reason, Func<IArrowArray, int, bool> Keeps)
{
    /// <summary>Times and spans must be of whole units, in microseconds.</summary>
    public static ColumnLimit Unit(long unit, string reason) => new(reason, (array, row) => array.Values<long>()[row] % unit == 0);

    /// <summary>The same for the items of lists.</summary>
    public ColumnLimit OfItems() => this with
    {
        Keeps = (array, row) =>
        {
            var items = ((ListArray)array).Values;
            var offsets = array.Offsets();
            return Enumerable.Range(offsets[row], offsets[row + 1] - offsets[row]).All(i => items.IsNull(i) || Keeps(items, i));
        },
    };
}

/// <summary>Looks at the rows that a loader is about to send for values that their columns would change.</summary>
/// <param name="target">What the loader fills.</param>
/// <param name="find">The limit of a native type that gets values of a type; null where it has none.</param>
internal sealed class ColumnLimits(LoadTarget target, Func<string, DataType, ColumnLimit?> find)
{
    private readonly ColumnLimit?[] _limits = [.. target.Columns.Zip(target.Schema.FieldsList, (c, f) => Of(c.NativeType, DataTypes.Of(f), find))];
    private long _lost;

    /// <summary>Checks the rows; values that are changed because the options accept it are counted.</summary>
    /// <exception cref="LoadFaultException">A value would be changed, and the options do not accept it.</exception>
    public void Check(RecordBatch batch)
    {
        foreach (var fault in Changed(batch))
        {
            if (target.OnLoss == LossPolicy.Stop)
            {
                throw new LoadFaultException(fault);
            }

            _lost++;
        }
    }

    /// <summary>The values that are refused.</summary>
    public IEnumerable<LoadFault> FindFaults(RecordBatch batch) => target.OnLoss == LossPolicy.Stop ? Changed(batch) : [];

    /// <summary>Tells of the values that were changed.</summary>
    public void WarnOfLoss() => target.WarnOfLoss(_lost);

    private IEnumerable<LoadFault> Changed(RecordBatch batch)
    {
        for (var i = 0; i < _limits.Length; i++)
        {
            var array = batch.Column(i);
            for (var row = 0; _limits[i] is { } limit && row < array.Length; row++)
            {
                if (!array.IsNull(row) && !limit.Keeps(array, row))
                {
                    yield return new LoadFault(row, target.Columns[i].Name, Cast.TextAt(array, DataTypes.Of(batch.Schema.GetFieldByIndex(i)), row), limit.Reason);
                }
            }
        }
    }

    private static ColumnLimit? Of(string native, DataType type, Func<string, DataType, ColumnLimit?> find) =>
        type is ListDataType list && native.EndsWith("[]", StringComparison.Ordinal) ? Of(native[..^2], list.Item, find)?.OfItems() : find(native, type);
}
