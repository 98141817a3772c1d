using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataTools.Data;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>
/// Writes values as relaxed Extended JSON (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json): JSON as it is for what JSON has, and forms such as
/// {"$oid":"..."} for what it has not, so that nothing is lost.
/// </summary>
internal static class ExtendedJson
{
    private const long LastMillisecond = 253_402_300_799_999;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = NestedText.MaxDepth, SkipValidation = true };

    /// <summary>The JSON of a value.</summary>
    public static ReadOnlySpan<byte> ToJson(BsonType type, ReadOnlySpan<byte> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, type, value);
        }

        return buffer.WrittenSpan;
    }

    /// <summary>The JSON of a document, for messages.</summary>
    public static string ToText(ReadOnlySpan<byte> document) => Encoding.UTF8.GetString(ToJson(BsonType.Document, document));

    private static void Write(Utf8JsonWriter json, BsonType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case BsonType.Document:
                WriteDocument(json, value);
                break;
            case BsonType.Array:
                WriteArray(json, value);
                break;
            case BsonType.String:
                json.WriteStringValue(BsonValues.ToText(value));
                break;
            case BsonType.Int32:
                json.WriteNumberValue(BsonValues.ToInt32(value));
                break;
            case BsonType.Int64:
                json.WriteNumberValue(BsonValues.ToInt64(value));
                break;
            case BsonType.Double:
                WriteDouble(json, BsonValues.ToDouble(value));
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(value[0] != 0);
                break;
            case BsonType.Null:
                json.WriteNullValue();
                break;
            default:
                WriteForm(json, type, value);
                break;
        }
    }

    private static void WriteDocument(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        json.WriteStartObject();
        var cursor = new BsonCursor(value);
        while (cursor.Next())
        {
            json.WritePropertyName(cursor.Name);
            Write(json, cursor.Type, cursor.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        json.WriteStartArray();
        var cursor = new BsonCursor(value);
        while (cursor.Next())
        {
            Write(json, cursor.Type, cursor.Value);
        }

        json.WriteEndArray();
    }

    /// <summary>A double keeps a point or an exponent, or it would come back as an integer.</summary>
    private static void WriteDouble(Utf8JsonWriter json, double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (double.IsFinite(number))
        {
            json.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text, skipInputValidation: true);
        }
        else
        {
            Form(json, "$numberDouble", text);
        }
    }

    private static void WriteForm(Utf8JsonWriter json, BsonType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case BsonType.ObjectId:
                Form(json, "$oid", Convert.ToHexStringLower(value));
                break;
            case BsonType.DateTime:
                WriteDate(json, BsonValues.ToInt64(value));
                break;
            case BsonType.Decimal128:
                Form(json, "$numberDecimal", Decimal(value));
                break;
            case BsonType.Binary:
                WriteBinary(json, value);
                break;
            case BsonType.MinKey or BsonType.MaxKey:
                json.WriteStartObject();
                json.WriteNumber(type == BsonType.MinKey ? "$minKey" : "$maxKey", 1);
                json.WriteEndObject();
                break;
            default:
                WriteRare(json, type, value);
                break;
        }
    }

    private static void WriteRare(Utf8JsonWriter json, BsonType type, ReadOnlySpan<byte> value)
    {
        // The driver knows the forms of regular expressions, timestamps, code and the types of old.
        var buffer = new BsonBuffer();
        var start = buffer.Begin();
        buffer.Header(type, "v"u8);
        buffer.Raw(value);
        buffer.End(start);
        using var document = new RawBsonDocument(buffer.Written.ToArray());
        var text = document.ToJson(new MongoDB.Bson.IO.JsonWriterSettings { OutputMode = MongoDB.Bson.IO.JsonOutputMode.CanonicalExtendedJson });
        using var parsed = JsonDocument.Parse(text);
        parsed.RootElement.GetProperty("v").WriteTo(json);
    }

    private static string Decimal(ReadOnlySpan<byte> value) =>
        DecimalBits.TryRead(value, out var bits) && bits.Exponent is <= 0 and > -40 ? bits.ToString()
        : Decimal128.FromIEEEBits(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(value[8..]), System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(value)).ToString();

    private static void WriteDate(Utf8JsonWriter json, long milliseconds)
    {
        if (milliseconds is >= 0 and <= LastMillisecond)
        {
            Form(json, "$date", DateTime.UnixEpoch.AddMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("$date");
        Form(json, "$numberLong", milliseconds.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteBinary(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        var bytes = BsonValues.ToBytes(value, out var subtype);
        if (subtype == BsonBinarySubType.UuidStandard && bytes.Length == 16)
        {
            Form(json, "$uuid", new Guid(bytes, bigEndian: true).ToString("D"));
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("$binary");
        json.WriteBase64String("base64", bytes);
        json.WriteString("subType", ((byte)subtype).ToString("x2", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Form(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject();
        json.WriteString(name, text);
        json.WriteEndObject();
    }
}
