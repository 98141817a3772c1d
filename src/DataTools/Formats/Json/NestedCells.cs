using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>Takes objects into a struct.</summary>
internal sealed class StructCell : JsonCell
{
    private readonly StructColumnBuilder _builder;
    private readonly JsonMembers _members;
    private readonly string _path;

    public StructCell(StructColumnBuilder builder, JsonShape? shape, string path, ReadOptions options)
    {
        _builder = builder;
        _path = path;
        _members = new JsonMembers(path + ".", null);
        var members = ((StructDataType)builder.Type).Members;
        for (var i = 0; i < members.Count; i++)
        {
            _members.Add(members[i].Key, New(builder.Members[i], shape?.Member(members[i].Key), $"{path}.{members[i].Key}", options));
        }
    }

    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Misfit(ref reader, record, fault, _path, _builder.Type);
        }

        if (!_members.Append(ref reader, record, fault))
        {
            return false;
        }

        _builder.EndStruct();
        return true;
    }
}

/// <summary>Takes arrays into a list.</summary>
internal sealed class ListCell(ListColumnBuilder builder, JsonCell item, string path) : JsonCell
{
    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Misfit(ref reader, record, fault, path, builder.Type);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
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
        }

        builder.EndList();
        return true;
    }
}

/// <summary>Takes objects whose members are columns of their own.</summary>
internal sealed class FlatCell(JsonMembers members, string path) : JsonCell
{
    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault) =>
        reader.TokenType == JsonTokenType.StartObject
            ? members.Append(ref reader, record, fault)
            : fault.Set(path, RawText(ref reader, record), "is no object, but the sample's were; read all rows with -FullScan or name its type with -Type");
}
