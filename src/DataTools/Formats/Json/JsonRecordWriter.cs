using System.Text.Json;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>Writes rows as objects. Columns whose names hold the nesting separator become objects within. Has no state.</summary>
internal sealed class JsonRecordWriter
{
    private readonly Group _record = new();

    /// <summary>A writer for the columns of a schema.</summary>
    public JsonRecordWriter(Schema schema, JsonWriteRules rules)
    {
        for (var i = 0; i < schema.FieldsList.Count; i++)
        {
            var field = schema.FieldsList[i];
            var value = JsonValueWriter.New(DataTypes.Of(field), field.Name, rules);
            Add(rules.Options.NestSeparator is { Length: > 0 } separator ? field.Name.Split(separator) : [field.Name], i, value, field.Name, rules);
        }
    }

    /// <summary>Writes one row; <paramref name="record"/> is its 1-based number in the whole output.</summary>
    public void Write(Utf8JsonWriter json, IArrowArray[] columns, int row, long record) => Write(json, _record, columns, row, record);

    private static void Write(Utf8JsonWriter json, Group group, IArrowArray[] columns, int row, long record)
    {
        json.WriteStartObject();
        foreach (var member in group.Members)
        {
            json.WritePropertyName(member.Name);
            if (member.Group is { } inner)
            {
                Write(json, inner, columns, row, record);
            }
            else
            {
                member.Value!.Write(json, columns[member.Column], row, record);
            }
        }

        json.WriteEndObject();
    }

    private void Add(string[] path, int column, JsonValueWriter value, string name, JsonWriteRules rules)
    {
        var group = _record;
        for (var i = 0; i < path.Length; i++)
        {
            var isLast = i == path.Length - 1;
            if (!group.ByName.TryGetValue(path[i], out var member))
            {
                member = new Member(JsonEncodedText.Encode(path[i], rules.Encoder), column, isLast ? value : null, isLast ? null : new Group());
                group.ByName.Add(path[i], member);
                group.Members.Add(member);
            }
            else if (isLast || member.Group is null)
            {
                throw DataErrors.InvalidOption($"The column '{name}' cannot be nested: another column has the name '{string.Join(rules.Options.NestSeparator, path[..(i + 1)])}', which would be both a value and an object.");
            }

            group = member.Group!;
        }
    }

    private sealed class Group
    {
        public List<Member> Members { get; } = [];

        public Dictionary<string, Member> ByName { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Member(JsonEncodedText Name, int Column, JsonValueWriter? Value, Group? Group);
}
