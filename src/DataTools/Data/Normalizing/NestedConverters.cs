using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data.Normalizing;

/// <summary>Lists of every layout; a map is a list of its entries.</summary>
internal sealed class ListConverter(ArrowConverter item) : ArrowConverter(new ListDataType(item.Target))
{
    public override ArrayData Convert(IArrowArray array)
    {
        var (offsets, start, items) = Parts(array);
        ArrayData converted;
        try
        {
            converted = item.Convert(ArrowArrayFactory.Slice(items, start, offsets[^1]));
        }
        catch (MisfitException e)
        {
            var found = System.Array.FindLastIndex(offsets, o => o <= e.Row);
            throw new MisfitException(found, e.Value, e.Reason) { IsDamage = e.IsDamage };
        }

        return new ArrayData(Target.Arrow, array.Length, array.NullCount, 0, [Validity(array), ArrowAccess.Wrap(offsets, offsets.Length)], [converted]);
    }

    /// <summary>Offsets that start at 0, and the first of the items that they count.</summary>
    private static (int[] Offsets, int Start, IArrowArray Items) Parts(IArrowArray array)
    {
        switch (array)
        {
            case MapArray map:
                return Rebased(map.Offsets(), map.KeyValues);
            case ListArray list:
                return Rebased(list.Offsets(), list.Values);
            case LargeListArray large:
                // ValueOffsets leaves out the array's own offset in no case: it is sliced already.
                return Rebased([.. large.ValueOffsets.ToArray().Select(o => checked((int)o))], large.Values);
            default:
                var size = ((FixedSizeListType)array.Data.DataType).ListSize;
                return ([.. Enumerable.Range(0, array.Length + 1).Select(i => i * size)], array.Data.Offset * size, ((FixedSizeListArray)array).Values);
        }
    }

    private static (int[] Offsets, int Start, IArrowArray Items) Rebased(ReadOnlySpan<int> offsets, IArrowArray items)
    {
        var start = offsets[0];
        var rebased = offsets.ToArray();
        for (var i = 0; i < rebased.Length; i++)
        {
            rebased[i] -= start;
            if (rebased[i] < rebased[Math.Max(i - 1, 0)] || rebased[i] > items.Length - start)
            {
                throw new MisfitException(Math.Max(i - 1, 0), "", "has an end before its start or past the items: the data is damaged") { IsDamage = true };
            }
        }

        return (rebased, start, items);
    }
}

/// <summary>Structs.</summary>
internal sealed class StructConverter(IReadOnlyList<string> names, IReadOnlyList<ArrowConverter> members)
    : ArrowConverter(new StructDataType([.. names.Zip(members, (n, m) => KeyValuePair.Create(n, m.Target))]))
{
    public override ArrayData Convert(IArrowArray array)
    {
        var fields = ((StructArray)array).Fields;
        return new ArrayData(
            Target.Arrow, array.Length, array.NullCount, 0, [Validity(array)], [.. members.Select((m, i) => m.Convert(fields[i]))]);
    }
}

/// <summary>Dictionaries become their values.</summary>
internal sealed class DictionaryConverter(ArrowConverter values) : ArrowConverter(values.Target)
{
    public override ArrayData Convert(IArrowArray array)
    {
        var dictionary = (DictionaryArray)array;
        var indices = dictionary.EnumeratePhysicalIndices().ToArray();
        IArrowArray entries;
        try
        {
            entries = ArrowArrayFactory.BuildArray(values.Convert(dictionary.Dictionary));
        }
        catch (MisfitException)
        {
            return OneByOne(dictionary, indices);
        }

        var builder = Target.NewBuilder();
        for (var row = 0; row < array.Length; row++)
        {
            Append(builder, entries, array.IsNull(row) ? -1 : indices[row]);
        }

        return builder.Finish().Data;
    }

    /// <summary>Converts only the entries that rows use: one that none uses may be any.</summary>
    private ArrayData OneByOne(DictionaryArray dictionary, int[] indices)
    {
        var converted = new Dictionary<int, IArrowArray>();
        var builder = Target.NewBuilder();
        for (var row = 0; row < dictionary.Length; row++)
        {
            if (dictionary.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }

            if (!converted.TryGetValue(indices[row], out var entry))
            {
                entry = Entry(dictionary, indices[row], row);
                converted.Add(indices[row], entry);
            }

            Append(builder, entry, 0);
        }

        return builder.Finish().Data;
    }

    private IArrowArray Entry(DictionaryArray dictionary, int index, int row)
    {
        try
        {
            return ArrowArrayFactory.BuildArray(values.Convert(ArrowArrayFactory.Slice(dictionary.Dictionary, index, 1)));
        }
        catch (MisfitException e)
        {
            throw new MisfitException(row, e.Value, e.Reason) { IsDamage = e.IsDamage };
        }
    }

    private void Append(ColumnBuilder builder, IArrowArray entries, int index)
    {
        if (index < 0 || entries.IsNull(index))
        {
            builder.AppendNull();
        }
        else if (builder is BytesColumnBuilder bytes)
        {
            bytes.Append(entries.Bytes(index));
        }
        else
        {
            builder.TryAppend(Target.GetValue(entries, index));
        }
    }
}

/// <summary>An extension type becomes what it is stored as.</summary>
internal sealed class StorageConverter(ArrowConverter storage) : ArrowConverter(storage.Target)
{
    public override ArrayData Convert(IArrowArray array) => storage.Convert(((ExtensionArray)array).Storage);
}
