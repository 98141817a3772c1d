using System.Buffers;
using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Values as JSON text and back. Numbers keep their digits; nothing that looks like a date becomes one.</summary>
public static class NestedText
{
    /// <summary>How deep nested values may go.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>Writes the value of a column as JSON.</summary>
    public static void Write(Utf8JsonWriter json, DataType type, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            json.WriteNullValue();
            return;
        }

        switch (type)
        {
            case StructDataType structure:
                WriteStruct(json, structure, (StructArray)array, row);
                break;
            case ListDataType list:
                WriteList(json, list, (ListArray)array, row);
                break;
            case TextType:
                json.WriteStringValue(array.Bytes(row));
                break;
            case JsonType:
                // Its own check stops at 64 levels; what a JSON column holds was checked when it was taken.
                json.WriteRawValue(array.Bytes(row), skipInputValidation: true);
                break;
            default:
                WriteScalar(json, type, array, row);
                break;
        }
    }

    /// <summary>The JSON text of one value.</summary>
    public static byte[] ToJson(DataType type, IArrowArray array, int row) => ToJson(json => Write(json, type, array, row));

    /// <summary>The JSON text of a .NET value: dictionaries as objects, sequences as arrays.</summary>
    public static byte[] ToJson(object? value) => ToJson(json => Write(json, value));

    /// <summary>Reads JSON into dictionaries, arrays and scalars; false where it is not JSON.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out object value)
    {
        value = "";
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            value = ToObject(document.RootElement) ?? value;
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteStruct(Utf8JsonWriter json, StructDataType type, StructArray array, int row)
    {
        json.WriteStartObject();
        for (var i = 0; i < type.Members.Count; i++)
        {
            json.WritePropertyName(type.Members[i].Key);
            Write(json, type.Members[i].Value, array.Fields[i], row);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, ListDataType type, ListArray array, int row)
    {
        json.WriteStartArray();
        var offsets = array.Offsets();
        for (var i = offsets[row]; i < offsets[row + 1]; i++)
        {
            Write(json, type.Item, array.Values, i);
        }

        json.WriteEndArray();
    }

    /// <summary>Numbers and booleans stand bare, all else in quotes. NaN and the infinities have no JSON form but a string.</summary>
    private static void WriteScalar(Utf8JsonWriter json, DataType type, IArrowArray array, int row)
    {
        var length = type.MaxTextLength(array, row);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        type.TryFormat(array, row, rented, out var written);
        var text = rented.AsSpan(0, written);
        if (DataTypes.IsBareInJson(type) && text[^1] is not ((byte)'N' or (byte)'y'))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case IDictionary entries:
                WriteEntries(json, entries);
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                WriteNumberOrText(json, value);
                break;
        }
    }

    private static void WriteEntries(Utf8JsonWriter json, IDictionary entries)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in entries)
        {
            json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumberOrText(Utf8JsonWriter json, object value)
    {
        var text = DataTypes.TextOf(value) ?? value.ToString()!;
        if (DataTypes.OfValue(value) is { } type && DataTypes.IsBareInJson(type) && !char.IsAsciiLetter(text[^1]))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static byte[] ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static object? ToObject(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ToDictionary(element),
        JsonValueKind.Array => element.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => ToNumber(element),
        _ => null,
    };

    private static OrderedDictionary ToDictionary(JsonElement element)
    {
        var result = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            result[property.Name] = ToObject(property.Value);
        }

        return result;
    }

    /// <summary>A number in the narrowest type that keeps all its digits; else its text.</summary>
    private static object ToNumber(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
        {
            return whole;
        }

        var text = element.GetRawText();
        return NumberText.SignificantDigits(System.Text.Encoding.ASCII.GetBytes(text)) <= 15 ? element.GetDouble()
            : element.TryGetDecimal(out var exact) ? exact
            : BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? large
            : text;
    }
}
