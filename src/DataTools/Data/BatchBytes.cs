using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>The size of a column's values.</summary>
public static class BatchBytes
{
    /// <summary>The bytes that the values of an array take in Arrow, those of its children included; validity is not counted.</summary>
    public static long Of(IArrowArray array) => array.Data.DataType switch
    {
        StringType or BinaryType => array.Offsets() is var offsets ? offsets[^1] - offsets[0] + (4L * array.Length) : 0,
        ListType => Of(Items(array)) + (4L * array.Length),
        StructType => ((StructArray)array).Fields.Sum(Of),
        BooleanType => array.Length / 8,
        FixedWidthType width => (long)width.BitWidth / 8 * array.Length,
        _ => 0,
    };

    private static IArrowArray Items(IArrowArray array)
    {
        var offsets = array.Offsets();
        return ArrowArrayFactory.Slice(((ListArray)array).Values, offsets[0], offsets[^1] - offsets[0]);
    }
}
