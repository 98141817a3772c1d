using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>What values are written with: the options, and where losses are told. Safe to use from several threads.</summary>
/// <param name="Options">How to write.</param>
/// <param name="Encoder">Escapes strings.</param>
internal sealed record JsonWriteRules(WriteOptions Options, JavaScriptEncoder Encoder)
{
    private long _lost;

    /// <summary>The values that became null because JSON has no form for them.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Counts a value that JSON cannot hold, or ends the run.</summary>
    public void Lose(string path, long row, string value)
    {
        if (Options.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueLost(path, row, value, "has no JSON form");
        }

        Interlocked.Increment(ref _lost);
    }
}

/// <summary>Writes the values of one type. Has no state, so that several threads may use it.</summary>
internal abstract class JsonValueWriter
{
    /// <summary>Writes a value, or null. <paramref name="record"/> is the 1-based number of the record, for errors.</summary>
    public void Write(Utf8JsonWriter json, IArrowArray array, int row, long record)
    {
        if (array.IsNull(row))
        {
            json.WriteNullValue();
        }
        else
        {
            WriteValue(json, array, row, record);
        }
    }

    /// <summary>The writer for a type.</summary>
    public static JsonValueWriter New(DataType type, string path, JsonWriteRules rules) => type switch
    {
        StructDataType structure => new StructValueWriter(structure, path, rules),
        ListDataType list => new ListValueWriter(New(list.Item, path, rules)),
        TextType => new TextValueWriter(),
        JsonType => new RawValueWriter(path, rules),
        FloatType<double> or FloatType<float> => new ScalarValueWriter(type, path, rules, isFloat: true),
        DateType or TimestampType when rules.Options.DateTimeFormat is not null => new DateValueWriter(type, rules.Options),
        _ => new ScalarValueWriter(type, path, rules, isFloat: false),
    };

    /// <summary>Writes a value that is not null.</summary>
    protected abstract void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record);
}

/// <summary>Text is a string.</summary>
internal sealed class TextValueWriter : JsonValueWriter
{
    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record) => json.WriteStringValue(array.Bytes(row));
}

/// <summary>Dates in the user's own format are strings.</summary>
internal sealed class DateValueWriter(DataType type, WriteOptions options) : JsonValueWriter
{
    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record) =>
        json.WriteStringValue(((IFormattable)type.GetValue(array, row)).ToString(options.DateTimeFormat, options.Culture ?? CultureInfo.InvariantCulture));
}

/// <summary>Numbers and booleans stand bare with all their digits; all else is the string of its text.</summary>
internal sealed class ScalarValueWriter(DataType type, string path, JsonWriteRules rules, bool isFloat) : JsonValueWriter
{
    private const int OnStack = 256;

    private readonly bool _isBare = DataTypes.IsBareInJson(type);

    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record)
    {
        var most = type.MaxTextLength(array, row);
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[OnStack];
        type.TryFormat(array, row, buffer, out var length);
        WriteText(json, buffer[..length], record);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> text, long record)
    {
        if (isFloat && !char.IsAsciiDigit((char)text[^1]))
        {
            rules.Lose(path, record, Encoding.ASCII.GetString(text));
            json.WriteNullValue();
        }
        else if (_isBare && !(type == DataTypes.DecimalText && !NumberText.TryShape(text, out _, out _, out _)))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }
}

/// <summary>JSON stands as it is; on one line where records are lines.</summary>
internal sealed class RawValueWriter(string path, JsonWriteRules rules) : JsonValueWriter
{
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = NestedText.MaxDepth };

    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record)
    {
        var text = array.Bytes(row);
        var reader = new Utf8JsonReader(text, Depth);
        try
        {
            if (!rules.Options.Indented && text.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            {
                using var document = JsonDocument.ParseValue(ref reader);
                reader.Read();
                document.RootElement.WriteTo(json);
                return;
            }

            reader.Read();
            reader.Skip();
            reader.Read();
        }
        catch (JsonException)
        {
            // Text that merely claims to be JSON would spoil the whole file.
            rules.Lose(path, record, Encoding.UTF8.GetString(text));
            json.WriteNullValue();
            return;
        }

        json.WriteRawValue(text, skipInputValidation: true);
    }
}

/// <summary>A list is an array.</summary>
internal sealed class ListValueWriter(JsonValueWriter item) : JsonValueWriter
{
    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record)
    {
        var offsets = array.Offsets();
        var values = ((ListArray)array).Values;
        json.WriteStartArray();
        for (var i = offsets[row]; i < offsets[row + 1]; i++)
        {
            item.Write(json, values, i, record);
        }

        json.WriteEndArray();
    }
}

/// <summary>A struct is an object.</summary>
internal sealed class StructValueWriter(StructDataType type, string path, JsonWriteRules rules) : JsonValueWriter
{
    private readonly (JsonEncodedText Name, JsonValueWriter Writer)[] _members =
        [.. type.Members.Select(m => (JsonEncodedText.Encode(m.Key, rules.Encoder), New(m.Value, $"{path}.{m.Key}", rules)))];

    /// <inheritdoc/>
    protected override void WriteValue(Utf8JsonWriter json, IArrowArray array, int row, long record)
    {
        var fields = ((StructArray)array).Fields;
        json.WriteStartObject();
        for (var i = 0; i < _members.Length; i++)
        {
            json.WritePropertyName(_members[i].Name);
            _members[i].Writer.Write(json, fields[i], row, record);
        }

        json.WriteEndObject();
    }
}
