using System.Collections;
using System.Collections.Specialized;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>A type made of others. Its text is JSON.</summary>
public abstract class NestedDataType : DataType
{
    /// <inheritdoc/>
    public override bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written)
    {
        var json = NestedText.ToJson(this, array, row);
        written = json.Length;
        return json.AsSpan().TryCopyTo(destination);
    }

    /// <inheritdoc/>
    public override int MaxTextLength(IArrowArray array, int row) => NestedText.ToJson(this, array, row).Length;
}

/// <summary>A list of values of one type; PowerShell sees an array.</summary>
public sealed class ListDataType(DataType item) : NestedDataType
{
    /// <summary>The type of the elements.</summary>
    public DataType Item => item;

    /// <inheritdoc/>
    public override string Name => $"list<{item.Name}>";

    /// <inheritdoc/>
    public override IArrowType Arrow { get; } = new ListType(item.ToField("item"));

    /// <inheritdoc/>
    public override Type ValueType => typeof(object[]);

    /// <inheritdoc/>
    public override ColumnBuilder NewBuilder() => new ListColumnBuilder(this);

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row)
    {
        var offsets = array.Offsets();
        var values = ((ListArray)array).Values;
        var result = new object?[offsets[row + 1] - offsets[row]];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = item.GetValueOrNull(values, offsets[row] + i);
        }

        return result;
    }
}

/// <summary>Named values of several types; PowerShell sees an object with those properties.</summary>
public sealed class StructDataType(IReadOnlyList<KeyValuePair<string, DataType>> members) : NestedDataType
{
    /// <summary>The members in order.</summary>
    public IReadOnlyList<KeyValuePair<string, DataType>> Members => members;

    /// <inheritdoc/>
    public override string Name => $"struct<{string.Join(", ", members.Select(m => $"{m.Key}: {m.Value.Name}"))}>";

    /// <inheritdoc/>
    public override IArrowType Arrow { get; } = new StructType([.. members.Select(m => m.Value.ToField(m.Key))]);

    /// <inheritdoc/>
    public override Type ValueType => typeof(OrderedDictionary);

    /// <inheritdoc/>
    public override ColumnBuilder NewBuilder() => new StructColumnBuilder(this);

    /// <summary>The members' values by name; the module shows them as a PSObject.</summary>
    public override object GetValue(IArrowArray array, int row)
    {
        var fields = ((StructArray)array).Fields;
        var result = new OrderedDictionary(members.Count, StringComparer.Ordinal);
        for (var i = 0; i < members.Count; i++)
        {
            result[members[i].Key] = members[i].Value.GetValueOrNull(fields[i], row);
        }

        return result;
    }
}

/// <summary>Builds a list column.</summary>
public sealed class ListColumnBuilder(ListDataType type) : ColumnBuilder
{
    private readonly List<int> _offsets = [0];

    /// <inheritdoc/>
    public override DataType Type => type;

    /// <summary>The builder of the elements: append them, then call <see cref="EndList"/>.</summary>
    public ColumnBuilder Items { get; } = type.Item.NewBuilder();

    /// <summary>Ends a row whose elements have been appended to <see cref="Items"/>.</summary>
    public void EndList()
    {
        _offsets.Add(Items.Count);
        Appended();
    }

    /// <summary>Drops the elements that an unfinished row has appended.</summary>
    public void AbandonList() => Items.Truncate(_offsets[^1]);

    /// <inheritdoc/>
    protected override bool TryAddText(ReadOnlySpan<byte> text, TextRules rules) => NestedText.TryParse(text, out var value) && TryAdd(value);

    /// <inheritdoc/>
    protected override bool TryAdd(object value)
    {
        if (value is string or IDictionary or not IEnumerable)
        {
            return false;
        }

        foreach (var item in (IEnumerable)value)
        {
            if (!Items.TryAppend(item))
            {
                AbandonList();
                return false;
            }
        }

        _offsets.Add(Items.Count);
        return true;
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => _offsets.Add(Items.Count);

    /// <inheritdoc/>
    protected override void TruncateValues(int count)
    {
        _offsets.RemoveRange(count + 1, _offsets.Count - count - 1);
        AbandonList();
    }

    /// <inheritdoc/>
    protected override IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity)
    {
        var offsets = _offsets.ToArray();
        _offsets.RemoveRange(1, _offsets.Count - 1);
        return ArrowArrayFactory.BuildArray(
            new ArrayData(type.Arrow, count, nullCount, 0, [validity, ArrowAccess.Wrap(offsets, count + 1)], [Items.Finish().Data]));
    }
}

/// <summary>Builds a struct column.</summary>
public sealed class StructColumnBuilder(StructDataType type) : ColumnBuilder
{
    private readonly Dictionary<string, int> _index = type.Members.Select((m, i) => (m.Key, i)).ToDictionary(p => p.Key, p => p.i, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override DataType Type => type;

    /// <summary>One builder per member: append to each, then call <see cref="EndStruct"/>.</summary>
    public IReadOnlyList<ColumnBuilder> Members { get; } = [.. type.Members.Select(m => m.Value.NewBuilder())];

    /// <summary>The position of a member, or -1.</summary>
    public int IndexOf(string name) => _index.TryGetValue(name, out var index) ? index : -1;

    /// <summary>Ends a row; members that it did not append become null.</summary>
    public void EndStruct()
    {
        Fill();
        Appended();
    }

    /// <summary>Drops what an unfinished row has appended to the members.</summary>
    public void AbandonStruct()
    {
        foreach (var member in Members)
        {
            member.Truncate(Count);
        }
    }

    /// <inheritdoc/>
    protected override bool TryAddText(ReadOnlySpan<byte> text, TextRules rules) => NestedText.TryParse(text, out var value) && TryAdd(value);

    /// <inheritdoc/>
    protected override bool TryAdd(object value)
    {
        if (value is not IDictionary entries)
        {
            return false;
        }

        foreach (DictionaryEntry entry in entries)
        {
            var index = IndexOf(entry.Key.ToString()!);
            if (index < 0 || !Members[index].TryAppend(entry.Value))
            {
                AbandonStruct();
                return false;
            }
        }

        Fill();
        return true;
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => Fill();

    /// <inheritdoc/>
    protected override void TruncateValues(int count)
    {
        foreach (var member in Members)
        {
            member.Truncate(count);
        }
    }

    /// <inheritdoc/>
    protected override IArrowArray FinishValues(int count, int nullCount, ArrowBuffer validity) =>
        ArrowArrayFactory.BuildArray(
            new ArrayData(type.Arrow, count, nullCount, 0, [validity], [.. Members.Select(m => m.Finish().Data)]));

    private void Fill()
    {
        foreach (var member in Members)
        {
            if (member.Count == Count)
            {
                member.AppendNull();
            }
        }
    }
}
