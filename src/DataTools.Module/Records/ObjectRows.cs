using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Module.Records;

/// <summary>Sees what scripts put into the pipeline as rows of named values.</summary>
internal static class ObjectRows
{
    /// <summary>The rows of an object: those of a table or a reader, the elements of an array, else the object itself.</summary>
    public static IEnumerable<IRow> Of(object item) => (item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item) switch
    {
        DataTable table => table.Rows.Cast<DataRow>().Select(OfDataRow),
        DataRow row => [OfDataRow(row)],
        IDataReader reader => OfReader(reader),
        IDictionary entries => [OfDictionary(entries)],
        DataRecord record => [OfRecord(item, record)],
        string or byte[] or ValueType => [new Row(["Value"], [Plain(item)])],
        IEnumerable items => items.Cast<object?>().Where(i => i is not null).SelectMany(i => Of(i!)),
        _ => [OfProperties(PSObject.AsPSObject(item))],
    };

    /// <summary>A value without PowerShell's wrapping: objects as dictionaries, sequences as arrays.</summary>
    public static object? Plain(object? value)
    {
        var plain = value is PSObject wrapped ? (wrapped.BaseObject is PSCustomObject ? wrapped : wrapped.BaseObject) : value;
        return plain switch
        {
            PSObject custom => ToDictionary(custom.Properties.Select(p => KeyValuePair.Create(p.Name, ValueOf(p)))),
            IDictionary entries => ToDictionary(entries.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(LanguagePrimitives.ConvertTo<string>(e.Key), (object?)e.Value))),
            string or byte[] => plain,
            IEnumerable items => items.Cast<object?>().Select(Plain).ToArray(),
            _ => plain,
        };
    }

    private static Row OfDataRow(DataRow row) =>
        new([.. row.Table.Columns.Cast<DataColumn>().Select(c => c.ColumnName)], [.. row.ItemArray.Select(Plain)]);

    private static IEnumerable<IRow> OfReader(IDataReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        while (reader.Read())
        {
            var values = new object[names.Length];
            reader.GetValues(values);
            yield return new Row(names, [.. values.Select(Plain)]);
        }
    }

    private static Row OfDictionary(IDictionary entries)
    {
        var pairs = entries.Cast<DictionaryEntry>().ToList();
        return new Row([.. pairs.Select(e => LanguagePrimitives.ConvertTo<string>(e.Key))], [.. pairs.Select(e => Plain(e.Value))]);
    }

    /// <summary>A record that a script has changed: its columns keep their fields, and what was added to it comes behind.</summary>
    private static Row OfRecord(object item, DataRecord record)
    {
        var columns = (RecordRows)DataRecord.ColumnsOf(record);
        var names = columns.Names.ToList();
        var values = Enumerable.Range(0, names.Count).Select(i => Plain(DataRecord.ValueOf(record, i))).ToList();
        if (EngineInternals.HasInstanceMembers(record))
        {
            foreach (var added in PSObject.AsPSObject(item).Properties.Where(p => p.IsInstance && !names.Contains(p.Name)).ToList())
            {
                names.Add(added.Name);
                values.Add(Plain(ValueOf(added)));
            }
        }

        return new Row(names, values, columns.Batch.Schema);
    }

    private static Row OfProperties(PSObject item)
    {
        var properties = item.Properties.Where(p => p.IsGettable).ToList();
        return new Row([.. properties.Select(p => p.Name)], [.. properties.Select(p => Plain(ValueOf(p)))]);
    }

    /// <summary>A getter that throws gives null, as it does everywhere in PowerShell.</summary>
    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static OrderedDictionary ToDictionary(IEnumerable<KeyValuePair<string, object?>> members)
    {
        var result = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            result[name] = Plain(value);
        }

        return result;
    }

    private sealed class Row(IReadOnlyList<string> names, IReadOnlyList<object?> values, Schema? schema = null) : IRow
    {
        public IReadOnlyList<string> Names => names;

        public object? GetValue(int index) => values[index];

        public Field? FieldOf(int index) => schema is not null && index < schema.FieldsList.Count ? schema.GetFieldByIndex(index) : null;
    }
}
