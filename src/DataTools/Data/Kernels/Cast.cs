using Apache.Arrow;

namespace DataTools.Data.Kernels;

/// <summary>Converts a column to another type.</summary>
public static class Cast
{
    private const int StackText = 256;

    /// <summary>
    /// The column as <paramref name="to"/>. A value that would change is null in the result and its row is added to <paramref name="misfits"/>.
    /// Text is read by the rules; to text, a value is written as <see cref="DataType.TryFormat(IArrowArray, int, Span{byte}, out int)"/> does.
    /// </summary>
    public static IArrowArray To(IArrowArray array, DataType from, DataType to, TextRules rules, ICollection<int> misfits)
    {
        if (from.Equals(to))
        {
            return array;
        }

        if (NumberCast.TryTo(array, from, to, misfits) is { } numbers)
        {
            return numbers;
        }

        var builder = to.NewBuilder();
        Func<int, bool> append = from.Arrow is Apache.Arrow.Types.StringType ? row => builder.TryAppendText(array.Bytes(row), rules)
            : to is TextType ? row => TryAppendText(builder, array, from, row)
            : row => builder.TryAppend(from.GetValue(array, row));
        for (var row = 0; row < array.Length; row++)
        {
            if (array.IsNull(row))
            {
                builder.AppendNull();
            }
            else if (!append(row))
            {
                misfits.Add(row);
                builder.AppendNull();
            }
        }

        return builder.Finish();
    }

    /// <summary>The text of a value as a string.</summary>
    public static string TextAt(IArrowArray array, DataType type, int row)
    {
        var buffer = new byte[type.MaxTextLength(array, row)];
        type.TryFormat(array, row, buffer, out var written);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, written);
    }

    private static bool TryAppendText(ColumnBuilder builder, IArrowArray array, DataType from, int row)
    {
        var most = from.MaxTextLength(array, row);
        var buffer = most <= StackText ? stackalloc byte[StackText] : new byte[most];
        return from.TryFormat(array, row, buffer, out var written) && builder.TryAppendText(buffer[..written], TextRules.Default);
    }
}
