using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>Takes objects into a struct.</summary>
internal sealed class StructCell : JsonCell
{
    private readonly StructColumnBuilder _builder;
    private readonly JsonMembers _members;
    private readonly string _path;

    public StructCell(StructColumnBuilder builder, JsonShape? shape, string path, JsonRules rules)
    {
        _builder = builder;
        _path = path;
        _members = new JsonMembers(path + ".", null, rules);
        var members = ((StructDataType)builder.Type).Members;
        for (var i = 0; i < members.Count; i++)
        {
            _members.Add(members[i].Key, New(builder.Members[i], shape?.Member(members[i].Key), $"{path}.{members[i].Key}", rules));
        }
    }

    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (!(_members.Takes(ref reader) ? _members.Append(ref reader, record, fault) : Misfit(ref reader, record, fault, _path, _builder.Type)))
        {
            return false;
        }

        _builder.EndStruct();
        return true;
    }
}

/// <summary>
/// Takes arrays into a list. Where all is text, a value that stands alone is a list of one, and a list within a list
/// (<paramref name="isInner"/>) is an object whose member <see cref="Xml.XmlNames.Item"/> holds it.
/// </summary>
internal sealed class ListCell(ListColumnBuilder builder, JsonCell item, string path, JsonRules rules, bool isInner) : JsonCell
{
    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (isInner && rules.IsText && reader.TokenType == JsonTokenType.StartObject)
        {
            return AppendInner(ref reader, record, fault);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return rules.IsText ? AppendItem(ref reader, record, fault) && End() : Misfit(ref reader, record, fault, path, builder.Type);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!AppendItem(ref reader, record, fault))
            {
                return false;
            }
        }

        return End();
    }

    private bool AppendInner(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        var whole = reader;
        reader.Read();
        if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Xml.XmlNames.Item) && reader.Read())
        {
            // A null is left for the caller to fill.
            return (reader.TokenType == JsonTokenType.Null || Append(ref reader, record, fault)) && reader.Read() && (reader.TokenType == JsonTokenType.EndObject || Misfit(ref whole, record, fault, path, builder.Type));
        }

        return Misfit(ref whole, record, fault, path, builder.Type);
    }

    private bool AppendItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        var before = builder.Items.Count;
        if (reader.TokenType != JsonTokenType.Null && !item.Append(ref reader, record, fault))
        {
            return false;
        }

        if (builder.Items.Count == before)
        {
            builder.Items.AppendNull();
        }

        return true;
    }

    private bool End()
    {
        builder.EndList();
        return true;
    }
}

/// <summary>Takes objects whose members are columns of their own.</summary>
internal sealed class FlatCell(JsonMembers members, string path) : JsonCell
{
    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault) =>
        members.Takes(ref reader)
            ? members.Append(ref reader, record, fault)
            : fault.Set(path, RawText(ref reader, record), "is no object, but the sample's were; read all rows with -FullScan or name its type with -Type");
}
