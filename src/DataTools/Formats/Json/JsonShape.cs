using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>
/// What the values of one property (or the elements of its arrays) were in the sample. With <paramref name="texts"/> the source is one whose values
/// are all text, such as XML: types are inferred from it, a value that stands alone and several that repeat are of one list, and text beside
/// members is the member <see cref="TextMember"/>.
/// </summary>
internal sealed class JsonShape(TypeInference? inference, TextRules? texts)
{
    /// <summary>The member that holds the text of an element which has members, too.</summary>
    public const string TextMember = "#text";

    private readonly Dictionary<string, JsonShape> _byName = new(StringComparer.Ordinal);
    private JsonShape? _item;
    private Kinds _kinds;
    private JsonNumberShape _numbers = new();
    private DataType? _type;
    private bool _repeats;

    /// <summary>The shape of values whose kinds the source tells.</summary>
    public JsonShape()
        : this(null, null)
    {
    }

    /// <summary>The shape of values that are all text.</summary>
    public JsonShape(TextRules texts)
        : this(new TypeInference(texts), texts)
    {
    }

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
    public JsonShape? Item => IsText ? this : _item;

    /// <summary>Whether the source knows nothing but text.</summary>
    public bool IsText => texts is not null;

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
                ObserveItems(ref reader);
                break;
            case JsonTokenType.Number:
                _kinds |= Kinds.Number;
                _numbers.Observe(reader.ValueSpan);
                break;
            case JsonTokenType.String:
                ObserveText(ref reader);
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
                member = Add(name);
            }

            reader.Read();
            member.Observe(ref reader);
        }
    }

    private void ObserveItems(ref Utf8JsonReader reader)
    {
        _repeats = true;
        if (!IsText)
        {
            _kinds |= Kinds.Array;
            _item ??= new JsonShape();
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Item!.Observe(ref reader);
        }
    }

    private void ObserveText(ref Utf8JsonReader reader)
    {
        if (inference is null)
        {
            _kinds |= Kinds.Text;
        }
        else if (reader.GetString() is { Length: > 0 } text)
        {
            // An empty element tells nothing: it is null where the others are no text.
            _kinds |= Kinds.Text;
            inference.Observe(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    private JsonShape Add(string name)
    {
        // The text of elements with and without members is one column.
        var member = texts is null ? new JsonShape() : name == TextMember ? new JsonShape(inference, texts) : new JsonShape(texts);
        _byName.Add(name, member);
        Members.Add(KeyValuePair.Create(name, member));
        return member;
    }

    private DataType FindType()
    {
        if (!IsText)
        {
            return FindKind();
        }

        if (_kinds.HasFlag(Kinds.Object | Kinds.Text) && Member(TextMember) is null)
        {
            Add(TextMember);
        }

        var type = _kinds.HasFlag(Kinds.Object) ? FindStruct() : inference!.Result();
        return _repeats ? new ListDataType(type) : type;
    }

    private DataType FindStruct() =>
        // An object without members has no columnar form.
        Members.Count == 0 ? DataTypes.Json : new StructDataType([.. Members.Select(m => KeyValuePair.Create(m.Key, m.Value.Type))]);

    private DataType FindKind() => _kinds switch
    {
        Kinds.None or Kinds.Text => DataTypes.Text,
        Kinds.Bool => DataTypes.Bool,
        Kinds.Number => _numbers.Result(),
        Kinds.Object => FindStruct(),
        // The elements of one array that differ in kind keep their kinds as JSON.
        Kinds.Array => new ListDataType(Item!.IsMixed ? DataTypes.Json : Item.Type),
        _ => (_kinds & ~Kinds.Scalars) == 0 ? DataTypes.Text : DataTypes.Json,
    };
}
