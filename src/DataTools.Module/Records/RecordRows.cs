using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Module.Records;

/// <summary>The rows of a batch as records.</summary>
internal sealed class RecordRows : IRecordColumns
{
    private readonly DataType[] _types;
    private readonly Func<IRecordColumns, int, DataRecord> _make;

    public RecordRows(RecordBatch batch)
    {
        Batch = batch;
        _types = [.. batch.Schema.FieldsList.Select(DataTypes.Of)];
        Names = batch.Schema.Names();
        _make = RecordTypes.FactoryFor(Names);
    }

    /// <summary>Gives the record of a row, and keeps what the rows of one batch share.</summary>
    public static Func<RecordBatch, int, object> Rows()
    {
        RecordRows? rows = null;
        return (batch, row) => (ReferenceEquals(rows?.Batch, batch) ? rows : rows = new RecordRows(batch))[row];
    }

    /// <summary>The batch that the records read from.</summary>
    public RecordBatch Batch { get; }

    public IReadOnlyList<string> Names { get; }

    public DataRecord this[int row] => _make(this, row);

    public object? GetValue(int column, int row)
    {
        var value = _types[column].GetValueOrNull(Batch.Column(column), row);
        return IsMutable(column) ? Show(value) : value;
    }

    public bool IsMutable(int column) => _types[column] is NestedDataType or BinaryDataType;

    /// <summary>Nested values as scripts know them: objects with properties, and arrays.</summary>
    private static object? Show(object? value) => value switch
    {
        OrderedDictionary members => ShowMembers(members),
        object?[] items => System.Array.ConvertAll(items, Show),
        _ => value,
    };

    private static PSObject ShowMembers(OrderedDictionary members)
    {
        var result = new PSObject();
        foreach (DictionaryEntry member in members)
        {
            result.Properties.Add(new PSNoteProperty((string)member.Key, Show(member.Value)));
        }

        return result;
    }
}
