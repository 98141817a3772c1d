using System.Globalization;
using System.Text;
using System.Text.Json;
using DataTools.Data;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>
/// Turns JSON into a BSON element. The forms of Extended JSON, such as {"$oid":"..."}, become what they stand for; whole numbers become int or long by their size,
/// others double, or decimal where a double would lose digits.
/// </summary>
internal static class ExtendedJsonParser
{
    private const int ExactDigits = 15;

    private static readonly string[] Forms =
    [
        "$oid", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$binary", "$uuid", "$regularExpression", "$timestamp", "$minKey", "$maxKey",
        "$symbol", "$code", "$dbPointer", "$undefined",
    ];

    /// <summary>Appends the value of a JSON text; what it throws is a <see cref="FormatException"/> that says what no document can hold.</summary>
    public static void Append(BsonBuffer buffer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = NestedText.MaxDepth });
        reader.Read();
        Append(buffer, name, ref reader, json);
    }

    private static void Append(BsonBuffer buffer, ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                AppendObject(buffer, name, ref reader, json);
                break;
            case JsonTokenType.StartArray:
                AppendArray(buffer, name, ref reader, json);
                break;
            case JsonTokenType.String:
                buffer.Header(BsonType.String, name);
                buffer.Text(Encoding.UTF8.GetBytes(reader.GetString()!));
                break;
            case JsonTokenType.Number:
                AppendNumber(buffer, name, reader.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                buffer.Header(BsonType.Boolean, name);
                buffer.Byte(reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0);
                break;
            default:
                buffer.Null(name);
                break;
        }
    }

    private static void AppendObject(BsonBuffer buffer, ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var first = (int)reader.TokenStartIndex;
        var ahead = reader;
        if (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && Array.IndexOf(Forms, ahead.GetString()) >= 0)
        {
            reader.Skip();
            AppendForm(buffer, name, Encoding.UTF8.GetString(json[first..(int)reader.BytesConsumed]));
            return;
        }

        buffer.Header(BsonType.Document, name);
        var start = buffer.Begin();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = ToName(reader.GetString()!);
            reader.Read();
            Append(buffer, member, ref reader, json);
        }

        buffer.End(start);
    }

    private static void AppendArray(BsonBuffer buffer, ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        buffer.Header(BsonType.Array, name);
        var start = buffer.Begin();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            Append(buffer, ArrayNames.Of(i), ref reader, json);
        }

        buffer.End(start);
    }

    private static void AppendForm(BsonBuffer buffer, ReadOnlySpan<byte> name, string form)
    {
        byte[] bytes;
        try
        {
            bytes = BsonDocument.Parse($"{{\"v\":{form}}}").ToBson();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException or EndOfStreamException)
        {
            throw new FormatException($"holds no valid Extended JSON ({form})", e);
        }

        var cursor = new BsonCursor(bytes);
        cursor.Next();
        buffer.Header(cursor.Type, name);
        buffer.Raw(cursor.Value);
    }

    private static void AppendNumber(BsonBuffer buffer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            AppendWhole(buffer, name, whole);
            return;
        }

        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(number) && (NumberText.SignificantDigits(text) <= ExactDigits || number.ToString("R", CultureInfo.InvariantCulture) == Encoding.ASCII.GetString(text)))
        {
            buffer.Header(BsonType.Double, name);
            buffer.Double(number);
            return;
        }

        if (text.IndexOfAny((byte)'e', (byte)'E') >= 0 || !DecimalBits.TryParse(text, out var bits))
        {
            throw new FormatException($"holds a number with more digits than a document can keep ({Encoding.ASCII.GetString(text)})");
        }

        buffer.Header(BsonType.Decimal128, name);
        bits.Write(buffer);
    }

    private static void AppendWhole(BsonBuffer buffer, ReadOnlySpan<byte> name, long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            buffer.Header(BsonType.Int32, name);
            buffer.Int32((int)number);
        }
        else
        {
            buffer.Header(BsonType.Int64, name);
            buffer.Int64(number);
        }
    }

    private static byte[] ToName(string name) =>
        name.Contains('\0', StringComparison.Ordinal) ? throw new FormatException("holds a name with the character NUL") : Encoding.UTF8.GetBytes(name);
}

/// <summary>The names that elements of arrays have in BSON: 0, 1, 2 ...</summary>
internal static class ArrayNames
{
    private static readonly byte[][] First = [.. Enumerable.Range(0, 256).Select(Make)];

    public static ReadOnlySpan<byte> Of(int index) => index < First.Length ? First[index] : Make(index);

    private static byte[] Make(int index) => Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture));
}
