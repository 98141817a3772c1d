using System.Collections;

namespace DataTools.Data;

/// <summary>Finds the type of a column of .NET values: scalars, dictionaries (structs) and sequences (lists), united over all that it sees.</summary>
public sealed class ValueShape
{
    private readonly Dictionary<string, ValueShape> _members = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private DataType? _scalar;
    private ValueShape? _items;
    private bool _isStruct;

    /// <summary>Looks at a value; null tells nothing.</summary>
    public void Observe(object? value)
    {
        switch (value)
        {
            case null or DBNull:
                break;
            case IDictionary entries:
                ObserveMembers(entries);
                break;
            case IEnumerable items when value is not (string or byte[]):
                _items ??= new ValueShape();
                foreach (var item in items)
                {
                    _items.Observe(item);
                }

                break;
            default:
                var type = DataTypes.OfValue(value) ?? DataTypes.Text;
                _scalar = _scalar is null ? type : TypeUnion.Unite(_scalar, type);
                break;
        }
    }

    /// <summary>The type that holds all values; text where there was none.</summary>
    public DataType Result()
    {
        var kinds = (_scalar is null ? 0 : 1) + (_items is null ? 0 : 1) + (_isStruct ? 1 : 0);
        if (kinds > 1 || (_isStruct && _order.Count == 0))
        {
            return DataTypes.Json;
        }

        return _items is not null ? new ListDataType(_items.Result())
            : _isStruct ? new StructDataType([.. _order.Select(n => KeyValuePair.Create(n, _members[n].Result()))])
            : _scalar ?? DataTypes.Text;
    }

    private void ObserveMembers(IDictionary entries)
    {
        _isStruct = true;
        foreach (DictionaryEntry entry in entries)
        {
            var name = entry.Key.ToString()!;
            if (!_members.TryGetValue(name, out var member))
            {
                _members.Add(name, member = new ValueShape());
                _order.Add(name);
            }

            member.Observe(entry.Value);
        }
    }
}
