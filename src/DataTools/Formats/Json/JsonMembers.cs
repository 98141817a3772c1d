using System.Text;
using System.Text.Json;

namespace DataTools.Formats.Json;

/// <summary>Leads the members of an object to their cells. Members mostly come in the same order, so the next one is tried first.</summary>
internal sealed class JsonMembers(string prefix, Func<string, bool>? isWanted, JsonRules rules)
{
    private const int LongestOnStack = 256;

    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly List<byte[]> _names = [];
    private readonly List<JsonCell> _cells = [];
    private readonly List<int> _seen = [];
    private int _object;

    /// <summary>Adds a member.</summary>
    public void Add(string name, JsonCell cell)
    {
        if (_byName.TryAdd(name, _cells.Count))
        {
            _names.Add(Encoding.UTF8.GetBytes(name));
            _cells.Add(cell);
            _seen.Add(0);
        }
    }

    /// <summary>The fast way to take records of these members.</summary>
    public JsonScanner NewScanner(JsonFault fault) => new([.. _names.Select(Encoding.UTF8.GetString)], _cells, fault);

    /// <summary>Whether the value that the reader stands on is an object, or the text that stands in place of one.</summary>
    public bool Takes(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.StartObject
        || (rules.IsText && reader.TokenType == JsonTokenType.String && (reader.ValueSpan.IsEmpty || _byName.ContainsKey(JsonShape.TextMember)));

    /// <summary>Takes the object that the reader stands on. Null and missing members are left for the caller to fill.</summary>
    public bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        _object++;
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueSpan.IsEmpty || _cells[_byName[JsonShape.TextMember]].Append(ref reader, record, fault);
        }

        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader, next);
            if (!(index < 0 ? TakeUnknown(ref reader, record, fault) : Take(index, ref reader, record, fault)))
            {
                return false;
            }

            next = index < 0 ? next : index + 1;
        }

        return true;
    }

    private bool Take(int index, ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (_seen[index] == _object)
        {
            var reason = rules.IsText ? "is an attribute and an element; give attributes a name of their own with -AttributePrefix" : "stands twice in one object";
            return fault.Set(prefix + Encoding.UTF8.GetString(_names[index]), null, reason);
        }

        _seen[index] = _object;
        reader.Read();
        return reader.TokenType == JsonTokenType.Null || _cells[index].Append(ref reader, record, fault);
    }

    private int Find(ref Utf8JsonReader reader, int next)
    {
        if (next < _names.Count && !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(_names[next]))
        {
            return next;
        }

        var length = reader.ValueSpan.Length;
        Span<char> name = length <= LongestOnStack ? stackalloc char[length] : new char[length];
        return _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..reader.CopyString(name)], out var index) ? index : -1;
    }

    private bool TakeUnknown(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        var path = prefix + reader.GetString();
        reader.Read();
        if (isWanted?.Invoke(path) == false)
        {
            reader.Skip();
            return true;
        }

        return fault.Set(path, JsonCell.RawText(ref reader, record), "is a property that the sample did not have; read all rows with -FullScan or name its type with -Type");
    }
}
