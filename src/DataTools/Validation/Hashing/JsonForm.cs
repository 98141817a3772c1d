using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>JSON in one form: members in the order of their names, the last of those with one name, numbers without needless zeros, no spaces.</summary>
internal static class JsonForm
{
    private const int LongestNumber = 400;

    /// <summary>The bits of JSON text; text that is not JSON equals only the same text.</summary>
    public static void Read(ReadOnlySpan<byte> text, out ulong a, out ulong b)
    {
        if (TryCanonical(text, out var form))
        {
            BytesCell.Read(form, out a, out b);
        }
        else
        {
            BytesCell.ReadMisfit(text, out a, out b);
        }
    }

    /// <summary>JSON text in the one form; false where it is none.</summary>
    public static bool TryCanonical(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> form)
    {
        form = default;
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = NestedText.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
            {
                return false;
            }

            var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
            using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = NestedText.MaxDepth + 1, SkipValidation = true }))
            {
                Write(json, document.RootElement);
            }

            form = buffer.WrittenSpan;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON's escapes can spell, is no character.
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, value);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Number:
                json.WriteRawValue(Number(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement value)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        json.WriteStartObject();
        foreach (var (name, member) in members)
        {
            json.WritePropertyName(name);
            Write(json, member);
        }

        json.WriteEndObject();
    }

    /// <summary>A number as digits without zeros at either end and a power of ten: 1.50, 15e-1 and 1.5 are one.</summary>
    public static string Number(string text)
    {
        if (text.Length > LongestNumber)
        {
            return text;
        }

        var exponentAt = text.IndexOfAny(['e', 'E']);
        var exponent = exponentAt < 0 ? 0 : int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
        if (Math.Abs((long)exponent) > 1_000_000)
        {
            return text;
        }

        var mantissa = (exponentAt < 0 ? text : text[..exponentAt]).TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        significant = significant.TrimStart('0');
        return significant.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{(text[0] == '-' ? "-" : "")}{significant}e{exponent}");
    }
}

/// <summary>Hashes lists and structs as the JSON that they are.</summary>
internal sealed class NestedHasher(DataType type) : ValueHasher
{
    protected override void Read(IArrowArray array, int row, out ulong a, out ulong b) => JsonForm.Read(NestedText.ToJson(type, array, row), out a, out b);
}
