using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>What the values of one property (or the elements of its arrays) were in the sample.</summary>
internal sealed class JsonShape
{
    private readonly Dictionary<string, JsonShape> _byName = new(StringComparer.Ordinal);
    private Kinds _kinds;
    private JsonNumberShape _numbers = new();
    private DataType? _type;

    [Flags]
    private enum Kinds
    {
        None = 0,
        Text = 1,
        Bool = 2,
        Number = 4,
        Object = 8,
        Array = 16,
        Scalars = Text | Bool | Number,
    }

    /// <summary>The members of its objects, in order of first appearance.</summary>
    public List<KeyValuePair<string, JsonShape>> Members { get; } = [];

    /// <summary>The elements of its arrays.</summary>
    public JsonShape? Item { get; private set; }

    /// <summary>Whether bare numbers and booleans stand in the text column beside strings, or are kept as text for their digits.</summary>
    public bool TakesBare => Type == DataTypes.Text && (_kinds & (Kinds.Bool | Kinds.Number)) != 0;

    /// <summary>Whether a string and a bare value can no longer be told apart.</summary>
    public bool IsMixed => TakesBare && (_kinds & (_kinds - 1)) != 0;

    /// <summary>The type that keeps every value seen. Asked only when all have been.</summary>
    public DataType Type => _type ??= FindType();

    /// <summary>The shape of a member; null where no object had it.</summary>
    public JsonShape? Member(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Takes the value that the reader stands on, and moves to its end.</summary>
    public void Observe(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _kinds |= Kinds.Object;
                ObserveMembers(ref reader);
                break;
            case JsonTokenType.StartArray:
                _kinds |= Kinds.Array;
                ObserveItems(ref reader);
                break;
            case JsonTokenType.Number:
                _kinds |= Kinds.Number;
                _numbers.Observe(reader.ValueSpan);
                break;
            case JsonTokenType.String:
                _kinds |= Kinds.Text;
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _kinds |= Kinds.Bool;
                break;
            default:
                break;
        }
    }

    private void ObserveMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!_byName.TryGetValue(name, out var member))
            {
                member = new JsonShape();
                _byName.Add(name, member);
                Members.Add(KeyValuePair.Create(name, member));
            }

            reader.Read();
            member.Observe(ref reader);
        }
    }

    private void ObserveItems(ref Utf8JsonReader reader)
    {
        Item ??= new JsonShape();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Item.Observe(ref reader);
        }
    }

    private DataType FindType() => _kinds switch
    {
        Kinds.None or Kinds.Text => DataTypes.Text,
        Kinds.Bool => DataTypes.Bool,
        Kinds.Number => _numbers.Result(),
        // An object without members has no columnar form.
        Kinds.Object => Members.Count == 0 ? DataTypes.Json : new StructDataType([.. Members.Select(m => KeyValuePair.Create(m.Key, m.Value.Type))]),
        // The elements of one array that differ in kind keep their kinds as JSON.
        Kinds.Array => new ListDataType(Item!.IsMixed ? DataTypes.Json : Item.Type),
        _ => (_kinds & ~Kinds.Scalars) == 0 ? DataTypes.Text : DataTypes.Json,
    };
}
