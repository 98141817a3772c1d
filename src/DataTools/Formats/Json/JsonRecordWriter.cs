using System.Text.Json;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>Writes rows as objects. Columns whose names hold the nesting separator become objects within. Has no state.</summary>
internal sealed class JsonRecordWriter
{
    private readonly Member[] _members;

    /// <summary>A writer for the columns of a schema.</summary>
    public JsonRecordWriter(Schema schema, JsonWriteRules rules)
    {
        Member[] Of(IEnumerable<ColumnTree> trees) => [.. trees.Select(t => new Member(
            JsonEncodedText.Encode(t.Name, rules.Encoder),
            t.Column,
            t.Column < 0 ? null : JsonValueWriter.New(DataTypes.Of(schema.GetFieldByIndex(t.Column)), schema.GetFieldByIndex(t.Column).Name, rules),
            Of(t.Members)))];

        _members = Of(ColumnTree.Of(schema, rules.Options.NestSeparator));
    }

    /// <summary>Writes one row; <paramref name="record"/> is its 1-based number in the whole output.</summary>
    public void Write(Utf8JsonWriter json, IArrowArray[] columns, int row, long record) => Write(json, _members, columns, row, record);

    private static void Write(Utf8JsonWriter json, Member[] members, IArrowArray[] columns, int row, long record)
    {
        json.WriteStartObject();
        foreach (var member in members)
        {
            json.WritePropertyName(member.Name);
            if (member.Value is { } value)
            {
                value.Write(json, columns[member.Column], row, record);
            }
            else
            {
                Write(json, member.Inner, columns, row, record);
            }
        }

        json.WriteEndObject();
    }

    private sealed record Member(JsonEncodedText Name, int Column, JsonValueWriter? Value, Member[] Inner);
}
