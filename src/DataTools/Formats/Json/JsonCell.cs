using System.Text;
using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>How cells take values.</summary>
/// <param name="Options">How to read.</param>
/// <param name="IsText">The source knows nothing but text: values are read from it, and an empty one is null where the column is none of text.</param>
internal sealed record JsonRules(ReadOptions Options, bool IsText);

/// <summary>Takes the values of one column, member or element. The reader stands on the value, which is not null, and ends at its end.</summary>
internal abstract class JsonCell
{
    /// <summary>Takes the value, or tells why it does not fit.</summary>
    public abstract bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault);

    /// <summary>Takes a string without escapes, as <see cref="JsonScanner"/> found it; false leaves it to <see cref="Append"/>.</summary>
    public virtual bool TryAppendString(ReadOnlySpan<byte> text) => false;

    /// <summary>Takes a number; false leaves it to <see cref="Append"/>.</summary>
    public virtual bool TryAppendNumber(in JsonNumber number) => false;

    /// <summary>Takes true or false; false leaves it to <see cref="Append"/>.</summary>
    public virtual bool TryAppendBool(bool value) => false;

    /// <summary>The cell for a builder. Without a <paramref name="shape"/> the user named the type, and text is read as its values.</summary>
    public static JsonCell New(ColumnBuilder builder, JsonShape? shape, string path, JsonRules rules) => builder switch
    {
        StructColumnBuilder members => new StructCell(members, shape, path, rules),
        ListColumnBuilder list => NewList(list, shape, path, rules, isInner: false),
        BytesColumnBuilder bytes when bytes.Type == DataTypes.Text => new TextCell(bytes, shape, path, rules),
        BytesColumnBuilder bytes when bytes.Type == DataTypes.Json => new RawCell(bytes, rules),
        FixedColumnBuilder<long> whole when whole.Type == DataTypes.Int64 => new WholeCell(whole, shape is null, path, rules),
        FixedColumnBuilder<double> real => new RealCell(real, shape is null, path, rules),
        _ => new ValueCell(builder, shape is null, path, rules),
    };

    private static ListCell NewList(ListColumnBuilder list, JsonShape? shape, string path, JsonRules rules, bool isInner) =>
        new(list, list.Items is ListColumnBuilder inner ? NewList(inner, shape?.Item, path, rules, isInner: true) : New(list.Items, shape?.Item, path, rules), path, rules, isInner);

    /// <summary>The bytes of the value, as written; moves to its end.</summary>
    public static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return record[start..(int)reader.BytesConsumed];
    }

    /// <summary>The value as messages show it.</summary>
    public static string RawText(ref Utf8JsonReader reader, ReadOnlySpan<byte> record) => Encoding.UTF8.GetString(Raw(ref reader, record));

    /// <summary>Tells that a value does not fit.</summary>
    protected static bool Misfit(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault, string path, DataType type) =>
        fault.Set(path, RawText(ref reader, record), $"does not fit the column's type {type.Name}");
}

/// <summary>Passes over values that nobody asked for.</summary>
internal sealed class SkipCell : JsonCell
{
    /// <summary>The one there is.</summary>
    public static SkipCell Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        reader.Skip();
        return true;
    }

    /// <inheritdoc/>
    public override bool TryAppendString(ReadOnlySpan<byte> text) => true;

    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number) => true;

    /// <inheritdoc/>
    public override bool TryAppendBool(bool value) => true;
}

/// <summary>Takes any value as the JSON text that it is.</summary>
internal sealed class RawCell(BytesColumnBuilder builder, JsonRules rules) : JsonCell
{
    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (rules.IsText && reader.TokenType == JsonTokenType.String)
        {
            return builder.TryAppendText(Encoding.UTF8.GetBytes(reader.GetString()!), rules.Options.Text) || fault.Set(null, reader.GetString(), "is not JSON");
        }

        builder.Append(Raw(ref reader, record));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number)
    {
        builder.Append(number.Text);
        return true;
    }
}

/// <summary>
/// Takes strings as they are. Bare values are taken as written only where the sample had them too, or the user named the type: else a
/// number would become a string in silence.
/// </summary>
internal sealed class TextCell(BytesColumnBuilder builder, JsonShape? shape, string path, JsonRules rules) : JsonCell
{
    private readonly bool _takesBare = shape is null || shape.TakesBare;
    private readonly JsonStrings _strings = new(rules.Options);

    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return TryAppendString(_strings.Read(ref reader));
        }

        if (shape is null || (_takesBare && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)))
        {
            builder.Append(Raw(ref reader, record));
            return true;
        }

        return Misfit(ref reader, record, fault, path, builder.Type);
    }

    /// <inheritdoc/>
    public override bool TryAppendString(ReadOnlySpan<byte> text)
    {
        if (!_strings.IsNull(text))
        {
            builder.Append(text);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number)
    {
        if (_takesBare)
        {
            builder.Append(number.Text);
        }

        return _takesBare;
    }
}

/// <summary>Takes numbers, booleans and what a user-named type reads from strings.</summary>
internal class ValueCell(ColumnBuilder builder, bool isNamed, string path, JsonRules rules) : JsonCell
{
    private readonly JsonStrings _strings = new(rules.Options);

    // Bare numbers have JSON's form whatever the culture.
    private readonly TextRules _bare = TextRules.Default with { RoundFloats = isNamed };
    private readonly TextRules _quoted = rules.Options.Text with { RoundFloats = isNamed };

    /// <inheritdoc/>
    public override bool Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, JsonFault fault)
    {
        var fits = reader.TokenType switch
        {
            JsonTokenType.String => TryAppendString(_strings.Read(ref reader)),
            JsonTokenType.StartObject or JsonTokenType.StartArray => false,
            _ => builder.TryAppendText(reader.ValueSpan, _bare),
        };
        return fits || Misfit(ref reader, record, fault, path, builder.Type);
    }

    /// <inheritdoc/>
    public override bool TryAppendString(ReadOnlySpan<byte> text) =>
        _strings.IsNull(text) || (rules.IsText ? text.IsEmpty || builder.TryAppendText(text, _quoted) : isNamed && builder.TryAppendText(text, _quoted));

    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number) => builder.TryAppendText(number.Text, _bare);

    /// <inheritdoc/>
    public override bool TryAppendBool(bool value) => builder.TryAppendText(value ? "true"u8 : "false"u8, _bare);
}

/// <summary>Takes int64, short ones without reading their text again.</summary>
internal sealed class WholeCell(FixedColumnBuilder<long> builder, bool isNamed, string path, JsonRules rules)
    : ValueCell(builder, isNamed, path, rules)
{
    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number)
    {
        if (!number.IsShort || number.Scale > 0)
        {
            return base.TryAppendNumber(number);
        }

        builder.Append(number.Digits);
        return true;
    }
}

/// <summary>Takes doubles, short ones without reading their text again.</summary>
internal sealed class RealCell(FixedColumnBuilder<double> builder, bool isNamed, string path, JsonRules rules)
    : ValueCell(builder, isNamed, path, rules)
{
    /// <inheritdoc/>
    public override bool TryAppendNumber(in JsonNumber number)
    {
        if (!number.IsShort)
        {
            return base.TryAppendNumber(number);
        }

        builder.Append(number.ToDouble());
        return true;
    }
}
